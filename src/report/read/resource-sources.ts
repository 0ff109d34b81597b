import type { SeriesShape } from '../../output/series-shape.js';
import { COMMAND_SERIES as COMMANDS } from '../../output/tables/command-table.js';
import { INSTANCE_SERIES as INSTANCES } from '../../output/tables/instance-table.js';
import type { ColumnSeries } from '../../output/tables/measure.js';
import { PROCESS_SERIES as PROCESS } from '../../output/tables/process-table.js';
import { SHARED_THREAD_SERIES as THREADS } from '../../output/tables/thread-table.js';
import { ourName } from '../naming/wanted-name.js';
import type { SeriesDescription } from '../series-collection.js';

/** What is drawn of a table that a run wrote as it went, with a name that is ours. */
export type Source<Series extends ColumnSeries = ColumnSeries> = Omit<Series, 'name'> & SeriesDescription;

export const INSTANCE_SERIES = INSTANCES.map(ours);
export const THREAD_SERIES = THREADS.map(ours);
export const PROCESS_SERIES = PROCESS.map(ours);
export const COMMAND_SERIES = COMMANDS.map(ours);

function ours<Shape extends SeriesShape>(shape: Shape): Omit<Shape, 'name'> & SeriesDescription {
  return { ...shape, name: ourName(shape.name) };
}
