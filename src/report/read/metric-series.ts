import { type DistributionEntry, METRIC_KEYS, type MetricDefinitionEntry } from '../../output/metric-entries.js';
import type { JsonValue } from '../../runtime/json-value.js';
import { secondsSince, type TimeGrid } from '../lines/time-grid.js';
import type { ReportNames } from '../naming/report-names.js';
import type { ValueDistribution, StatisticsEvent } from '../report-data.js';
import type { SeriesCollection, SeriesDescription } from '../series-collection.js';
import { isObject, type JsonObject } from './json-object.js';
import { type MetricSource, metricSourceOf } from './metric-sources.js';
import type { StatisticsEntry } from '../../output/statistics-lines.js';
import { EVENT_COUNTS } from './statistics-sources.js';

interface GrowingDistribution {
  readonly source: MetricSource;
  readonly values: number[];
  readonly counts: number[];
}

export interface MetricCollectionInit {
  readonly series: SeriesCollection;
  readonly names: ReportNames;
  readonly grid: TimeGrid;
  /** GO, in Unix time. */
  readonly goS: number;
}

/** The metrics of all instances, as they are collected while the logs are read. */
export class MetricCollection {
  readonly events: StatisticsEvent[] = [];
  readonly init: MetricCollectionInit;
  /** The distributions by the identity of their names. */
  readonly #distributions = new Map<string, GrowingDistribution>();
  readonly #instances = new Map<number, InstanceMetrics>();

  constructor(init: MetricCollectionInit) {
    this.init = init;
  }

  /** The reader of one instance's entries, which may be in several files. */
  instance(id: number): InstanceMetrics {
    const known = this.#instances.get(id);
    const instance = known ?? new InstanceMetrics(this, id);
    if (known === undefined) this.#instances.set(id, instance);
    return instance;
  }

  addDistribution(source: MetricSource, count: number, values: readonly number[]): void {
    const { name } = source.distribution;
    const growing = this.#distributions.get(name.identity) ?? { source, values: [], counts: [] };
    this.#distributions.set(name.identity, growing);
    this.init.names.want(name);
    for (const value of values) {
      growing.values.push(value);
      growing.counts.push(count / values.length);
    }
  }

  /** Adds the series of events; to be called after the last entry of all, and before the series are finished. */
  finish(): void {
    this.events.sort((one, other) => one.timeS - other.timeS);
    const counts = new Map<string, number>();
    for (const { timeS, name } of this.events) {
      const count = counts.get(name) ?? 0;
      // The count is 0 until the event first happened.
      if (count === 0) this.#putEventCount(name, 0, 0);
      this.#putEventCount(name, timeS, count + 1);
      counts.set(name, count + 1);
    }
    for (const [name, count] of counts) this.#putEventCount(name, this.init.grid.durationS, count);
  }

  /** The distributions of all histograms; to be asked after everything in the report is named. */
  distributions(): readonly ValueDistribution[] {
    return [...this.#distributions.values()].map(({ source: { distribution, definition }, values, counts }) => ({
      name: this.init.names.of(distribution.name),
      title: distribution.title,
      description: definition.description,
      unit: definition.unit,
      group: distribution.group,
      values: Float64Array.from(values),
      counts: Float64Array.from(counts),
    }));
  }

  #putEventCount(name: string, timeS: number, count: number): void {
    this.init.series.put(this.init.grid, EVENT_COUNTS, { name }, timeS, count);
  }
}

/** The metrics that one instance wrote. */
export class InstanceMetrics {
  readonly #collection: MetricCollection;
  readonly #id: number;
  readonly #sources = new Map<string, MetricSource>();

  constructor(collection: MetricCollection, id: number) {
    this.#collection = collection;
    this.#id = id;
  }

  /**
   * @param onDamaged - is told of an entry of metrics that cannot be understood @returns whether the entry was one of metrics
   */
  add({ key, value, wallS }: StatisticsEntry, onDamaged: () => void): boolean {
    const add = ENTRIES.get(key);
    if (add === undefined) return false;
    const timeS = secondsSince(this.#collection.init.goS, wallS);
    if (!isObject(value) || !add(this, timeS, value)) onDamaged();
    return true;
  }

  define(timeS: number, { name, kind, unit, description }: FieldsOf<MetricDefinitionEntry>): boolean {
    if (typeof name !== 'string' || typeof kind !== 'string') return false;
    const source = metricSourceOf({ name, kind, unit: textOf(unit), description: textOf(description) });
    this.#sources.set(name, source);
    // The count was 0 before.
    if (kind === 'counter') this.#put(source.series, timeS, 0);
    return true;
  }

  addSamples(timeS: number, samples: JsonObject): boolean {
    let isWhole = true;
    for (const [name, sample] of Object.entries(samples)) {
      const source = this.#sources.get(name);
      if (source === undefined) isWhole = false;
      else if (typeof sample === 'number') this.#put(source.series, timeS, sample);
      else if (isObject(sample))
        for (const [quantile, each] of Object.entries(sample)) {
          const description = source.quantiles.get(quantile);
          if (description !== undefined && typeof each === 'number') this.#put(description, timeS, each);
        }
    }
    return isWhole;
  }

  addDistribution({ name, count, values }: FieldsOf<DistributionEntry>): boolean {
    const source = typeof name === 'string' ? this.#sources.get(name) : undefined;
    if (source === undefined || typeof count !== 'number' || !Array.isArray(values)) return false;
    const numbers = values.filter((each): each is number => typeof each === 'number');
    this.#collection.addDistribution(source, count, numbers);
    return true;
  }

  addEvent(timeS: number, { name, detail }: JsonObject): boolean {
    if (typeof name !== 'string') return false;
    this.#collection.events.push({
      timeS: Math.round(timeS * 1000) / 1000,
      instance: this.#id,
      name,
      detail: detail === undefined ? '' : JSON.stringify(detail),
    });
    return true;
  }

  #put(description: SeriesDescription, timeS: number, value: number): void {
    const { series, grid } = this.#collection.init;
    series.put(grid, description, { name: String(this.#id), instance: this.#id }, timeS, value);
  }
}

/** The fields of an entry, which a file may hold in any form. */
type FieldsOf<Entry> = Readonly<Partial<Record<keyof Entry, JsonValue>>>;

/** The readers of entries, by key of the log; each returns whether the entry could be understood. */
const ENTRIES: ReadonlyMap<string, (metrics: InstanceMetrics, timeS: number, fields: JsonObject) => boolean> = new Map([
  [METRIC_KEYS.definition, (metrics, timeS, fields) => metrics.define(timeS, fields)],
  [METRIC_KEYS.samples, (metrics, timeS, fields) => metrics.addSamples(timeS, fields)],
  [METRIC_KEYS.distribution, (metrics, _timeS, fields) => metrics.addDistribution(fields)],
  [METRIC_KEYS.event, (metrics, timeS, fields) => metrics.addEvent(timeS, fields)],
]);

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
