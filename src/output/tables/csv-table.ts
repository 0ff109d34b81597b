/** A table that a run writes as it goes: the name of its file and its columns, for its writer and its reader. */
export interface CsvTable<Column extends string> {
  readonly file: string;
  /** In the order in which they stand in the file. */
  readonly columns: readonly Column[];
  /** Columns that hold texts; all others hold numbers. */
  readonly texts: readonly Column[];
}

/** A value of a row; a value that was not measured is undefined here and empty in the file. */
export type CsvValue = string | number | undefined;

/** A row before it is written: every column has to be there, with undefined where nothing was measured. */
export type CsvRecord<Column extends string> = Readonly<Record<Column, CsvValue>>;

export type ColumnOf<Table> = Table extends CsvTable<infer Column> ? Column : never;

export function csvTable<const Column extends string>(
  file: string,
  columns: readonly Column[],
  texts: readonly NoInfer<Column>[] = [],
): CsvTable<Column> {
  return { file, columns, texts };
}
