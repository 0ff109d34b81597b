import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { csvRows } from './read/csv-rows.js';
import { type ResourceTarget, readInstanceResources, readProcessResources } from './read/resource-series.js';
import { readRunRecord, type RunRecord } from './read/run-record.js';
import { statisticsEntries, type StatisticsEntry } from './read/statistics-lines.js';
import { StatisticsSeries } from './read/statistics-series.js';
import { TimeGrid } from './read/time-grid.js';
import type { Annotation, Distribution, InstanceRow, OverlayGraph, ReportData, RunFacts } from './report-data.js';
import { SeriesCollection } from './series-collection.js';

/** How often the overlays' statistics are written. */
const STATISTICS_STEP_S = 5;
const RESOURCES_STEP_S = 1;
/** Every instance marks an annotation; those of one text that are closer than this are one. */
const SAME_ANNOTATION_S = 2;

/**
 * Reads everything that a run left in its output directory, whether it ended well or not: damaged lines cost only themselves, and are
 * noted.
 * @throws GumbyError REPORT_INPUT_INVALID when the directory is not the output of a run
 */
export function collectReport(outputDir: string): ReportData {
  const record = readRunRecord(outputDir);
  const notes: string[] = [];
  const collection = new SeriesCollection();
  const goS = Date.parse(record.goAt ?? record.startedAt) / 1000;
  if (record.goAt === undefined) notes.push('the run never began: times are since the start of its set-up');
  const durationS = durationOf(outputDir, record, goS);
  readResources(outputDir, { collection, grid: new TimeGrid(durationS, RESOURCES_STEP_S), goS }, notes);
  const logs = readLogs(outputDir, record, collection, new TimeGrid(durationS, STATISTICS_STEP_S), goS, notes);
  const series = collection.finish(logs.types);
  return {
    run: factsOf(record),
    annotations: logs.annotations,
    events: [],
    series,
    distributions: distributionsOf(series),
    overlays: overlaysOf(record, logs),
    instances: (record.instances ?? []).map((instance) => rowOf(instance, logs.types, outputDir)),
    notes,
  };
}

interface Logs {
  readonly annotations: readonly Annotation[];
  /** What the experiment said that instances are. */
  readonly types: ReadonlyMap<number, string>;
  /** By community, by instance: the addresses of those that it knew at the end. */
  readonly neighbours: ReadonlyMap<string, ReadonlyMap<number, readonly string[]>>;
}

/** A run that died says nothing of its end: then it is when its last row was written. */
function durationOf(outputDir: string, record: RunRecord, goS: number): number {
  if (record.experimentMs !== undefined) return record.experimentMs / 1000;
  const file = join(outputDir, 'process.csv');
  let lastS = 0;
  if (existsSync(file))
    for (const row of csvRows(file, () => undefined)) lastS = Math.max(lastS, row.get('time') - goS);
  return lastS;
}

function readResources(outputDir: string, target: Omit<ResourceTarget, 'onDamaged'>, notes: string[]): void {
  for (const [name, read] of [
    ['resources.csv', readInstanceResources],
    ['process.csv', readProcessResources],
  ] as const) {
    const file = join(outputDir, name);
    if (existsSync(file)) withDamageNoted(name, notes, (onDamaged) => read(file, { ...target, onDamaged }));
    else notes.push(`there is no ${name}: nothing in it is shown`);
  }
}

function readLogs(
  outputDir: string,
  record: RunRecord,
  collection: SeriesCollection,
  grid: TimeGrid,
  goS: number,
  notes: string[],
): Logs {
  const annotations: Annotation[] = [];
  const types = new Map<number, string>();
  const neighbours = new Map<string, Map<number, readonly string[]>>();
  for (const { id } of record.instances ?? []) {
    const name = `${id}/statistics.log`;
    const file = join(outputDir, name);
    if (!existsSync(file)) continue;
    const series = new StatisticsSeries(collection, grid, goS, id);
    withDamageNoted(name, notes, (onDamaged) => {
      for (const entry of statisticsEntries(file, onDamaged)) {
        series.add(entry);
        noteAnnotation(annotations, entry, goS);
        if (entry.key === 'peertype' && typeof entry.value === 'string') types.set(id, entry.value);
        if (entry.key === 'neighbours') noteNeighbours(neighbours, id, entry.value);
      }
    });
    series.finish();
  }
  annotations.sort((one, other) => one.timeS - other.timeS);
  return { annotations, types, neighbours };
}

