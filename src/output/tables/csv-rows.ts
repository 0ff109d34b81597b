import { linesOf } from '../lines.js';
import type { CsvTable } from './csv-table.js';

/**
 * Reads a table's rows. A damaged row – too short, too long, or with something that is no number where one should be – costs only
 * itself. Columns are found by the names in the file's first line, so that a table of an earlier version is read as far as it goes.
 * @param onDamaged - is told of each damaged row
 */
export function* csvRows<Column extends string>(
  file: string,
  { texts }: CsvTable<Column>,
  onDamaged: () => void,
): Generator<CsvRow<Column>> {
  let columns: ReadonlyMap<string, number> | undefined;
  let textAt: ReadonlySet<number | undefined> = new Set();
  for (const line of linesOf(file, onDamaged)) {
    if (line === '') continue;
    const fields = line.split(',');
    if (columns === undefined) {
      const named = new Map(fields.map((name, index) => [name, index]));
      columns = named;
      textAt = new Set(texts.map((name) => named.get(name)));
      continue;
    }
    const values = new Float64Array(fields.length);
    let isWhole = fields.length === columns.size;
    for (let at = 0; at < fields.length; at++) {
      const field = fields[at] as string;
      const value = field === '' ? Number.NaN : Number(field);
      values[at] = value;
      if (Number.isNaN(value) && field !== '' && !textAt.has(at)) isWhole = false;
    }
    if (isWhole) yield new CsvRow(columns, values, fields);
    else onDamaged();
  }
}

export class CsvRow<Column extends string> {
  readonly #columns: ReadonlyMap<string, number>;
  readonly #values: Float64Array;
  readonly #fields: readonly string[];

  constructor(columns: ReadonlyMap<string, number>, values: Float64Array, fields: readonly string[]) {
    this.#fields = fields;
    this.#columns = columns;
    this.#values = values;
  }

  /** The text in a column; empty when the file does not have the column. */
  text(column: Column): string {
    return this.#fields[this.#columns.get(column) ?? -1] ?? '';
  }

  /** The number in a column; NaN when it was not measured, or the file does not have the column. */
  get(column: Column): number {
    const index = this.#columns.get(column);
    return index === undefined ? Number.NaN : (this.#values[index] ?? Number.NaN);
  }
}
