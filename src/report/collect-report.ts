import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { derivedSeries } from './derived-series.js';
import { distinctAnnotations } from './annotations.js';
import { connectionsAtTheEnd, latenessOf } from './distributions.js';
import { instanceRowsOf } from './instance-rows.js';
import { TimeGrid } from './lines/time-grid.js';
import { ReportNames } from './naming/report-names.js';
import { overlaysOf } from './overlay-of-run.js';
import { csvRows } from './read/csv-rows.js';
import { withDamageNoted } from './read/damage.js';
import { readInstanceLogs, readMetricsLog } from './read/instance-logs.js';
import { MetricCollection } from './read/metric-series.js';
import { readCommandResources, readInstanceResources, readProcessResources } from './read/resource-series.js';
import { instancesOf } from './read/instances-of-run.js';
import { readRunRecord, type RunRecord } from './read/run-record.js';
import { readTimeline } from './read/timeline.js';
import type { ReportData, ScenarioEvent } from './report-data.js';
import { runEndingOf } from './run-ending.js';
import { runFactsOf } from './run-facts.js';
import { SeriesCollection } from './series-collection.js';

/** Everything is shown by the second, however often it was looked at. */
const STEP_S = 1;

/** Tables that the run wrote as it went; the last of them only when there were external commands. */
const RESOURCE_FILES = [
  ['resources.csv', readInstanceResources, 'expected'],
  ['process.csv', readProcessResources, 'expected'],
  ['commands.csv', readCommandResources, 'optional'],
] as const;

/**
 * Reads everything that a run left in its output directory, whether it ended well or not: damaged lines cost only themselves, and are
 * noted.
 * @throws GumbyError REPORT_INPUT_INVALID when the directory is not the output of a run
 */
export function collectReport(outputDir: string): ReportData {
  const written = readRunRecord(outputDir);
  const record = { ...written, instances: instancesOf(outputDir, written) };
  const notes: string[] = written.shortened === undefined ? [] : [written.shortened];
  const names = new ReportNames();
  const collection = new SeriesCollection(names);
  const goS = Date.parse(record.goAt ?? record.startedAt) / 1000;
  if (record.goAt === undefined) notes.push('the run never came to GO: times are since the start of its set-up');
  const grid = new TimeGrid(durationOf(outputDir, record, goS), STEP_S);
  readResources(outputDir, collection, grid, goS, notes);
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
    annotations: distinctAnnotations(logs.annotations, events),
    events,
    instanceEvents: metrics.events,
    series,
    distributions: [...connectionsAtTheEnd(series), ...metrics.distributions(), ...latenessOf(record)],
    overlays,
    instances: instanceRowsOf(outputDir, record, logs.types, series),
    notes,
  };
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

function readResources(
  outputDir: string,
  collection: SeriesCollection,
  grid: TimeGrid,
  goS: number,
  notes: string[],
): void {
  for (const [name, read, presence] of RESOURCE_FILES) {
    const file = join(outputDir, name);
    if (existsSync(file)) withDamageNoted(name, notes, (onDamaged) => read(file, { collection, grid, goS, onDamaged }));
    else if (presence === 'expected') notes.push(`there is no ${name}: nothing in it is shown`);
  }
}

function readMetrics(outputDir: string, metrics: MetricCollection, notes: string[]): void {
  const file = join(outputDir, 'metrics.log');
  if (existsSync(file)) withDamageNoted('metrics.log', notes, (onDamaged) => readMetricsLog(file, metrics, onDamaged));
}

function readEvents(outputDir: string, notes: string[]): readonly ScenarioEvent[] {
  const file = join(outputDir, 'timeline.jsonl');
  let events: readonly ScenarioEvent[] = [];
  if (existsSync(file))
    withDamageNoted('timeline.jsonl', notes, (onDamaged) => (events = readTimeline(file, onDamaged)));
  return events;
}
