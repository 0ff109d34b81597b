import { filesToRead } from '../output/instance-files.js';
import type { RunRecord } from '../output/record/run-record.js';
import type { InstanceRow, Line, TimeSeries } from './report-data.js';

/** A column of the table: the value that a row shows of a series. */
interface Column {
  readonly heading: string;
  readonly group: string;
  readonly series: RegExp;
  readonly of: 'mean' | 'last' | 'max' | 'total';
  readonly decimals: number;
}

const COLUMNS: readonly Column[] = [
  { heading: 'CPU (% of a core)', group: 'Resources', series: /^cpu$/, of: 'mean', decimals: 1 },
  { heading: 'heap (MB)', group: 'Resources', series: /^heap$/, of: 'last', decimals: 1 },
  { heading: 'latest timer (ms)', group: 'Validity', series: /^timer-lateness$/, of: 'max', decimals: 1 },
  { heading: 'sent (kB)', group: 'Traffic', series: /^traffic-up$/, of: 'total', decimals: 1 },
  { heading: 'received (kB)', group: 'Traffic', series: /^traffic-down$/, of: 'total', decimals: 1 },
  { heading: 'candidates', group: 'Connections', series: /-candidates$/, of: 'last', decimals: 0 },
];

/**
 * A row for each instance of the run, with the values that the series have for it.
 * @param threads - the thread of each instance that shares one
 */
export function instanceRowsOf(
  outputDir: string,
  record: RunRecord,
  { types, threads }: { readonly types: ReadonlyMap<number, string>; readonly threads: ReadonlyMap<number, number> },
  series: readonly TimeSeries[],
): readonly InstanceRow[] {
  const columns = COLUMNS.flatMap((column) => {
    const found = series.find(({ name, group }) => group === column.group && column.series.test(name));
    if (found === undefined) return [];
    return [{ ...column, lines: new Map(found.lines.map((line) => [line.instance, line])) }];
  });
  return (record.instances ?? []).map(({ id, state, port, failures, commands }) => {
    const type = types.get(id);
    const thread = threads.get(id);
    const values = columns.flatMap(({ heading, of, decimals, lines }) => {
      const line = lines.get(id);
      const value = line === undefined ? undefined : valueOf(line, of);
      return value === undefined ? [] : [[heading, Number(value.toFixed(decimals))] as const];
    });
    return {
      id,
      ...(state === undefined ? {} : { state }),
      ...(failures === undefined ? {} : { failures }),
      ...(commands === undefined ? {} : { commandsDone: commands.done, commandsFailed: commands.failed }),
      values: Object.fromEntries(values),
      files: filesToRead(outputDir, id),
      ...(type === undefined ? {} : { type }),
      ...(port === undefined ? {} : { port }),
      ...(thread === undefined ? {} : { thread }),
    };
  });
}

function valueOf({ values, total }: Line, of: Column['of']): number | undefined {
  const known = Array.from(values).filter((value) => !Number.isNaN(value));
  if (known.length === 0) return undefined;
  switch (of) {
    case 'mean':
      return known.reduce((sum, value) => sum + value, 0) / known.length;
    case 'last':
      return known.at(-1);
    case 'max':
      return known.reduce((most, value) => Math.max(most, value));
    case 'total':
      return total;
  }
}
