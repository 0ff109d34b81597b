import { csvTable } from './csv-table.js';
import { type ColumnSeries, columnsOf, type Measure, seriesOf } from './measure.js';
import { THREAD_MEASURES, THREAD_SERIES } from './thread-table.js';

/**
 * The values that are measured of an instance itself, wherever it lives. To measure something more takes a row here and
 * a value in `InstanceMonitor`.
 */
export const INSTANCE_MEASURES = [
  {
    column: 'timer_lateness_ms',
    series: { name: 'timer-lateness', title: 'Latest timer', unit: 'ms', kind: 'peak', group: 'Validity' },
  },
  {
    column: 'datagrams_up',
    series: { name: 'datagrams-up', title: 'Datagrams sent', unit: '1/s', kind: 'rate', group: 'Traffic' },
  },
  {
    column: 'datagrams_down',
    series: { name: 'datagrams-down', title: 'Datagrams received', unit: '1/s', kind: 'rate', group: 'Traffic' },
  },
  {
    column: 'bytes_up',
    series: { name: 'traffic-up', title: 'Bytes sent', unit: 'kB/s', kind: 'rate', factor: 1e-3, group: 'Traffic' },
  },
  {
    column: 'bytes_down',
    series: {
      name: 'traffic-down',
      title: 'Bytes received',
      unit: 'kB/s',
      kind: 'rate',
      factor: 1e-3,
      group: 'Traffic',
    },
  },
  { column: 'send_queue' },
  {
    column: 'send_errors',
    series: {
      name: 'send-errors',
      title: 'Datagrams refused by the system',
      unit: '1/s',
      kind: 'rate',
      group: 'Validity',
    },
  },
  {
    column: 'receive_drops',
    series: {
      name: 'receive-drops',
      title: 'Datagrams dropped by full receive buffers',
      unit: '1/s',
      kind: 'rate',
      group: 'Validity',
    },
  },
] as const satisfies readonly Measure[];

export const INSTANCE_TABLE = csvTable('resources.csv', [
  'time',
  'instance',
  ...columnsOf(THREAD_MEASURES),
  ...columnsOf(INSTANCE_MEASURES),
]);

export type InstanceColumn = (typeof INSTANCE_TABLE)['columns'][number];

export const INSTANCE_SERIES: readonly ColumnSeries<InstanceColumn>[] = [
  ...THREAD_SERIES,
  ...seriesOf(INSTANCE_MEASURES),
];
