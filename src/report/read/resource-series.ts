import { parseIdRanges } from '../../output/id-ranges.js';
import { COMMAND_TABLE } from '../../output/tables/command-table.js';
import { type CsvRow, csvRows } from '../../output/tables/csv-rows.js';
import type { CsvTable } from '../../output/tables/csv-table.js';
import { INSTANCE_TABLE } from '../../output/tables/instance-table.js';
import type { ColumnSeries } from '../../output/tables/measure.js';
import { PROCESS_TABLE } from '../../output/tables/process-table.js';
import { THREAD_TABLE, threadName } from '../../output/tables/thread-table.js';
import { secondsSince, type TimeGrid } from '../lines/time-grid.js';
import { type LineOwner, LOOKED_AT, type SeriesCollection } from '../series-collection.js';
import { COMMAND_SOURCES, INSTANCE_SOURCES, PROCESS_SOURCES, type Source, THREAD_SOURCES } from './resource-sources.js';

/** Where the rows of a table go. */
export interface ResourceTarget {
  readonly collection: SeriesCollection;
  readonly grid: TimeGrid;
  /** GO, in Unix time. */
  readonly goS: number;
  /** Is added to titles. @default nothing */
  readonly titleSuffix?: string;
  /** Is told in which thread each instance lives, where they share threads. */
  readonly onThread: (instance: number, thread: number) => void;
  readonly onDamaged: () => void;
}

/** The targets of the tables: of those about the experiment, and of those about the machine. */
export interface ResourceTargets {
  readonly experiment: ResourceTarget;
  readonly machine: ResourceTarget;
}

/** A table that a run wrote as it went. */
export interface ResourceTable {
  readonly name: string;
  /** Whether every run has it. */
  readonly isExpected: boolean;
  /** Whether its rows are dated by the experiment's clock, or by the machine's. */
  readonly clock: keyof ResourceTargets;
  readonly read: (file: string, target: ResourceTarget) => void;
}

export const RESOURCE_TABLES: readonly ResourceTable[] = [
  { name: INSTANCE_TABLE.file, isExpected: true, clock: 'experiment', read: readInstances },
  { name: THREAD_TABLE.file, isExpected: false, clock: 'machine', read: readThreads },
  { name: PROCESS_TABLE.file, isExpected: true, clock: 'machine', read: readProcess },
  { name: COMMAND_TABLE.file, isExpected: false, clock: 'machine', read: readCommands },
];

function readInstances(file: string, target: ResourceTarget): void {
  for (const row of timedRows(file, INSTANCE_TABLE, target)) {
    const instance = row.get('instance');
    if (Number.isNaN(instance)) {
      target.onDamaged();
      continue;
    }
    target.collection.seen(instance, secondsSince(target.goS, row.get('time')));
    const owner = { name: String(instance), instance };
    for (const source of INSTANCE_SOURCES) put(target, source, owner, row);
  }
}

/** Reads the threads that several instances share: a line for each thread. */
function readThreads(file: string, target: ResourceTarget): void {
  const told = new Set<string>();
  for (const row of timedRows(file, THREAD_TABLE, target)) {
    const thread = row.get('thread');
    if (Number.isNaN(thread)) {
      target.onDamaged();
      continue;
    }
    const ranges = row.text('instances');
    if (!told.has(ranges)) for (const id of parseIdRanges(ranges)) target.onThread(id, thread);
    told.add(ranges);
    const owner = { name: threadName(thread) };
    for (const source of THREAD_SOURCES) put(target, source, owner, row);
  }
}

function readProcess(file: string, target: ResourceTarget): void {
  for (const row of timedRows(file, PROCESS_TABLE, target))
    for (const source of PROCESS_SOURCES) put(target, source, { name: source.line }, row);
}

/** Reads the process trees of external commands, a line for each command. */
function readCommands(file: string, target: ResourceTarget): void {
  for (const row of timedRows(file, COMMAND_TABLE, target))
    for (const source of COMMAND_SOURCES) put(target, source, { name: row.text('command') }, row);
}

/** The rows with their times; a row without a time is damaged. */
function* timedRows<Column extends string>(
  file: string,
  table: CsvTable<Column | 'time'>,
  { onDamaged }: ResourceTarget,
): Generator<CsvRow<Column | 'time'>> {
  for (const row of csvRows(file, table, onDamaged))
    if (Number.isNaN(row.get('time'))) onDamaged();
    else yield row;
}

function put<Column extends string>(
  { collection, grid, goS, titleSuffix = '' }: ResourceTarget,
  source: Source<ColumnSeries<Column>>,
  owner: LineOwner,
  row: CsvRow<Column | 'time'>,
): void {
  let value = 0;
  for (const [column, weight] of source.columns) value += weight * row.get(column);
  // Values from before GO are kept, because the first rate starts there.
  if (!Number.isNaN(value) || LOOKED_AT.has(source.kind))
    collection.put(grid, titled(source, titleSuffix), owner, secondsSince(goS, row.get('time')), value);
}

const titledSources = new WeakMap<object, Source>();

/** The source with a longer title: one object for all its values, by which their lines are found. */
function titled(source: Source, suffix: string): Source {
  if (suffix === '') return source;
  let known = titledSources.get(source);
  if (known === undefined) titledSources.set(source, (known = { ...source, title: source.title + suffix }));
  return known;
}
