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

/** The names of the series of single rows: who looks for one by its name says so with this type, and cannot miss it. */
export type SeriesName = Row extends infer Each
  ? Each extends { readonly series: { readonly name: infer Name } }
    ? Name
    : never
  : never;
