import { type Community, MESSAGE_COUNTS } from 'gumby';
import type { Values } from './changed_values.js';

/** The counts of each kind of message, with their keys in the log; drops are counted by reason instead. */
const COUNTS = MESSAGE_COUNTS.filter((each) => each.count !== 'dropped');

type Count = (typeof COUNTS)[number]['count'];

/** What a community counts, as its statistics tell it. */
export type CommunityCounts = ReturnType<Community['statistics']['toJSON']>;

/**
 * Counts of messages over all communities, by kind: messages of one name count together, whichever community they
 * belong to. The counts of a community stay when it is unloaded, so that no count becomes less for another reason than
 * a reset.
 */
export class MessageTotals {
  /** The communities that were loaded at the last look. */
  readonly #loaded = new Set<Community>();
  readonly #ofUnloaded = new Map<Count, Map<string, number>>();

  /**
   * The counts by key of the log and message; kinds that never occurred are left out.
   * @param loaded - all communities that are loaded now, with what they count
   */
  valuesOf(loaded: ReadonlyMap<Community, CommunityCounts>): Readonly<Record<string, Values>> {
    this.#foldUnloaded(loaded);
    const totals = new Map([...this.#ofUnloaded].map(([count, byName]) => [count, new Map(byName)]));
    for (const counts of loaded.values()) addMessages(totals, counts);
    return Object.fromEntries(COUNTS.map(({ count, key }) => [key, Object.fromEntries(totals.get(count) ?? [])]));
  }

  /** All counts begin anew. */
  reset(): void {
    this.#ofUnloaded.clear();
  }

  #foldUnloaded(now: ReadonlyMap<Community, CommunityCounts>): void {
    for (const community of this.#loaded)
      if (!now.has(community)) addMessages(this.#ofUnloaded, community.statistics.toJSON());
    this.#loaded.clear();
    for (const community of now.keys()) this.#loaded.add(community);
  }
}

function addMessages(totals: Map<Count, Map<string, number>>, { messages }: CommunityCounts): void {
  for (const { count } of COUNTS) {
    const byName = totals.get(count) ?? new Map<string, number>();
    totals.set(count, byName);
    for (const [name, values] of Object.entries(messages)) {
      const total = (byName.get(name) ?? 0) + values[count];
      if (total > 0) byName.set(name, total);
    }
  }
}
