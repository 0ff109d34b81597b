import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { statisticsFileOf } from '../../output/instance-files.js';
import { LOG_KEYS } from '../../output/log-keys.js';
import { OVERLAY_KEYS } from '../../output/overlay-entries.js';
import type { Annotation } from '../report-data.js';
import type { SeriesCollection } from '../series-collection.js';
import { withDamageNoted } from './damage.js';
import type { MetricCollection } from './metric-series.js';
import { statisticsEntries, type StatisticsEntry } from '../../output/statistics-lines.js';
import { StatisticsSeries } from './statistics-series.js';
import type { TimeGrid } from '../lines/time-grid.js';

/** Every instance marks an annotation; marks of one text that are closer than this are one annotation. */
const SAME_ANNOTATION_S = 2;

export interface LogTarget {
  readonly collection: SeriesCollection;
  readonly metrics: MetricCollection;
  readonly grid: TimeGrid;
  /** GO, in Unix time. */
  readonly goS: number;
  readonly notes: string[];
}

/** The content of the logs besides numbers. */
export interface Logs {
  readonly annotations: readonly Annotation[];
  /** The peer types that the experiment gave the instances. */
  readonly types: ReadonlyMap<number, string>;
  /** The addresses of the peers that each instance knew at the end, by community and instance. */
  readonly neighbours: ReadonlyMap<string, ReadonlyMap<number, readonly string[]>>;
}

/** Reads the `statistics.log` of each of these instances. */
export function readInstanceLogs(outputDir: string, ids: readonly number[], target: LogTarget): Logs {
  const { collection, metrics, grid, goS, notes } = target;
  const annotations: Annotation[] = [];
  const types = new Map<number, string>();
  const neighbours = new Map<string, Map<number, readonly string[]>>();
  for (const id of ids) {
    const name = statisticsFileOf(id);
    const file = join(outputDir, name);
    if (!existsSync(file)) continue;
    const series = new StatisticsSeries(collection, grid, goS, id);
    const ofMetrics = metrics.instance(id);
    withDamageNoted(name, notes, (onDamaged) => {
      for (const entry of statisticsEntries(file, onDamaged)) {
        if (ofMetrics.add(entry, onDamaged)) continue;
        series.add(entry);
        noteAnnotation(annotations, entry, goS);
        if (entry.key === LOG_KEYS.peerType && typeof entry.value === 'string') types.set(id, entry.value);
        if (entry.key === OVERLAY_KEYS.neighbours) noteNeighbours(neighbours, id, entry.value);
      }
    });
  }
  annotations.sort((one, other) => one.timeS - other.timeS);
  return { annotations, types, neighbours };
}

/** Reads `metrics.log`: the counters and gauges of all instances, which their own logs describe. */
export function readMetricsLog(file: string, metrics: MetricCollection, onDamaged: () => void): void {
  for (const entry of statisticsEntries(file, onDamaged)) metrics.instance(entry.id).add(entry, onDamaged);
}

function noteAnnotation(annotations: Annotation[], { key, value, wallS }: StatisticsEntry, goS: number): void {
  if (key !== LOG_KEYS.annotation || typeof value !== 'string') return;
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
