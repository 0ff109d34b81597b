import { csvTable } from './csv-table.js';
import { type ColumnSeries, columnsOf, type Measure, seriesOf } from './measure.js';

const GROUP = { group: 'External commands' } as const;

/** The values that are measured of an external command, together with all processes that it started. */
export const COMMAND_MEASURES = [
  {
    column: 'processes',
    series: { name: 'commands-processes', title: 'Processes of external commands', unit: '', kind: 'value', ...GROUP },
  },
  { column: 'user_s' },
  { column: 'system_s' },
  {
    column: 'rss_bytes',
    series: {
      name: 'commands-memory',
      title: 'Memory of external commands',
      unit: 'MB',
      kind: 'value',
      factor: 1e-6,
      ...GROUP,
    },
  },
  {
    column: 'read_bytes',
    series: {
      name: 'commands-read',
      title: 'Read from storage by external commands',
      unit: 'kB/s',
      kind: 'usage',
      factor: 1e-3,
      ...GROUP,
    },
  },
  {
    column: 'write_bytes',
    series: {
      name: 'commands-write',
      title: 'Written to storage by external commands',
      unit: 'kB/s',
      kind: 'usage',
      factor: 1e-3,
      ...GROUP,
    },
  },
] as const satisfies readonly Measure[];

/** The table has a row for each command at each look; a command is named by the stem of its output's files, e.g. `00011`. */
export const COMMAND_TABLE = csvTable('commands.csv', ['time', 'command', ...columnsOf(COMMAND_MEASURES)], ['command']);

/** The same table with the machine's network counters, which a process guard's `--network` asks for. */
export const COMMAND_NETWORK_TABLE = csvTable(
  COMMAND_TABLE.file,
  [...COMMAND_TABLE.columns, 'machine_received_bytes', 'machine_sent_bytes'],
  COMMAND_TABLE.texts,
);

export type CommandColumn = (typeof COMMAND_TABLE)['columns'][number];

export const COMMAND_SERIES: readonly ColumnSeries<CommandColumn>[] = [
  {
    ...{
      name: 'commands-cpu',
      title: 'Processor time of external commands',
      unit: '% of a core',
      kind: 'usage',
      factor: 100,
      ...GROUP,
    },
    columns: [
      ['user_s', 1],
      ['system_s', 1],
    ],
  },
  ...seriesOf(COMMAND_MEASURES),
];
