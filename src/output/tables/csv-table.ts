/** A table that a run writes as it goes: what its file is called and which columns it has, for who writes it and who reads it. */
export interface CsvTable<Column extends string> {
  readonly file: string;
  /** In the order in which they stand in the file. */
  readonly columns: readonly Column[];
  /** Columns that hold texts; all others hold numbers. */
  readonly texts: readonly Column[];
}

/** A value of a row; what was not measured is absent, and stays empty in the file. */
export type CsvValue = string | number | undefined;

/** A row before it is written: of every column it has to be said whether it was measured. */
export type CsvRecord<Column extends string> = Readonly<Record<Column, CsvValue>>;

export type ColumnOf<Table> = Table extends CsvTable<infer Column> ? Column : never;

export function csvTable<const Column extends string>(
  file: string,
  columns: readonly Column[],
  texts: readonly NoInfer<Column>[] = [],
): CsvTable<Column> {
  return { file, columns, texts };
}
