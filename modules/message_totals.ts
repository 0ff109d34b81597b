import type { Community, Dispersy } from 'gumby';
import type { Values } from './changed_values.js';

/** What is counted of each kind of message, and the keys of the log that have it. */
const KEY_BY_COUNTER = {
  delayed: 'statistics-delayed-messages',
  received: 'statistics-successful-messages',
  sent: 'statistics-outgoing-messages',
  created: 'statistics-created-messages',
  endpoint_recv: 'statistics-endpoint-recv',
  endpoint_send: 'statistics-endpoint-send',
} as const;

type Counter = keyof typeof KEY_BY_COUNTER;

export const MESSAGE_KEYS: readonly string[] = Object.values(KEY_BY_COUNTER);

/**
 * Counts of messages over all communities, by kind: messages of one name count together, whatever community they are of. What a
 * community counted before it was unloaded stays counted, so that no count becomes less for another reason than a reset.
 */
export class MessageTotals {
  /** Loaded when they were last looked at. */
  readonly #loaded = new Set<Community>();
  readonly #ofUnloaded = new Map<Counter, Map<string, number>>();

  /** By key of the log and message; kinds that never occurred are left out. */
  valuesOf(dispersy: Pick<Dispersy, 'communities'>): Readonly<Record<string, Values>> {
    this.#foldUnloaded(dispersy);
    const totals = new Map([...this.#ofUnloaded].map(([counter, byName]) => [counter, new Map(byName)]));
    for (const community of dispersy.communities) addMessages(totals, community);
    return Object.fromEntries(
      counters().map((counter) => [KEY_BY_COUNTER[counter], Object.fromEntries(totals.get(counter) ?? [])]),
    );
  }

  /** All counts begin anew. */
  reset(): void {
    this.#ofUnloaded.clear();
  }

  #foldUnloaded(dispersy: Pick<Dispersy, 'communities'>): void {
    const now = new Set(dispersy.communities);
    for (const community of this.#loaded) if (!now.has(community)) addMessages(this.#ofUnloaded, community);
    this.#loaded.clear();
    for (const community of now) this.#loaded.add(community);
  }
}

function addMessages(totals: Map<Counter, Map<string, number>>, community: Community): void {
  const { messages } = community.statistics.toJSON();
  for (const counter of counters()) {
    const byName = totals.get(counter) ?? new Map<string, number>();
    totals.set(counter, byName);
    for (const [name, values] of Object.entries(messages)) {
      const count = (byName.get(name) ?? 0) + values[counter];
      if (count > 0) byName.set(name, count);
    }
  }
}

function counters(): readonly Counter[] {
  return Object.keys(KEY_BY_COUNTER) as Counter[];
}
