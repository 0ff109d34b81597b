import type { SeriesShape } from '../../output/series-shape.js';
import { COMMAND_SERIES } from '../../output/tables/command-table.js';
import { INSTANCE_SERIES } from '../../output/tables/instance-table.js';
import type { ColumnSeries } from '../../output/tables/measure.js';
import { PROCESS_SERIES } from '../../output/tables/process-table.js';
import { SHARED_THREAD_SERIES } from '../../output/tables/thread-table.js';
import { ourName } from '../naming/wanted-name.js';
import type { SeriesDescription } from '../series-collection.js';

/** A series of a table that a run wrote as it went, with a name that is ours. */
export type Source<Series extends ColumnSeries = ColumnSeries> = Omit<Series, 'name'> & SeriesDescription;

export const INSTANCE_SOURCES = INSTANCE_SERIES.map(ours);
export const THREAD_SOURCES = SHARED_THREAD_SERIES.map(ours);
export const PROCESS_SOURCES = PROCESS_SERIES.map(ours);
export const COMMAND_SOURCES = COMMAND_SERIES.map(ours);

function ours<Shape extends SeriesShape>(shape: Shape): Omit<Shape, 'name'> & SeriesDescription {
  return { ...shape, name: ourName(shape.name) };
}
