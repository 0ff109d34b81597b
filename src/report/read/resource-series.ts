import type { LineOwner, SeriesCollection } from '../series-collection.js';
import { type CsvRow, csvRows } from './csv-rows.js';
import { COMMAND_SERIES, INSTANCE_SERIES, MISSING, PROCESS_SERIES, type Source } from './resource-sources.js';
import { secondsSince, type TimeGrid } from '../lines/time-grid.js';

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
  for (const row of timedRows(file, target)) {
    const instance = row.get('instance');
    if (Number.isNaN(instance)) {
      target.onDamaged();
      continue;
    }
    target.collection.seen(instance, secondsSince(target.goS, row.get('time')));
    for (const source of INSTANCE_SERIES) put(target, source, { name: String(instance), instance }, row);
  }
}

/** Reads `process.csv`. */
export function readProcessResources(file: string, target: ResourceTarget): void {
  for (const row of timedRows(file, target)) {
    for (const source of PROCESS_SERIES) put(target, source, { name: source.line }, row);
    const missing = row.get('datagrams_up') - row.get('datagrams_down');
    const timeS = secondsSince(target.goS, row.get('time'));
    if (!Number.isNaN(missing)) target.collection.put(target.grid, MISSING, { name: 'datagrams' }, timeS, missing);
  }
}

/** Reads `commands.csv`: the process trees of external commands, a line for each command. */
export function readCommandResources(file: string, target: ResourceTarget): void {
  for (const row of timedRows(file, target, ['command']))
    for (const source of COMMAND_SERIES) put(target, source, { name: row.text('command') }, row);
}

/** A row of no time is damaged. */
function* timedRows(file: string, { onDamaged }: ResourceTarget, texts: readonly string[] = []): Generator<CsvRow> {
  for (const row of csvRows(file, onDamaged, texts))
    if (Number.isNaN(row.get('time'))) onDamaged();
    else yield row;
}

const SINCE_ROW_BEFORE: ReadonlySet<string> = new Set(['share', 'peak']);

function put({ collection, grid, goS }: ResourceTarget, source: Source, owner: LineOwner, row: CsvRow): void {
  const value = source.columns.reduce((sum, column) => sum + row.get(column), 0);
  // What is told of the time since the row before needs to know when that was; what was before GO is where the first rate starts.
  if (!Number.isNaN(value) || SINCE_ROW_BEFORE.has(source.kind))
    collection.put(grid, source, owner, secondsSince(goS, row.get('time')), value);
}
