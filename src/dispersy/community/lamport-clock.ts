/** What eight bytes hold as a signed integer. Without bloom filter sync nothing narrower is acceptable. */
const GLOBAL_TIME_MAX = 2n ** 63n - 1n;

/** A community's logical time: every message of ours is later than all that we have seen. */
export class LamportClock {
  #globalTime = 0n;

  get globalTime(): bigint {
    return this.#globalTime;
  }

  /** At the end of time it stands still rather than leave the acceptable range. */
  claim(): bigint {
    if (this.#globalTime < GLOBAL_TIME_MAX) this.#globalTime++;
    return this.#globalTime;
  }

  raise(globalTime: bigint): void {
    if (globalTime > this.#globalTime) this.#globalTime = globalTime;
  }

  isAcceptable(globalTime: bigint): boolean {
    return globalTime <= GLOBAL_TIME_MAX;
  }
}
