import type { JsonValue } from '../../statistics/log-line.js';
import type { Distribution, InstanceEvent } from '../report-data.js';
import type { SeriesCollection, SeriesDescription } from '../series-collection.js';
import { fileName } from './file-name.js';
import type { StatisticsEntry } from './statistics-lines.js';
import { fillForward, type TimeGrid } from './time-grid.js';

const GROUP = 'Experiment';

/** Drawn of a histogram's samples; of all instances together it is a distribution besides. */
const DRAWN_QUANTILES = { p50: 'median', p95: '95th percentile', max: 'maximum' } as const;

/** What a metric is, as its instance wrote it. */
interface Definition {
  readonly name: string;
  readonly kind: string;
  readonly unit: string;
  readonly description: string;
}

interface GrowingDistribution {
  readonly definition: Definition;
  readonly values: number[];
  readonly counts: number[];
}

/** What all instances measured with the statistics of their experiment: kept while their logs are read. */
export class MetricCollection {
  readonly events: InstanceEvent[] = [];
  readonly #series: SeriesCollection;
  readonly #grid: TimeGrid;
  readonly #goS: number;
  readonly #distributions = new Map<string, GrowingDistribution>();
  readonly #instances = new Map<number, InstanceMetrics>();

  constructor(series: SeriesCollection, grid: TimeGrid, goS: number) {
    this.#series = series;
    this.#grid = grid;
    this.#goS = goS;
  }

  /** The reader of one instance's entries, which may be in several files. */
  instance(id: number): InstanceMetrics {
    const known = this.#instances.get(id);
    const instance = known ?? new InstanceMetrics(this, this.#series, this.#grid, this.#goS, id);
    if (known === undefined) this.#instances.set(id, instance);
    return instance;
  }

  addDistribution(definition: Definition, count: number, values: readonly number[]): void {
    const known = this.#distributions.get(definition.name);
    const growing = known ?? { definition, values: [], counts: [] };
    this.#distributions.set(definition.name, growing);
    for (const value of values) {
      growing.values.push(value);
      growing.counts.push(count / values.length);
    }
  }

  /** After the last entry of all. */
  finish(): readonly Distribution[] {
    for (const instance of this.#instances.values()) instance.finish();
    this.events.sort((one, other) => one.timeS - other.timeS);
    return [...this.#distributions.values()].map(({ definition: { name, unit, description }, values, counts }) => ({
      name: `${fileName(name)}-distribution`,
      title: `${name}: all values`,
      description,
      unit,
      group: GROUP,
      values: Float64Array.from(values),
      counts: Float64Array.from(counts),
    }));
  }
}

/** What one instance wrote of its metrics. */
export class InstanceMetrics {
  readonly #collection: MetricCollection;
  readonly #series: SeriesCollection;
  readonly #grid: TimeGrid;
  readonly #goS: number;
  readonly #id: number;
  readonly #definitions = new Map<string, Definition>();
  readonly #eventCounts = new Map<string, Float64Array>();

  constructor(collection: MetricCollection, series: SeriesCollection, grid: TimeGrid, goS: number, id: number) {
    this.#collection = collection;
    this.#series = series;
    this.#grid = grid;
    this.#goS = goS;
    this.#id = id;
  }

  /** @returns whether the entry was one of these */
  add({ key, value, wallS }: StatisticsEntry): boolean {
    const timeS = wallS - this.#goS;
    switch (key) {
      case 'metric':
        this.#define(timeS, value);
        return true;
      case 'metrics':
        this.#addSample(timeS, value);
        return true;
      case 'distribution':
        this.#addDistribution(value);
        return true;
      case 'event':
        this.#addEvent(timeS, value);
        return true;
      default:
        return false;
    }
  }

  /** After the last entry. */
  finish(): void {
    for (const [name, counts] of this.#eventCounts) this.#series.addTo(this.#grid, EVENTS, name, fillForward(counts));
  }

  #define(timeS: number, value: JsonValue): void {
    const { name, kind, unit, description } = fieldsOf(value);
    if (typeof name !== 'string' || typeof kind !== 'string') return;
    const definition = { name, kind, unit: textOf(unit), description: textOf(description) };
    this.#definitions.set(name, definition);
    // Nothing was counted before.
    if (kind === 'counter') this.#put(seriesOf(definition), Math.max(0, this.#grid.indexOf(timeS) - 1), 0);
  }

  #addSample(timeS: number, value: JsonValue): void {
    const index = this.#grid.indexOf(timeS);
    for (const [name, sample] of Object.entries(fieldsOf(value))) {
      const definition = this.#definitions.get(name);
      if (definition === undefined) continue;
      if (typeof sample === 'number') this.#put(seriesOf(definition), index, sample);
      else
        for (const [quantile, each] of Object.entries(fieldsOf(sample)))
          if (quantile in DRAWN_QUANTILES && typeof each === 'number')
            this.#put(quantileSeriesOf(definition, quantile as keyof typeof DRAWN_QUANTILES), index, each);
    }
  }

  #addDistribution(value: JsonValue): void {
    const { name, count, values } = fieldsOf(value);
    const definition = typeof name === 'string' ? this.#definitions.get(name) : undefined;
    if (definition === undefined || typeof count !== 'number' || !Array.isArray(values)) return;
    const numbers = values.filter((each): each is number => typeof each === 'number');
    this.#collection.addDistribution(definition, count, numbers);
  }

  #addEvent(timeS: number, value: JsonValue): void {
    const { name, detail } = fieldsOf(value);
    if (typeof name !== 'string') return;
    const rounded = Math.round(timeS * 1000) / 1000;
    this.#collection.events.push({
      timeS: rounded,
      instance: this.#id,
      name,
      detail: detail === undefined ? '' : JSON.stringify(detail),
    });
    const counts = this.#eventCounts.get(name) ?? this.#grid.empty();
    if (!this.#eventCounts.has(name)) counts[0] = 0;
    this.#eventCounts.set(name, counts);
    const index = this.#grid.indexOf(timeS);
    if (index >= 0) counts[index] = lastOf(counts, index) + 1;
  }

  #put(description: SeriesDescription, index: number, value: number): void {
    this.#series.put(this.#grid, description, { name: String(this.#id), instance: this.#id }, index, value);
  }
}

const EVENTS: SeriesDescription = {
  name: 'events',
  title: 'Events so far, by name',
  unit: '',
  group: GROUP,
  kind: 'value',
};

function seriesOf({ name, kind, unit, description }: Definition): SeriesDescription {
  const isCounter = kind === 'counter';
  return {
    name: fileName(name),
    title: name,
    unit: isCounter ? `${unit === '' ? '1' : unit}/s` : unit,
    group: GROUP,
    kind: isCounter ? 'rate' : 'value',
    holds: true,
    description,
  };
}

function quantileSeriesOf(
  { name, unit, description }: Definition,
  quantile: keyof typeof DRAWN_QUANTILES,
): SeriesDescription {
  return {
    name: `${fileName(name)}-${quantile}`,
    title: `${name}: ${DRAWN_QUANTILES[quantile]} of each second`,
    unit,
    group: GROUP,
    kind: 'sample',
    description,
  };
}

function lastOf(counts: Float64Array, index: number): number {
  for (let at = index; at >= 0; at--) if (!Number.isNaN(counts[at])) return counts[at] as number;
  return 0;
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function fieldsOf(value: JsonValue): Readonly<Record<string, JsonValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, JsonValue>>)
    : {};
}
