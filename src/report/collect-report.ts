import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS_FILE } from '../output/metrics-log.js';
import { csvRows } from '../output/tables/csv-rows.js';
import { PROCESS_TABLE } from '../output/tables/process-table.js';
import { readTimelineFile, TIMELINE_FILE } from '../output/timeline-file.js';
import { derivedSeries } from './derived-series.js';
import { changesOf, distinctAnnotations, mergedAnnotations } from './annotations.js';
import { connectionsAtTheEnd, latenessOf } from './distributions.js';
import { instanceRowsOf } from './instance-rows.js';
import { TimeGrid } from './lines/time-grid.js';
import { ReportNames } from './naming/report-names.js';
import { overlaysOf } from './overlay-of-run.js';
import { withDamageNoted } from './read/damage.js';
import { readInstanceLogs, readMetricsLog } from './read/instance-logs.js';
import { MetricCollection } from './read/metric-series.js';
import { RESOURCE_TABLES, type ResourceTarget, type ResourceTargets } from './read/resource-series.js';
import { instancesOf } from './read/instances-of-run.js';
import type { RunRecord } from '../output/record/run-record.js';
import { readRunRecord } from '../output/record/read-run-record.js';
import type { ReportData, TimelineEntry } from './report-data.js';
import { runEndingOf } from './run-ending.js';
import { runFactsOf } from './run-facts.js';
import { SeriesCollection } from './series-collection.js';

/** Everything is shown by the second, however often it was measured. */
const STEP_S = 1;

/**
 * Reads everything that a run left in its output directory, whether it ended well or not: damaged lines cost only themselves, and are
 * noted.
 * @param written - the record in it
 * @throws GumbyError REPORT_INPUT_INVALID when the directory is not the output of a run
 */
export function collectReport(outputDir: string, written = readRunRecord(outputDir)): ReportData {
  const record = { ...written, instances: instancesOf(outputDir, written) };
  const notes: string[] = written.shortened === undefined ? [] : [written.shortened];
  const names = new ReportNames();
  const collection = new SeriesCollection(names);
  const goS = Date.parse(record.goAt ?? record.startedAt) / 1000;
  if (record.goAt === undefined) notes.push('the run never came to GO: times are since the start of its set-up');
  const durationS = durationOf(outputDir, record, goS);
  const grid = new TimeGrid(durationS, STEP_S);
  const threads = new Map<number, number>();
  const resources = { collection, grid, goS, onThread: (id: number, thread: number) => void threads.set(id, thread) };
  const machine = { ...resources, ...machineTimeOf(outputDir, record, grid, goS) };
  readResources(outputDir, notes, { experiment: resources, machine });
  const metrics = new MetricCollection({ series: collection, names, grid, goS });
  const target = { collection, metrics, grid, goS, notes };
  const ids = record.instances.map(({ id }) => id);
  const logs = readInstanceLogs(outputDir, ids, target);
  readMetrics(outputDir, metrics, notes);
  metrics.finish();
  const overlays = overlaysOf(record, logs, names);
  const told = collection.finish(logs.types);
  const events = readEvents(outputDir, notes);
  const series = [...told, ...derivedSeries(told)];
  return {
    run: runFactsOf(record, runEndingOf(outputDir, record)),
    annotations: mergedAnnotations(
      distinctAnnotations(logs.annotations, events),
      changesOf(events, durationS, ids.length),
    ),
    events,
    instanceEvents: metrics.events,
    series,
    distributions: [...connectionsAtTheEnd(series), ...metrics.distributions(), ...latenessOf(record)],
    overlays,
    instances: instanceRowsOf(outputDir, record, { types: logs.types, threads }, series),
    notes,
  };
}

/** How long the run took. A run that died says nothing of its end: the time of its last row is taken then. */
function durationOf(outputDir: string, record: RunRecord, goS: number): number {
  if (record.experimentMs !== undefined) return record.experimentMs / 1000;
  return lastRowS(outputDir, goS);
}

/** The time of the last row about the process, in seconds since GO. */
function lastRowS(outputDir: string, goS: number): number {
  const file = join(outputDir, PROCESS_TABLE.file);
  let lastS = 0;
  if (existsSync(file))
    for (const row of csvRows(file, PROCESS_TABLE, () => undefined)) lastS = Math.max(lastS, row.get('time') - goS);
  return lastS;
}

/** The time of the tables about the machine: another one, and named so, where the experiment had a time of its own. */
function machineTimeOf(
  outputDir: string,
  { machineGoAt }: RunRecord,
  grid: TimeGrid,
  goS: number,
): Pick<ResourceTarget, 'grid' | 'goS' | 'titleSuffix'> {
  if (machineGoAt === undefined) return { grid, goS };
  const machineGoS = Date.parse(machineGoAt) / 1000;
  const durationS = lastRowS(outputDir, machineGoS);
  return { grid: new TimeGrid(durationS, STEP_S), goS: machineGoS, titleSuffix: ', by the machine’s time' };
}

function readResources(
  outputDir: string,
  notes: string[],
  targets: Readonly<Record<keyof ResourceTargets, Omit<ResourceTarget, 'onDamaged'>>>,
): void {
  for (const { name, isExpected, clock, read } of RESOURCE_TABLES) {
    const file = join(outputDir, name);
    if (existsSync(file)) withDamageNoted(name, notes, (onDamaged) => read(file, { ...targets[clock], onDamaged }));
    else if (isExpected) notes.push(`there is no ${name}: nothing in it is shown`);
  }
}

function readMetrics(outputDir: string, metrics: MetricCollection, notes: string[]): void {
  const file = join(outputDir, METRICS_FILE);
  if (existsSync(file)) withDamageNoted(METRICS_FILE, notes, (onDamaged) => readMetricsLog(file, metrics, onDamaged));
}

function readEvents(outputDir: string, notes: string[]): readonly TimelineEntry[] {
  let events: readonly TimelineEntry[] = [];
  withDamageNoted(TIMELINE_FILE, notes, (onDamaged) => {
    events = readTimelineFile(outputDir, onDamaged);
  });
  return events;
}
