import type { MESSAGE_COUNTS } from './overlay-entries.js';
import type { COMMAND_MEASURES } from './tables/command-table.js';
import type { INSTANCE_MEASURES } from './tables/instance-table.js';
import type { PROCESS_MEASURES } from './tables/process-table.js';
import type { THREAD_MEASURES } from './tables/thread-table.js';

type Row =
  | (typeof THREAD_MEASURES)[number]
  | (typeof INSTANCE_MEASURES)[number]
  | (typeof PROCESS_MEASURES)[number]
  | (typeof COMMAND_MEASURES)[number]
  | (typeof MESSAGE_COUNTS)[number];

/**
 * The names of the series of single rows: code that looks for a series by its name uses this type, so that a name that
 * does not exist does not compile.
 */
export type SeriesName = Row extends infer Each
  ? Each extends { readonly series: { readonly name: infer Name } }
    ? Name
    : never
  : never;
