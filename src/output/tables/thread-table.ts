import { csvTable } from './csv-table.js';
import { type ColumnSeries, columnsOf, type Measure, seriesOf } from './measure.js';

const RESOURCES = { group: 'Resources' } as const;

/**
 * The values that are measured of a thread. Where each instance has a thread for itself, they are columns of the
 * instance's rows in `resources.csv`; where several share a thread, the values belong to no single instance, and stand
 * in `threads.csv`.
 */
export const THREAD_MEASURES = [
  {
    column: 'user_s',
    series: {
      name: 'cpu-user',
      title: 'Processor time in user mode',
      unit: '% of a core',
      kind: 'rate',
      factor: 100,
      ...RESOURCES,
    },
  },
  {
    column: 'system_s',
    series: {
      name: 'cpu-system',
      title: 'Processor time in system mode',
      unit: '% of a core',
      kind: 'rate',
      factor: 100,
      ...RESOURCES,
    },
  },
  { column: 'voluntary_switches' },
  { column: 'involuntary_switches' },
  {
    column: 'heap_bytes',
    series: { name: 'heap', title: 'JavaScript heap', unit: 'MB', kind: 'value', factor: 1e-6, ...RESOURCES },
  },
  {
    column: 'external_bytes',
    series: {
      name: 'external-memory',
      title: 'Memory outside the JavaScript heap',
      unit: 'MB',
      kind: 'value',
      factor: 1e-6,
      ...RESOURCES,
    },
  },
  {
    column: 'gc_s',
    series: { name: 'gc', title: 'Time in garbage collection', unit: '%', kind: 'rate', factor: 100, ...RESOURCES },
  },
  {
    column: 'loop_utilization',
    series: {
      name: 'loop-utilization',
      title: 'Event loop utilization',
      unit: '%',
      kind: 'share',
      factor: 100,
      ...RESOURCES,
    },
  },
  {
    column: 'loop_silence_ms',
    series: {
      name: 'loop-delay',
      title: 'Longest time for which the event loop stood still',
      unit: 'ms',
      kind: 'peak',
      group: 'Validity',
    },
  },
] as const satisfies readonly Measure[];

export type ThreadColumn = (typeof THREAD_MEASURES)[number]['column'];

/** The series of a thread, or of an instance that has a thread for itself. */
export const THREAD_SERIES: readonly ColumnSeries<ThreadColumn>[] = [
  {
    ...{ name: 'cpu', title: 'Processor time', unit: '% of a core', kind: 'rate', factor: 100, ...RESOURCES },
    columns: [
      ['user_s', 1],
      ['system_s', 1],
    ],
  },
  {
    ...{ name: 'context-switches', title: 'Context switches', unit: '1/s', kind: 'rate', ...RESOURCES },
    columns: [
      ['voluntary_switches', 1],
      ['involuntary_switches', 1],
    ],
  },
  ...seriesOf(THREAD_MEASURES),
];

/** The same series for threads that several instances share: a line for each thread. */
export const SHARED_THREAD_SERIES: readonly ColumnSeries<ThreadColumn>[] = THREAD_SERIES.map((series) => ({
  ...series,
  name: `thread-${series.name}`,
  title: `${series.title}, by thread`,
  group: 'Threads',
  description: 'Of a thread with all instances that live in it; the table of instances says which do',
}));

/** The table is written when instances share threads; `instances` are the ids that live in the thread, as `formatIdRanges` writes them. */
export const THREAD_TABLE = csvTable(
  'threads.csv',
  ['time', 'thread', 'instances', ...columnsOf(THREAD_MEASURES)],
  ['instances'],
);

/** The name of a thread's line. */
export function threadName(thread: number): string {
  return `thread ${thread}`;
}
