import { appendFileSync, writeFileSync } from 'node:fs';
import { GumbyError, toError } from '../runtime/errors.js';

/** A value of a row; what is absent stays empty. */
export type CsvValue = string | number | undefined;

/** A table that grows; rows are written through, so that a crash loses none. Its values hold neither commas nor quotes. */
export class CsvFile {
  readonly #file: string;

  /** @throws GumbyError OUTPUT_WRITE_FAILED */
  constructor(file: string, columns: readonly string[]) {
    this.#file = file;
    guarded(file, () => writeFileSync(file, `${columns.join(',')}\n`));
  }

  /** @throws GumbyError OUTPUT_WRITE_FAILED */
  append(rows: readonly (readonly CsvValue[])[]): void {
    if (rows.length === 0) return;
    guarded(this.#file, () => appendFileSync(this.#file, rows.map((row) => `${row.map(format).join(',')}\n`).join('')));
  }
}

function format(value: CsvValue): string {
  if (value === undefined) return '';
  return typeof value === 'string' || Number.isInteger(value) ? String(value) : String(Math.round(value * 1e6) / 1e6);
}

function guarded(file: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    throw new GumbyError('OUTPUT_WRITE_FAILED', `cannot write ${file}: ${toError(cause).message}`, {
      context: { file },
      cause,
    });
  }
}
