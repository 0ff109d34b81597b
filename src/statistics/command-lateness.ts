import { LATENESS_BUCKETS, latenessBucketOf } from './lateness-histogram.js';

/** At most so many of the latest values are kept when nobody takes them. */
const RECENT_KEPT = 100_000;

/** How late the commands of one instance began: each value is kept until somebody has taken it, and then only counted in its bucket. */
export class CommandLateness {
  /** The number of values in each bucket of `lateness-histogram.ts`, since the start. */
  readonly buckets = new Float64Array(LATENESS_BUCKETS);
  #recentMs: number[] = [];

  add(latenessMs: number): void {
    const bucket = latenessBucketOf(latenessMs);
    this.buckets[bucket] = (this.buckets[bucket] as number) + 1;
    if (this.#recentMs.length < RECENT_KEPT) this.#recentMs.push(latenessMs);
  }

  /** The values since the last call, in milliseconds. */
  take(): readonly number[] {
    const taken = this.#recentMs;
    this.#recentMs = [];
    return taken;
  }
}
