import { growthOf } from '../../statistics/growth.js';
import { type CommunityEntry, OVERLAY_KEYS, type StackEntry } from '../../output/overlay-entries.js';
import type { JsonValue } from '../../runtime/json-value.js';
import { secondsSince, type TimeGrid } from '../lines/time-grid.js';
import { experimentName } from '../naming/experiment-name.js';
import { fileName } from '../naming/file-name.js';
import { shortened } from '../naming/shortened.js';
import { ourName } from '../naming/wanted-name.js';
import type { SeriesCollection, SeriesDescription } from '../series-collection.js';
import { isObject } from './json-object.js';
import { LookTimes } from './look-times.js';
import type { StatisticsEntry } from '../../output/statistics-lines.js';
import {
  COMMUNITY_SERIES,
  type CommunitySource,
  KEY_SERIES,
  MESSAGE_SERIES,
  NO_SERIES,
  type RateDescription,
} from './statistics-sources.js';

/** The values of a community so far: entries tell only the changes. */
interface CommunityValues {
  className: string;
  /** By field of the log. */
  readonly fields: Map<string, number>;
}

type Descriptions = Map<string, Map<string | undefined, SeriesDescription>>;

/** The series from the entries of one instance, while they are read. */
export class StatisticsSeries {
  readonly #collection: SeriesCollection;
  readonly #grid: TimeGrid;
  readonly #goS: number;
  readonly #instance: number;
  /** The times of the overlay stack's entries. */
  readonly #looks = new LookTimes();
  readonly #communities = new Map<string, CommunityValues>();
  /** The last count of each kind of message, by key of the log. */
  readonly #counts = new Map<string, Map<string, number>>();
  /** The descriptions by class and field. */
  readonly #ofClasses: Descriptions = new Map();
  /** The descriptions by key and field. */
  readonly #ofKeys: Descriptions = new Map();

  constructor(collection: SeriesCollection, grid: TimeGrid, goS: number, instance: number) {
    this.#collection = collection;
    this.#grid = grid;
    this.#goS = goS;
    this.#instance = instance;
  }

  add({ wallS, key, value }: StatisticsEntry): void {
    const timeS = secondsSince(this.#goS, wallS);
    const summed = MESSAGE_SERIES.get(key);
    if (NO_SERIES.has(key)) return;
    if (key === OVERLAY_KEYS.stack) this.#addCommunities(this.#looks.stretchUntil(timeS), value);
    else if (summed !== undefined) this.#addCounts(key, summed, this.#looks.stretchUntil(timeS), value);
    else this.#addOther(key, timeS, value);
  }

  #addCommunities(stretch: readonly [fromS: number, toS: number], value: JsonValue): void {
    const { communities } = (isObject(value) ? value : {}) as Partial<Record<keyof StackEntry, JsonValue>>;
    if (!isObject(communities)) return;
    const classes = new Set<string>();
    for (const [cid, told] of Object.entries(communities)) {
      if (!isObject(told)) continue;
      const changed = new Map(Object.entries(told));
      const known = this.#communities.get(cid) ?? { className: '', fields: new Map<string, number>() };
      this.#communities.set(cid, known);
      const { classification: className } = told as Partial<Record<keyof CommunityEntry, JsonValue>>;
      if (typeof className === 'string') known.className = className;
      if (known.className === '') continue;
      classes.add(known.className);
      for (const [field, source] of COMMUNITY_SERIES) {
        const now = changed.get(field);
        if (typeof now !== 'number') continue;
        const growth = growthOf(known.fields.get(field) ?? 0, now);
        if (source.kind === 'rate') this.#countOf(known.className, field, source, stretch, growth);
        known.fields.set(field, now);
      }
    }
    for (const className of classes) this.#putSums(className, stretch);
  }

  #countOf(
    className: string,
    field: string,
    source: CommunitySource,
    stretch: readonly [fromS: number, toS: number],
    count: number,
  ): void {
    const description = this.#ofClass(className, field, source) as RateDescription;
    this.#collection.count(this.#grid, description, this.#owner, stretch, count);
  }

  /** A peer may be in several communities of one class. */
  #putSums(className: string, stretch: readonly [fromS: number, toS: number]): void {
    const ofClass = [...this.#communities.values()].filter((each) => each.className === className);
    for (const [field, source] of COMMUNITY_SERIES) {
      const told = ofClass.flatMap(({ fields }) => fields.get(field) ?? []);
      if (told.length === 0) continue;
      // A count that is not told has not grown: this is known for the stretch, too.
      if (source.kind === 'rate') this.#countOf(className, field, source, stretch, 0);
      else
        this.#collection.put(
          this.#grid,
          this.#ofClass(className, field, source),
          this.#owner,
          stretch[1],
          told.reduce((sum, value) => sum + value, 0),
        );
    }
  }

  #addCounts(
    key: string,
    description: RateDescription,
    stretch: readonly [fromS: number, toS: number],
    value: JsonValue,
  ): void {
    if (!isObject(value)) return;
    const counts = this.#counts.get(key) ?? new Map<string, number>();
    this.#counts.set(key, counts);
    for (const [name, count] of Object.entries(value)) {
      if (typeof count !== 'number') continue;
      const growth = growthOf(counts.get(name) ?? 0, count);
      counts.set(name, count);
      this.#collection.count(this.#grid, description, { name }, stretch, growth);
    }
  }

  /** Adds an entry of the experiment's own modules. */
  #addOther(key: string, timeS: number, value: JsonValue): void {
    const fields = isObject(value) ? Object.entries(value) : [[undefined, value] as const];
    for (const [field, each] of fields) {
      const number = typeof each === 'boolean' ? Number(each) : each;
      if (typeof number === 'number')
        this.#collection.put(this.#grid, this.#ofKey(key, field), this.#owner, timeS, number);
    }
  }

  #ofClass(className: string, field: string, source: CommunitySource): SeriesDescription {
    return described(this.#ofClasses, className, field, () => ({
      ...source,
      name: ourName(`${fileName(className)}-${source.name}`, `${className} ${source.name}`),
      title: `${source.title} of ${shortened(className)}`,
    }));
  }

  #ofKey(key: string, field: string | undefined): SeriesDescription {
    const ours = field === undefined ? KEY_SERIES.get(key) : undefined;
    if (ours !== undefined) return ours;
    const parts = field === undefined ? [key] : [key, field];
    return described(this.#ofKeys, key, field, () => ({
      name: experimentName('log', ...parts),
      title: parts.map(shortened).join(': '),
      unit: '',
      group: 'Experiment',
      kind: 'value',
    }));
  }

  get #owner() {
    return { name: String(this.#instance), instance: this.#instance };
  }
}

/** Each description is one object, however often it is asked for. */
function described(
  known: Descriptions,
  of: string,
  field: string | undefined,
  describe: () => SeriesDescription,
): SeriesDescription {
  const byField = known.get(of) ?? new Map<string | undefined, SeriesDescription>();
  known.set(of, byField);
  const description = byField.get(field) ?? describe();
  byField.set(field, description);
  return description;
}
