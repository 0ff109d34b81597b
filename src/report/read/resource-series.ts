import type { SeriesCollection, SeriesDescription } from '../series-collection.js';
import { type CsvRow, csvRows } from './csv-rows.js';
import type { TimeGrid } from './time-grid.js';

/** A column, or the sum of several, of `resources.csv` or `process.csv`. */
interface Source extends SeriesDescription {
  readonly columns: readonly string[];
}

const INSTANCE_SERIES: readonly Source[] = [
  {
    name: 'cpu',
    title: 'Processor time',
    unit: '% of a core',
    group: 'Resources',
    kind: 'rate',
    factor: 100,
    columns: ['user_s', 'system_s'],
  },
  {
    name: 'cpu-user',
    title: 'Processor time in user mode',
    unit: '% of a core',
    group: 'Resources',
    kind: 'rate',
    factor: 100,
    columns: ['user_s'],
  },
  {
    name: 'cpu-system',
    title: 'Processor time in system mode',
    unit: '% of a core',
    group: 'Resources',
    kind: 'rate',
    factor: 100,
    columns: ['system_s'],
  },
  {
    name: 'heap',
    title: 'JavaScript heap',
    unit: 'MB',
    group: 'Resources',
    kind: 'value',
    factor: 1e-6,
    columns: ['heap_bytes'],
  },
  {
    name: 'external-memory',
    title: 'Memory outside the JavaScript heap',
    unit: 'MB',
    group: 'Resources',
    kind: 'value',
    factor: 1e-6,
    columns: ['external_bytes'],
  },
  {
    name: 'loop-utilization',
    title: 'Event loop utilization',
    unit: '%',
    group: 'Resources',
    kind: 'value',
    factor: 100,
    columns: ['loop_utilization'],
  },
  {
    name: 'context-switches',
    title: 'Context switches',
    unit: '1/s',
    group: 'Resources',
    kind: 'rate',
    columns: ['voluntary_switches', 'involuntary_switches'],
  },
  {
    name: 'timer-lateness',
    title: 'Latest timer',
    unit: 'ms',
    group: 'Validity',
    kind: 'value',
    columns: ['timer_lateness_ms'],
  },
  {
    name: 'receive-drops',
    title: 'Datagrams dropped by full receive buffers',
    unit: '1/s',
    group: 'Validity',
    kind: 'rate',
    columns: ['receive_drops'],
  },
  {
    name: 'send-errors',
    title: 'Datagrams refused by the system',
    unit: '1/s',
    group: 'Validity',
    kind: 'rate',
    columns: ['send_errors'],
  },
  {
    name: 'traffic-up',
    title: 'Bytes sent',
    unit: 'kB/s',
    group: 'Traffic',
    kind: 'rate',
    factor: 1e-3,
    columns: ['bytes_up'],
  },
  {
    name: 'traffic-down',
    title: 'Bytes received',
    unit: 'kB/s',
    group: 'Traffic',
    kind: 'rate',
    factor: 1e-3,
    columns: ['bytes_down'],
  },
  {
    name: 'datagrams-up',
    title: 'Datagrams sent',
    unit: '1/s',
    group: 'Traffic',
    kind: 'rate',
    columns: ['datagrams_up'],
  },
  {
    name: 'datagrams-down',
    title: 'Datagrams received',
    unit: '1/s',
    group: 'Traffic',
    kind: 'rate',
    columns: ['datagrams_down'],
  },
];

const PROCESS_SERIES: readonly (Source & { readonly line: string })[] = [
  {
    name: 'process-cpu',
    line: 'user',
    title: 'Processor time of the process',
    unit: '% of a core',
    group: 'Process',
    kind: 'rate',
    factor: 100,
    columns: ['user_s'],
  },
  {
    name: 'process-cpu',
    line: 'system',
    title: 'Processor time of the process',
    unit: '% of a core',
    group: 'Process',
    kind: 'rate',
    factor: 100,
    columns: ['system_s'],
  },
  {
    name: 'process-memory',
    line: 'resident',
    title: 'Memory of the process',
    unit: 'MB',
    group: 'Process',
    kind: 'value',
    factor: 1e-6,
    columns: ['rss_bytes'],
  },
  {
    name: 'disk',
    line: 'read',
    title: 'Storage',
    unit: 'kB/s',
    group: 'Process',
    kind: 'rate',
    factor: 1e-3,
    columns: ['read_bytes'],
  },
  {
    name: 'disk',
    line: 'write',
    title: 'Storage',
    unit: 'kB/s',
    group: 'Process',
    kind: 'rate',
    factor: 1e-3,
    columns: ['write_bytes'],
  },
  {
    name: 'process-threads',
    line: 'threads',
    title: 'Threads',
    unit: '',
    group: 'Process',
    kind: 'value',
    columns: ['threads'],
  },
  {
    name: 'process-files',
    line: 'file descriptors',
    title: 'Open file descriptors',
    unit: '',
    group: 'Process',
    kind: 'value',
    columns: ['file_descriptors'],
  },
];

