import { linesOf } from './lines.js';

/**
 * Rows of a table of numbers, by column name; an empty field is `NaN`. A damaged row – too short, too long, or with something that
 * is no number – costs only itself.
 */
export function* csvRows(file: string, onDamaged: () => void): Generator<CsvRow> {
  let columns: ReadonlyMap<string, number> | undefined;
  for (const line of linesOf(file, onDamaged)) {
    if (line === '') continue;
    const fields = line.split(',');
    if (columns === undefined) {
      columns = new Map(fields.map((name, index) => [name, index]));
      continue;
    }
    const values = fields.map((field) => (field === '' ? Number.NaN : Number(field)));
    const isWhole =
      fields.length === columns.size && fields.every((field, at) => field === '' || !isNaN(values[at] ?? 0));
    if (isWhole) yield new CsvRow(columns, values);
    else onDamaged();
  }
}

export class CsvRow {
  readonly #columns: ReadonlyMap<string, number>;
  readonly #values: readonly number[];

  constructor(columns: ReadonlyMap<string, number>, values: readonly number[]) {
    this.#columns = columns;
    this.#values = values;
  }

  /** NaN for what was not measured, and for a column that is not there. */
  get(column: string): number {
    const index = this.#columns.get(column);
    return index === undefined ? Number.NaN : (this.#values[index] ?? Number.NaN);
  }
}
