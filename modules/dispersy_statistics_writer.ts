import { type Community, type Dispersy, every, type Experiment, type Timer } from 'gumby';
import { changedValues, type Values } from './changed_values.js';

const INTERVAL_MS = 5_000;

const RESPONSE_TIME = { unit: 'ms', description: 'From an introduction-request to its response' };

/** Counters of every kind of message, as the stack keeps them. */
type MessageStatistics = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Their names in the log, and the keys under which they are written. */
const KEY_BY_COUNTER = {
  delayed: 'statistics-delayed-messages',
  received: 'statistics-successful-messages',
  sent: 'statistics-outgoing-messages',
  created: 'statistics-created-messages',
  endpoint_recv: 'statistics-endpoint-recv',
  endpoint_send: 'statistics-endpoint-send',
} as const;

/** Writes what changed of Dispersy's statistics to `statistics.log`, every 5 s, under the keys that Gumby used. */
export class DispersyStatisticsWriter {
  readonly #experiment: Experiment;
  readonly #dispersy: () => Dispersy;
  readonly #written = new Map<string, Values>();
  readonly #watched = new WeakSet<Community>();
  #timer: Timer | undefined;

  constructor(experiment: Experiment, dispersy: () => Dispersy) {
    this.#experiment = experiment;
    this.#dispersy = dispersy;
  }

  start(): void {
    this.#watchCommunities();
    this.#timer ??= every(this.#experiment.clock, INTERVAL_MS, () => this.#writeOrReport(), { weak: true });
  }

  /** The last values are written as well, and whom each community knows by now. */
  stop(): void {
    if (this.#timer === undefined) return;
    this.#timer.cancel();
    this.#timer = undefined;
    this.write();
    this.#experiment.statisticsLog.write('neighbours', neighboursOf(this.#dispersy()));
  }

  /** Writes what changed since the last time. */
  write(): void {
    this.#watchCommunities();
    for (const [key, values] of Object.entries(valuesByKey(this.#dispersy()))) {
      const changed = changedValues(this.#written.get(key) ?? {}, values);
      if (changed === undefined) continue;
      this.#written.set(key, values);
      this.#experiment.statisticsLog.write(key, changed);
    }
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
    this.#experiment.statistics.histogram('response-time', RESPONSE_TIME).record(Math.max(0, responseTimeMs));
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

function valuesByKey(dispersy: Dispersy): Readonly<Record<string, Values>> {
  const { drop, walk_fail, ...stack } = dispersy.statistics.toJSON();
  const communities: Record<string, Values> = {};
  const counters: Record<string, Record<string, number>> = {};
  for (const community of dispersy.communities) {
    const { messages, ...values } = community.statistics.toJSON();
    communities[values.cid] = values;
    addCounters(counters, messages);
  }
  return {
    statistics: { ...(stack as Values), communities },
    'statistics-dropped-messages': drop,
    ...counters,
    'statistics-walk-fail': walk_fail,
  };
}

/** The addresses of those that each community knows to be there, by its class; trackers are no peers. */
function neighboursOf(dispersy: Dispersy): Readonly<Record<string, readonly string[]>> {
  const neighbours: Record<string, readonly string[]> = {};
  for (const community of dispersy.communities) {
    const known = community.verifiedCandidates().filter(({ isTracker }) => !isTracker);
    const name = community.constructor.name;
    neighbours[name] = [...new Set([...(neighbours[name] ?? []), ...known.map(({ key }) => key)])];
  }
  return neighbours;
}

/** Messages of one name count together, whatever community they are of; kinds that never occurred are left out. */
function addCounters(counters: Record<string, Record<string, number>>, messages: MessageStatistics): void {
  for (const [counter, key] of Object.entries(KEY_BY_COUNTER)) {
    const byName = (counters[key] ??= {});
    for (const [name, values] of Object.entries(messages)) {
      const count = (byName[name] ?? 0) + (values[counter] ?? 0);
      if (count > 0) byName[name] = count;
    }
  }
}
