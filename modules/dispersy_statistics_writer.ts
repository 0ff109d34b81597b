import {
  changedValues,
  type Community,
  type CommunityEntry,
  type Dispersy,
  every,
  type Experiment,
  type JsonValue,
  MESSAGE_COUNTS,
  MessageTotals,
  OVERLAY_KEYS,
  RESPONSE_TIME,
  type Timer,
  type Values,
} from 'gumby';

const INTERVAL_MS = 5_000;

/** Keys of entries that hold counts by name: by message, by reason, by candidate. */
const COUNT_KEYS: ReadonlySet<string> = new Set([...MESSAGE_COUNTS.map(({ key }) => key), OVERLAY_KEYS.failedWalks]);
/** The counts of each kind of message; drops are counted by reason instead. */
const COUNTED = MESSAGE_COUNTS.filter((each) => each.count !== 'dropped');
const DROPS_KEY = MESSAGE_COUNTS.find(({ count }) => count === 'dropped')?.key as string;

/** Writes the changes in Dispersy's statistics to `statistics.log`, every 5 s, under the keys that Gumby used. */
export class DispersyStatisticsWriter {
  readonly #experiment: Experiment;
  readonly #dispersy: () => Dispersy;
  readonly #log: (key: string, value: JsonValue) => void;
  readonly #written = new Map<string, Values>();
  readonly #messages = new MessageTotals(COUNTED.map(({ count }) => count));
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
      const now = COUNT_KEYS.has(key) ? withZeros(before, values) : values;
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
    const { communities } = dispersy;
    const told = communities.map(({ statistics }): readonly [string, CommunityEntry] => {
      const summary = statistics.summary();
      return [summary.cid, summary];
    });
    const totals = this.#messages.valuesOf(communities);
    return {
      [OVERLAY_KEYS.stack]: { ...(stack as Values), communities: Object.fromEntries(told) },
      [DROPS_KEY]: drop,
      ...Object.fromEntries(COUNTED.map(({ count, key }) => [key, totals[count]])),
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

/** Counts with zeros for those that are not there any more, because they were reset. */
function withZeros(before: Values, values: Values): Values {
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(values, name));
  return gone.length === 0 ? values : { ...Object.fromEntries(gone.map((name) => [name, 0])), ...values };
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
