import type { JsonValue } from '../../statistics/log-line.js';
import type { SeriesCollection, SeriesDescription } from '../series-collection.js';
import { fileName } from './file-name.js';
import type { StatisticsEntry } from './statistics-lines.js';
import { fillForward, type TimeGrid } from './time-grid.js';

type JsonObject = { readonly [key: string]: JsonValue };

/** Of the key `statistics`: what a community knows and does, under the names that Dispersy's logs use. */
const COMMUNITY_SERIES: Readonly<
  Record<string, Omit<SeriesDescription, 'name' | 'title'> & { readonly title: string }>
> = {
  nr_candidates: { title: 'Candidates', unit: 'peers', group: 'Connections', kind: 'value' },
  nr_walked: { title: 'Walked candidates', unit: 'peers', group: 'Connections', kind: 'value' },
  nr_stumbled: { title: 'Stumbled candidates', unit: 'peers', group: 'Connections', kind: 'value' },
  nr_intro: { title: 'Introduced candidates', unit: 'peers', group: 'Connections', kind: 'value' },
  sync_bloom_new: { title: 'New bloom filters', unit: '1/s', group: 'Sync', kind: 'rate' },
  sync_bloom_reuse: { title: 'Bloom filters used again', unit: '1/s', group: 'Sync', kind: 'rate' },
  sync_bloom_skip: { title: 'Requests without a bloom filter', unit: '1/s', group: 'Sync', kind: 'rate' },
};

/** Of the keys `statistics-…`: counts by kind of message, summed over all instances. */
const MESSAGE_SERIES: Readonly<Record<string, SeriesDescription>> = {
  'statistics-successful-messages': messages('messages-received', 'Messages received, by kind'),
  'statistics-outgoing-messages': messages('messages-sent', 'Messages sent, by kind'),
  'statistics-created-messages': messages('messages-created', 'Messages created, by kind'),
  'statistics-delayed-messages': messages('messages-delayed', 'Messages delayed, by kind'),
  'statistics-dropped-messages': messages('messages-dropped', 'Packets dropped, by reason'),
};

/** Keys that are read as something else, or that nobody draws. */
const NO_SERIES = new Set([
  'annotate',
  'peertype',
  'neighbours',
  'statistics-walk-fail',
  'statistics-endpoint-recv',
  'statistics-endpoint-send',
]);

/** What the entries of one instance come to, while they are read. */
export class StatisticsSeries {
  readonly #collection: SeriesCollection;
  readonly #grid: TimeGrid;
  readonly #goS: number;
  readonly #instance: number;
  /** The communities' values by id: entries tell only what changed. */
  readonly #communities = new Map<string, Record<string, JsonValue>>();
  readonly #counts = new Map<
    string,
    { readonly description: SeriesDescription; readonly name: string; readonly values: Float64Array }
  >();

  constructor(collection: SeriesCollection, grid: TimeGrid, goS: number, instance: number) {
    this.#collection = collection;
    this.#grid = grid;
    this.#goS = goS;
    this.#instance = instance;
  }

  add({ wallS, key, value }: StatisticsEntry): void {
    const index = this.#grid.indexOf(wallS - this.#goS);
    const summed = MESSAGE_SERIES[key];
    if (NO_SERIES.has(key)) return;
    if (key === 'statistics') this.#addStatistics(index, value);
    else if (summed !== undefined) this.#addCounts(summed, index, value);
    else this.#addOther(key, index, value);
  }

  /** After the last entry. */
  finish(): void {
    for (const { description, name, values } of this.#counts.values())
      this.#collection.addTo(this.#grid, description, name, fillForward(values));
  }

  #addStatistics(index: number, value: JsonValue): void {
    if (!isObject(value)) return;
    const { communities } = value;
    if (!isObject(communities)) return;
    const classes = new Set<string>();
    for (const [cid, changed] of Object.entries(communities)) {
      if (!isObject(changed)) continue;
      const all = { ...this.#communities.get(cid), ...changed };
      this.#communities.set(cid, all);
      const { classification } = all;
      if (typeof classification === 'string') classes.add(classification);
    }
    for (const name of classes) for (const field of Object.keys(COMMUNITY_SERIES)) this.#putSum(index, name, field);
  }

  /** A peer may be in several communities of one class. */
  #putSum(index: number, className: string, field: string): void {
    const description = COMMUNITY_SERIES[field];
    let sum = Number.NaN;
    for (const values of this.#communities.values()) {
      const value = values[field];
      if (values['classification'] !== className || typeof value !== 'number') continue;
      sum = (Number.isNaN(sum) ? 0 : sum) + value;
    }
    if (description === undefined || Number.isNaN(sum)) return;
    const name = `${fileName(className)}-${fileName(field.replace(/^nr_/, ''))}`;
    this.#put({ ...description, name, title: `${description.title} of ${className}` }, index, sum);
  }

  #addCounts(description: SeriesDescription, index: number, value: JsonValue): void {
    if (!isObject(value)) return;
    for (const [name, count] of Object.entries(value)) {
      if (typeof count !== 'number') continue;
      const key = `${description.name} ${name}`;
      const counts = this.#counts.get(key) ?? { description, name, values: this.#grid.empty() };
      // Nothing had been counted before the first time that something was.
      if (!this.#counts.has(key)) counts.values[0] = 0;
      this.#counts.set(key, counts);
      if (index >= 0) counts.values[index] = count;
    }
  }

  /** What the experiment's own modules write. */
  #addOther(key: string, index: number, value: JsonValue): void {
    const fields = isObject(value) ? Object.entries(value) : [['', value] as const];
    for (const [field, each] of fields) {
      const number = typeof each === 'boolean' ? Number(each) : each;
      if (typeof number !== 'number') continue;
      const name = field === '' ? fileName(key) : `${fileName(key)}-${fileName(field)}`;
      const title = field === '' ? key : `${key}: ${field}`;
      this.#put({ name, title, unit: '', group: 'Experiment', kind: 'value' }, index, number);
    }
  }

  #put(description: SeriesDescription, index: number, value: number): void {
    const line = { name: String(this.#instance), instance: this.#instance };
    this.#collection.put(this.#grid, description, line, index, value);
  }
}

function messages(name: string, title: string): SeriesDescription {
  return { name, title, unit: '1/s', group: 'Messages', kind: 'rate' };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