const COMMAND_SERIES: readonly Source[] = [
  {
    name: 'commands-cpu',
    title: 'Processor time of external commands',
    unit: '% of a core',
    group: 'External commands',
    kind: 'rate',
    factor: 100,
    columns: ['user_s', 'system_s'],
  },
  {
    name: 'commands-memory',
    title: 'Memory of external commands',
    unit: 'MB',
    group: 'External commands',
    kind: 'value',
    factor: 1e-6,
    columns: ['rss_bytes'],
  },
  {
    name: 'commands-processes',
    title: 'Processes of external commands',
    unit: '',
    group: 'External commands',
    kind: 'value',
    columns: ['processes'],
  },
  {
    name: 'commands-read',
    title: 'Read from storage by external commands',
    unit: 'kB/s',
    group: 'External commands',
    kind: 'rate',
    factor: 1e-3,
    columns: ['read_bytes'],
  },
  {
    name: 'commands-write',
    title: 'Written to storage by external commands',
    unit: 'kB/s',
    group: 'External commands',
    kind: 'rate',
    factor: 1e-3,
    columns: ['write_bytes'],
  },
];

/** What left and has not arrived: on its way, dropped, or for who is not there. */
const MISSING: SeriesDescription = {
  name: 'datagrams-missing',
  title: 'Datagrams sent and not received, so far',
  unit: '',
  group: 'Traffic',
  kind: 'value',
  description: 'By instances and trackers together: on their way, dropped, or for who is not there',
};

/** Where the rows of a file go. */
export interface ResourceTarget {
  readonly collection: SeriesCollection;
  readonly grid: TimeGrid;
  /** GO, in Unix time. */
  readonly goS: number;
  readonly onDamaged: () => void;
}

/** Reads `resources.csv`. */
export function readInstanceResources(file: string, target: ResourceTarget): void {
  for (const row of csvRows(file, target.onDamaged)) {
    const instance = row.get('instance');
    if (Number.isNaN(instance)) {
      target.onDamaged();
      continue;
    }
    target.collection.seen(instance, row.get('time') - target.goS);
    for (const source of INSTANCE_SERIES) put(target, source, { name: String(instance), instance }, row);
  }
}

/** Reads `process.csv`. */
export function readProcessResources(file: string, target: ResourceTarget): void {
  for (const row of csvRows(file, target.onDamaged)) {
    for (const source of PROCESS_SERIES) put(target, source, { name: source.line }, row);
    const missing = row.get('datagrams_up') - row.get('datagrams_down');
    const index = target.grid.indexOf(row.get('time') - target.goS);
    if (!Number.isNaN(missing)) target.collection.put(target.grid, MISSING, { name: 'datagrams' }, index, missing);
  }
}

/** Reads `commands.csv`: the process trees of external commands, a line for each command. */
export function readCommandResources(file: string, target: ResourceTarget): void {
  for (const row of csvRows(file, target.onDamaged, ['command']))
    for (const source of COMMAND_SERIES) put(target, source, { name: row.text('command') }, row);
}

function put(
  { collection, grid, goS }: ResourceTarget,
  source: Source,
  line: { readonly name: string; readonly instance?: number },
  row: CsvRow,
): void {
  const value = source.columns.reduce((sum, column) => sum + row.get(column), 0);
  const timeS = row.get('time') - goS;
  // What was before GO is the value that the first rate starts from.
  if (!Number.isNaN(value)) collection.put(grid, source, line, grid.indexOf(timeS), value);
}
