import type { Clock } from '../../runtime/clock.js';

/** The largest global time: the largest signed integer of eight bytes. Without bloom filter sync any time up to it is acceptable. */
export const GLOBAL_TIME_MAX = 2n ** 63n - 1n;

/** A few peers could agree to lie; the median of this many is worth something. */
const PEERS_MIN = 5;
const ACCEPTABLE_CACHED_MS = 5_000;

export interface LamportClockInit {
  readonly clock: Clock;
  /** How far ahead of us a message may be; undefined when there is no limit. */
  readonly acceptableRange: () => bigint | undefined;
  /** The global times that verified candidates told us. */
  readonly peerTimes: () => readonly bigint[];
}

/** A community's logical time: every message of ours is later than all messages that we have seen. */
export class LamportClock {
  #globalTime = 0n;
  #peersMedian = 0n;
  #medianAgeMs = -Infinity;
  readonly #init: LamportClockInit;

  constructor(init: LamportClockInit) {
    this.#init = init;
  }

  get globalTime(): bigint {
    return this.#globalTime;
  }

  /** The time of the next message of ours. At the end of time it stands still rather than leave the acceptable range. */
  get next(): bigint {
    return this.#globalTime < GLOBAL_TIME_MAX ? this.#globalTime + 1n : GLOBAL_TIME_MAX;
  }

  claim(): bigint {
    this.#globalTime = this.next;
    return this.#globalTime;
  }

  /** Goes on from the time of an earlier session. */
  resume(globalTime: bigint): void {
    if (globalTime > this.#globalTime) this.#globalTime = globalTime;
  }

  /** Follows a time that we were told, if it is acceptable. */
  raise(globalTime: bigint): void {
    if (globalTime > this.#globalTime && this.isAcceptable(globalTime)) this.#globalTime = globalTime;
  }

  /** Whether a time is acceptable: otherwise one message from the far future would leave no room for the messages of all others. */
  isAcceptable(globalTime: bigint): boolean {
    const range = this.#init.acceptableRange();
    if (range === undefined) return globalTime <= GLOBAL_TIME_MAX;
    return globalTime <= this.#globalTime + range || globalTime <= this.#median() + range;
  }

  /** The median of the peers' times, if there are enough of them; computed anew every 5 s at most. */
  #median(): bigint {
    const nowMs = this.#init.clock.nowMs();
    if (nowMs < this.#medianAgeMs + ACCEPTABLE_CACHED_MS) return this.#peersMedian;
    this.#medianAgeMs = nowMs;
    const times = [...this.#init.peerTimes()].sort((one, other) => (one < other ? -1 : one > other ? 1 : 0));
    this.#peersMedian = times.length > PEERS_MIN ? (times[times.length >> 1] as bigint) : 0n;
    return this.#peersMedian;
  }
}
