import type { MessageCounts } from './message-counters.js';

/** As much of a community as is counted. */
export interface CountingCommunity {
  readonly statistics: {
    /** Every kind of message that has occurred, with its counts. */
    readonly occurred: () => Iterable<readonly [name: string, counts: MessageCounts]>;
  };
}

/** Counts by kind of message. */
export type CountsByName = Readonly<Record<string, number>>;

/**
 * Counts of messages over all communities, by kind: messages of one name count together, whichever community they
 * belong to. The counts of a community stay when it is unloaded, so that no count becomes less for another reason than
 * a reset.
 */
export class MessageTotals<Name extends keyof MessageCounts> {
  readonly #names: readonly Name[];
  /** The communities that were loaded at the last look. */
  readonly #loaded = new Set<CountingCommunity>();
  readonly #ofUnloaded: Totals<Name>;

  /** @param names - what is counted of each message */
  constructor(names: readonly Name[]) {
    this.#names = names;
    this.#ofUnloaded = noTotals(names);
  }

  /**
   * The counts by what is counted and by message; kinds that never occurred are left out.
   * @param loaded - all communities that are loaded now
   */
  valuesOf(loaded: readonly CountingCommunity[]): Readonly<Record<Name, CountsByName>> {
    this.#foldUnloaded(loaded);
    const totals = noTotals(this.#names);
    for (const name of this.#names) for (const [kind, count] of this.#ofUnloaded[name]) totals[name].set(kind, count);
    for (const community of loaded) this.#add(totals, community);
    const entries = this.#names.map((name) => [name, Object.fromEntries(totals[name])] as const);
    return Object.fromEntries(entries) as unknown as Readonly<Record<Name, CountsByName>>;
  }

  /** All counts begin anew. */
  reset(): void {
    for (const name of this.#names) this.#ofUnloaded[name].clear();
  }

  #foldUnloaded(now: readonly CountingCommunity[]): void {
    for (const community of this.#loaded) if (!now.includes(community)) this.#add(this.#ofUnloaded, community);
    this.#loaded.clear();
    for (const community of now) this.#loaded.add(community);
  }

  #add(totals: Totals<Name>, { statistics }: CountingCommunity): void {
    for (const [kind, counts] of statistics.occurred())
      for (const name of this.#names) {
        const count = counts[name];
        if (count > 0) totals[name].set(kind, (totals[name].get(kind) ?? 0) + count);
      }
  }
}

type Totals<Name extends string> = Readonly<Record<Name, Map<string, number>>>;

function noTotals<Name extends string>(names: readonly Name[]): Totals<Name> {
  return Object.fromEntries(names.map((name) => [name, new Map<string, number>()])) as unknown as Totals<Name>;
}
