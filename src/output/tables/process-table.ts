import { csvTable } from './csv-table.js';
import { type ColumnSeries, columnsOf, type Measure, seriesOf } from './measure.js';

const CPU = {
  name: 'process-cpu',
  title: 'Processor time of the process',
  unit: '% of a core',
  kind: 'rate',
  factor: 100,
  group: 'Process',
} as const;
const DISK = { name: 'disk', title: 'Storage', unit: 'kB/s', kind: 'rate', factor: 1e-3, group: 'Process' } as const;

/**
 * The values that are measured of the process as a whole; `monitor_s` is the time that measuring has taken,
 * `datagrams_…` count those of instances and trackers.
 */
export const PROCESS_MEASURES = [
  { column: 'user_s', line: 'user', series: CPU },
  { column: 'system_s', line: 'system', series: CPU },
  {
    column: 'rss_bytes',
    line: 'resident',
    series: {
      name: 'process-memory',
      title: 'Memory of the process',
      unit: 'MB',
      kind: 'value',
      factor: 1e-6,
      group: 'Process',
    },
  },
  {
    column: 'file_descriptors',
    line: 'file descriptors',
    series: { name: 'process-files', title: 'Open file descriptors', unit: '', kind: 'value', group: 'Process' },
  },
  {
    column: 'threads',
    line: 'threads',
    series: { name: 'process-threads', title: 'Threads', unit: '', kind: 'value', group: 'Process' },
  },
  { column: 'read_bytes', line: 'read', series: DISK },
  { column: 'write_bytes', line: 'write', series: DISK },
  { column: 'main_gc_s' },
  { column: 'main_loop_delay_ms' },
  { column: 'monitor_s' },
  { column: 'datagrams_up' },
  { column: 'datagrams_down' },
] as const satisfies readonly Measure[];

export const PROCESS_TABLE = csvTable('process.csv', ['time', ...columnsOf(PROCESS_MEASURES)]);

export type ProcessColumn = (typeof PROCESS_TABLE)['columns'][number];

export const PROCESS_SERIES: readonly (ColumnSeries<ProcessColumn> & { readonly line: string })[] = [
  ...seriesOf(PROCESS_MEASURES).flatMap((series) =>
    series.line === undefined ? [] : [{ ...series, line: series.line }],
  ),
  {
    name: 'datagrams-missing',
    line: 'datagrams',
    title: 'Datagrams sent and not received, so far',
    unit: '',
    group: 'Traffic',
    kind: 'value',
    description: 'By instances and trackers together: on their way, dropped, or for who is not there',
    columns: [
      ['datagrams_up', 1],
      ['datagrams_down', -1],
    ],
  },
];
