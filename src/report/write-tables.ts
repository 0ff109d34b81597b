import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPORT_TABLES, SERIES_TABLES } from '../output/report-files.js';
import { orWriteFailed, withOutputFile } from '../output/write-output-file.js';
import type { ReportData, TimeSeries } from './report-data.js';

/** Rows are gathered to pieces of this many characters. */
const PIECE_LENGTH = 1 << 18;

/**
 * Writes every time series as two tables: `NAME.csv`, wide, with a column for each line and a row for each moment, as Gumby's scripts
 * made them; and `NAME.tidy.csv`, long, a row for each value. Besides, `annotations.csv`, `events.csv` and `peer_types.csv`.
 * @throws GumbyError OUTPUT_WRITE_FAILED
 */
export function writeTables(directory: string, { series, annotations, instances, instanceEvents }: ReportData): void {
  orWriteFailed(directory, () => mkdirSync(directory, { recursive: true }));
  const write = (name: string, rows: Iterable<string>) => writeRows(join(directory, name), rows);
  for (const each of series) {
    write(`${each.name}${SERIES_TABLES.wide.suffix}`, wideRows(each));
    write(`${each.name}${SERIES_TABLES.tidy.suffix}`, tidyRows(each));
  }
  write(`${REPORT_TABLES.annotations.stem}.csv`, annotationRows(annotations));
  write(`${REPORT_TABLES.events.stem}.csv`, eventRows(instanceEvents));
  write(`${REPORT_TABLES.types.stem}.csv`, typeRows(instances));
}

function* annotationRows(annotations: ReportData['annotations']): Generator<string> {
  yield REPORT_TABLES.annotations.columns.join();
  for (const { timeS, text } of annotations) yield `${timeS},${quoted(text)}`;
}

function* typeRows(instances: ReportData['instances']): Generator<string> {
  yield REPORT_TABLES.types.columns.join();
  for (const { id, type } of instances) if (type !== undefined) yield `${id},${quoted(type)}`;
}

function* eventRows(events: ReportData['instanceEvents']): Generator<string> {
  yield REPORT_TABLES.events.columns.join();
  for (const { timeS, instance, name, detail } of events)
    yield `${timeS},${instance},${quoted(name)},${quoted(detail)}`;
}

function* wideRows({ timesS, lines }: TimeSeries): Generator<string> {
  yield [...SERIES_TABLES.wide.columns, ...lines.map(({ name }) => quoted(name))].join(',');
  for (let index = 0; index < timesS.length; index++) {
    let row = String(timesS[index]);
    for (const { values } of lines) row += `,${formatted(values[index])}`;
    yield row;
  }
}

function* tidyRows({ timesS, lines }: TimeSeries): Generator<string> {
  yield SERIES_TABLES.tidy.columns.join();
  for (const { name, type = '', values } of lines) {
    const of = `${quoted(name)},${quoted(type)}`;
    for (let index = 0; index < timesS.length; index++)
      if (!Number.isNaN(values[index])) yield `${timesS[index] as number},${of},${formatted(values[index])}`;
  }
}

function writeRows(file: string, rows: Iterable<string>): void {
  withOutputFile(file, (descriptor) => {
    let piece = '';
    for (const row of rows) {
      piece += `${row}\n`;
      if (piece.length < PIECE_LENGTH) continue;
      writeFileSync(descriptor, piece);
      piece = '';
    }
    writeFileSync(descriptor, piece);
  });
}

/**
 * Writes a number to six significant digits, which are more than anything here is measured with. Numbers of a usual size
 * are rounded by arithmetic, which takes a quarter of the time of `toPrecision`: a large report has millions of them.
 */
function formatted(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '';
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  if (!(size >= 1e-6 && size < 1e6)) return String(Number(value.toPrecision(6)));
  let scale = 1e5;
  for (let most = 10; size >= most; most *= 10) scale /= 10;
  for (let least = 1; size < least; least /= 10) scale *= 10;
  return String(Math.round(value * scale) / scale);
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
