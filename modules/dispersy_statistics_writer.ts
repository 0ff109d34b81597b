import {
  type Community,
  type CommunityEntry,
  type Dispersy,
  every,
  type Experiment,
  type JsonValue,
  MESSAGE_COUNTS,
  OVERLAY_KEYS,
  RESPONSE_TIME,
  type Timer,
} from 'gumby';
import { changedValues, type Values } from './changed_values.js';
import { MessageTotals } from './message_totals.js';

const INTERVAL_MS = 5_000;

/** Keys of entries that hold counts by name: by message, by reason, by candidate. */
const COUNT_KEYS: readonly string[] = [...MESSAGE_COUNTS.map(({ key }) => key), OVERLAY_KEYS.failedWalks];
const DROPS_KEY = MESSAGE_COUNTS.find(({ count }) => count === 'dropped')?.key as string;

/** Writes the changes in Dispersy's statistics to `statistics.log`, every 5 s, under the keys that Gumby used. */
export class DispersyStatisticsWriter {
  readonly #experiment: Experiment;
  readonly #dispersy: () => Dispersy;
  readonly #log: (key: string, value: JsonValue) => void;
  readonly #written = new Map<string, Values>();
  readonly #messages = new MessageTotals();
  readonly #watched = new WeakSet<Community>();
  #timer: Timer | undefined;

  constructor(experiment: Experiment, dispersy: () => Dispersy) {
    this.#experiment = experiment;
    this.#dispersy = dispersy;
    this.#log = experiment.statisticsLog.reserve('Dispersy', [...Object.values(OVERLAY_KEYS), ...COUNT_KEYS]);
  }

  start(): void {
    this.#watchCommunities();
    this.#timer ??= every(this.#experiment.clock, INTERVAL_MS, () => this.#writeOrReport(), { weak: true });
  }

  /** Stops writing, after it has written the last values and the neighbours of each community. */
  stop(): void {
    if (this.#timer === undefined) return;
    this.#timer.cancel();
    this.#timer = undefined;
    this.write();
    this.#log(OVERLAY_KEYS.neighbours, neighboursOf(this.#dispersy()));
  }

  /** Writes the changes since the last time. */
  write(): void {
    this.#watchCommunities();
    for (const [key, values] of Object.entries(this.#valuesByKey())) {
      const before = this.#written.get(key) ?? {};
      const now = COUNT_KEYS.includes(key) ? { ...zeros(before), ...values } : values;
      const changed = changedValues(before, now);
      if (changed === undefined) continue;
      this.#written.set(key, now);
      this.#log(key, changed);
    }
  }

  /** Sets everything that Dispersy counts to zero. The log gets the counts until now, and then the zeros. */
  reset(): void {
    if (this.#timer !== undefined) this.write();
    this.#dispersy().resetStatistics();
    this.#messages.reset();
    if (this.#timer !== undefined) this.write();
  }

  /** Communities come at any time. */
  #watchCommunities(): void {
    for (const community of this.#dispersy().communities) {
      if (this.#watched.has(community)) continue;
      this.#watched.add(community);
      community.events.on('answered', (_candidate, responseTimeMs) => this.#recordResponse(responseTimeMs));
    }
  }

  #recordResponse(responseTimeMs: number): void {
    const { statistics } = this.#experiment;
    const { part, name, ...init } = RESPONSE_TIME;
    statistics.histogramOf(part, name, init).record(Math.max(0, responseTimeMs));
  }

  #valuesByKey(): Readonly<Record<string, Values>> {
    const dispersy = this.#dispersy();
    const { drop, walk_fail, ...stack } = dispersy.statistics.toJSON();
    const loaded = new Map(dispersy.communities.map((community) => [community, community.statistics.toJSON()]));
    const communities = [...loaded.values()].map((told: CommunityEntry & { readonly cid: string }) => {
      // Messages have entries of their own.
      const values = Object.entries(told).filter(([name]) => name !== 'messages');
      return [told.cid, Object.fromEntries(values)] as const;
    });
    return {
      [OVERLAY_KEYS.stack]: { ...(stack as Values), communities: Object.fromEntries(communities) },
      [DROPS_KEY]: drop,
      ...this.#messages.valuesOf(loaded),
      [OVERLAY_KEYS.failedWalks]: walk_fail,
    };
  }

  #writeOrReport(): void {
    try {
      this.write();
    } catch (error) {
      this.#timer?.cancel();
      this.#timer = undefined;
      this.#experiment.fault('writing the statistics', error);
    }
  }
}

/** Zeros for the counts that are not there any more, because they were reset. */
function zeros(before: Values): Values {
  return Object.fromEntries(Object.keys(before).map((name) => [name, 0]));
}

/** The addresses of the peers that each community knows to be there, by the community's class; trackers are no peers. */
function neighboursOf(dispersy: Dispersy): Readonly<Record<string, readonly string[]>> {
  const neighbours = new Map<string, readonly string[]>();
  for (const community of dispersy.communities) {
    const known = community.verifiedCandidates().filter(({ isTracker }) => !isTracker);
    const name = community.constructor.name;
    neighbours.set(name, [...new Set([...(neighbours.get(name) ?? []), ...known.map(({ key }) => key)])]);
  }
  return Object.fromEntries(neighbours);
}
