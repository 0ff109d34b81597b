import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord } from './read/run-record.js';
import type { InstanceRow, Line, TimeSeries } from './report-data.js';

/** What a row shows of a series. */
interface Column {
  readonly heading: string;
  readonly series: RegExp;
  readonly of: 'mean' | 'last' | 'max' | 'total';
  readonly decimals: number;
}

const COLUMNS: readonly Column[] = [
  { heading: 'CPU (% of a core)', series: /^cpu$/, of: 'mean', decimals: 1 },
  { heading: 'heap (MB)', series: /^heap$/, of: 'last', decimals: 1 },
  { heading: 'latest timer (ms)', series: /^timer-lateness$/, of: 'max', decimals: 1 },
  { heading: 'sent (kB)', series: /^traffic-up$/, of: 'total', decimals: 1 },
  { heading: 'received (kB)', series: /^traffic-down$/, of: 'total', decimals: 1 },
  { heading: 'candidates', series: /-candidates$/, of: 'last', decimals: 0 },
];

/** A row for each instance of the run, with what the series say of it. */
export function instanceRowsOf(
  outputDir: string,
  record: RunRecord,
  types: ReadonlyMap<number, string>,
  series: readonly TimeSeries[],
): readonly InstanceRow[] {
  const columns = COLUMNS.flatMap((column) => {
    const found = series.find(({ name }) => column.series.test(name));
    if (found === undefined) return [];
    return [{ ...column, found, lines: new Map(found.lines.map((line) => [line.instance, line])) }];
  });
  return (record.instances ?? []).map(({ id, state, port, failures, commands }) => {
    const type = types.get(id);
    const values = columns.flatMap(({ heading, of, decimals, found, lines }) => {
      const line = lines.get(id);
      const value = line === undefined ? undefined : valueOf(line, of, stepOf(found));
      return value === undefined ? [] : [[heading, Number(value.toFixed(decimals))] as const];
    });
    return {
      id,
      state,
      failures,
      commandsDone: commands.done,
      commandsFailed: commands.failed,
      values: Object.fromEntries(values),
      files: filesOf(id).filter((file) => existsSync(join(outputDir, file))),
      ...(type === undefined ? {} : { type }),
      ...(port === undefined ? {} : { port }),
    };
  });
}

function filesOf(id: number): readonly string[] {
  const number = String(id).padStart(5, '0');
  return [`${number}.out`, `${number}.err`, `${id}/statistics.log`];
}

function valueOf({ values }: Line, of: Column['of'], stepS: number): number | undefined {
  const known = Array.from(values).filter((value) => !Number.isNaN(value));
  if (known.length === 0) return undefined;
  const sum = known.reduce((total, value) => total + value, 0);
  switch (of) {
    case 'mean':
      return sum / known.length;
    case 'last':
      return known.at(-1);
    case 'max':
      return known.reduce((most, value) => Math.max(most, value));
    case 'total':
      return sum * stepS;
  }
}

function stepOf({ timesS }: TimeSeries): number {
  return timesS.length > 1 ? (timesS[1] as number) - (timesS[0] as number) : 1;
}
