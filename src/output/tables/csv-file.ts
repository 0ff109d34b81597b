import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { orWriteFailed, writeOutputFile } from '../write-output-file.js';
import type { CsvRecord, CsvTable, CsvValue } from './csv-table.js';

/** A table that grows; rows are written at once, so that a crash loses none. Texts in it hold neither commas nor quotes. */
export class CsvFile<Column extends string> {
  readonly #file: string;
  readonly #columns: readonly Column[];

  /** @throws GumbyError OUTPUT_WRITE_FAILED */
  constructor(directory: string, { file, columns }: CsvTable<Column>) {
    this.#file = join(directory, file);
    this.#columns = columns;
    writeOutputFile(this.#file, `${columns.join(',')}\n`);
  }

  /** @throws GumbyError OUTPUT_WRITE_FAILED */
  append(rows: readonly CsvRecord<Column>[]): void {
    if (rows.length === 0) return;
    const lines = rows.map((row) => `${this.#columns.map((column) => format(row[column])).join(',')}\n`);
    orWriteFailed(this.#file, () => appendFileSync(this.#file, lines.join('')));
  }
}

function format(value: CsvValue): string {
  if (value === undefined) return '';
  return typeof value === 'string' || Number.isInteger(value) ? String(value) : String(Math.round(value * 1e6) / 1e6);
}
