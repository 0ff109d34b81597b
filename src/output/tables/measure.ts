import type { SeriesShape } from '../series-shape.js';

/** One thing that is measured: its column, and what is drawn of it alone. */
export interface Measure {
  readonly column: string;
  /** @default nothing is drawn of this column alone */
  readonly series?: SeriesShape;
  /** Of several columns that are lines of one series: what this line is called. @default the row says whose line it is */
  readonly line?: string;
}

/** What is drawn of columns of a table: the sum of each times its weight. */
export interface ColumnSeries<Column extends string = string> extends SeriesShape {
  readonly columns: readonly (readonly [column: Column, weight: number])[];
  readonly line?: string;
}

type ColumnOf<Measures extends readonly Measure[]> = Measures[number]['column'];

export function columnsOf<const Measures extends readonly Measure[]>(
  measures: Measures,
): readonly ColumnOf<Measures>[] {
  return measures.map(({ column }) => column);
}

/** The series of columns that are drawn by themselves. */
export function seriesOf<const Measures extends readonly Measure[]>(
  measures: Measures,
): readonly ColumnSeries<ColumnOf<Measures>>[] {
  return measures.flatMap(({ column, series, line }: Measure) =>
    series === undefined
      ? []
      : [{ ...series, columns: [[column, 1]] as const, ...(line === undefined ? {} : { line }) }],
  );
}