function withDamageNoted(name: string, notes: string[], read: (onDamaged: () => void) => void): void {
  let damaged = 0;
  read(() => damaged++);
  if (damaged > 0) notes.push(`${name}: ${damaged} damaged line${damaged === 1 ? '' : 's'} left out`);
}

function noteAnnotation(annotations: Annotation[], { key, value, wallS }: StatisticsEntry, goS: number): void {
  if (key !== 'annotate' || typeof value !== 'string') return;
  const timeS = Math.round((wallS - goS) * 1000) / 1000;
  const isKnown = annotations.some((each) => each.text === value && Math.abs(each.timeS - timeS) < SAME_ANNOTATION_S);
  if (!isKnown) annotations.push({ timeS, text: value });
}

/** `{ community: [address, …] }`, as the overlays' statistics have it at the end of a session. */
function noteNeighbours(
  neighbours: Map<string, Map<number, readonly string[]>>,
  id: number,
  value: StatisticsEntry['value'],
): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [community, addresses] of Object.entries<unknown>(value)) {
    if (!Array.isArray(addresses)) continue;
    const ofCommunity = neighbours.get(community) ?? new Map<number, readonly string[]>();
    ofCommunity.set(
      id,
      addresses.filter((address): address is string => typeof address === 'string'),
    );
    neighbours.set(community, ofCommunity);
  }
}

function overlaysOf(record: RunRecord, { neighbours, types }: Logs): OverlayGraph[] {
  const idByPort = new Map((record.instances ?? []).map(({ id, port }) => [String(port), id]));
  return [...neighbours].map(([community, byInstance]) => ({
    community,
    nodes: [...byInstance.keys()].map((id) => {
      const type = types.get(id);
      return { id, ...(type === undefined ? {} : { type }) };
    }),
    edges: [...byInstance].flatMap(([id, addresses]) =>
      addresses.flatMap((address) => {
        const other = idByPort.get(address.slice(address.lastIndexOf(':') + 1));
        return other === undefined || !byInstance.has(other) ? [] : [[id, other] as const];
      }),
    ),
  }));
}

/** How the last values of the instances are spread, where that says something of an overlay or of the load. */
function distributionsOf(series: ReportData['series']): Distribution[] {
  return series
    .filter(({ group, lines }) => group === 'Connections' && lines.length > 1)
    .map(({ name, title, unit, group, lines }) => ({
      name: `${name}-at-the-end`,
      title: `${title} at the end`,
      unit,
      group,
      values: lines.flatMap(({ values }) => lastOf(values)),
    }));
}

function lastOf(values: ArrayLike<number>): readonly number[] {
  for (let index = values.length - 1; index >= 0; index--) {
    const value = values[index] as number;
    if (!Number.isNaN(value)) return [value];
  }
  return [];
}

function rowOf(
  { id, state, port, failures, commands }: NonNullable<RunRecord['instances']>[number],
  types: ReadonlyMap<number, string>,
  outputDir: string,
): InstanceRow {
  const type = types.get(id);
  const number = String(id).padStart(5, '0');
  return {
    id,
    state,
    failures,
    commandsDone: commands.done,
    commandsFailed: commands.failed,
    values: {},
    files: [`${number}.out`, `${number}.err`, `${id}/statistics.log`].filter((file) =>
      existsSync(join(outputDir, file)),
    ),
    ...(type === undefined ? {} : { type }),
    ...(port === undefined ? {} : { port }),
  };
}

function factsOf(record: RunRecord): RunFacts {
  const { experimentName, outcome, seed, startedAt, experimentMs, verdict } = record;
  return {
    experimentName,
    outcome,
    seed,
    startedAt,
    durationS: (record.durationMs ?? 0) / 1000,
    versions: record.versions ?? {},
    machine: {},
    options: record.config?.options ?? {},
    commands: record.commands ?? { total: 0, done: 0, failed: 0 },
    failureCount: record.failureCount ?? 0,
    failures: record.failures ?? [],
    ...(experimentMs === undefined ? {} : { experimentS: experimentMs / 1000 }),
    ...(verdict === undefined ? {} : { verdict }),
  };
}
