import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { INSTANCE_TABLE, type InstanceColumn } from '../../src/output/tables/instance-table.js';
import { collectReport } from '../../src/report/collect-report.js';
import type { ReportData, TimeSeries } from '../../src/report/report-data.js';
import { temporaryDirectory } from './temporary-directory.js';

export const GO_S = 1_800_000_000;

/** The output of a run that is written line by line; times are in seconds since GO. */
export class HandMadeRun {
  constructor(
    readonly directory: string,
    readonly durationS: number,
    instances: number,
  ) {
    mkdirSync(directory, { recursive: true });
    const row = { state: 'stopped', failures: 0, commands: { done: 0, failed: 0 } };
    const record = {
      experimentName: 'by hand',
      outcome: 'succeeded',
      seed: '1',
      startedAt: new Date(GO_S * 1000 - 500).toISOString(),
      goAt: new Date(GO_S * 1000).toISOString(),
      experimentMs: durationS * 1000,
      machine: { cores: 2 },
      instances: Array.from({ length: instances }, (_, index) => ({ id: index + 1, port: 12_001 + index, ...row })),
    };
    writeFileSync(join(directory, 'run.json'), JSON.stringify(record));
    for (let id = 1; id <= instances; id++) mkdirSync(join(directory, String(id)), { recursive: true });
    writeFileSync(join(directory, 'resources.csv'), `${INSTANCE_TABLE.columns.join(',')}\n`);
  }

  /** A line of an instance's `statistics.log`. */
  log(id: number, timeS: number, key: string, value: unknown): void {
    this.append(`${id}/statistics.log`, `${(GO_S + timeS).toFixed(3)} ${id} ${key} ${JSON.stringify(value)}`);
  }

  /** A line of `metrics.log`. */
  metrics(id: number, timeS: number, values: unknown): void {
    this.append('metrics.log', `${(GO_S + timeS).toFixed(3)} ${id} metrics ${JSON.stringify(values)}`);
  }

  /** A row of `resources.csv`, of which the columns that are not given are empty. */
  resources(id: number, timeS: number, values: Partial<Record<InstanceColumn, number>>): void {
    const row = { time: (GO_S + timeS).toFixed(6), instance: id, ...values };
    this.append('resources.csv', INSTANCE_TABLE.columns.map((column) => row[column] ?? '').join(','));
  }

  /** Gives the record other fields. */
  change(fields: object): void {
    const file = join(this.directory, 'run.json');
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), ...fields }));
  }

  append(name: string, line: string): void {
    appendFileSync(join(this.directory, name), `${line}\n`);
  }

  report(): ReportData {
    return collectReport(this.directory);
  }

  /** The values of a series' line in the order of its steps. */
  values(series: string, line = '1'): readonly number[] {
    return valuesOf(
      this.report().series.find(({ name }) => name === series),
      line,
    );
  }
}

export function valuesOf(series: TimeSeries | undefined, line = '1'): readonly number[] {
  const found = series?.lines.find(({ name }) => name === line);
  if (found === undefined) throw new Error(`there is no line ${line} of ${series?.name ?? 'that series'}`);
  return Array.from(found.values, (value) => Number(value.toPrecision(6)));
}

export async function handMadeRun(t: ExecutionContext, durationS: number, instances = 1): Promise<HandMadeRun> {
  return new HandMadeRun(join(await temporaryDirectory(t), 'output'), durationS, instances);
}
