import type { SeriesShape } from '../series-shape.js';

/** One measured value: its column, and the series that is drawn of this column alone. */
export interface Measure {
  readonly column: string;
  /** @default nothing is drawn of this column alone */
  readonly series?: SeriesShape;
  /** The name of the line, where several columns are lines of one series. @default the row says whose line it is */
  readonly line?: string;
}

/** A series that is drawn from columns of a table: the sum of the columns, each times its weight. */
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
