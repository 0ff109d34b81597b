/** Each bucket is a quarter of an octave: its upper bound is 2^(1/4), about 1.19, times that of the one before. */
const BUCKETS_PER_OCTAVE = 4;
const FIRST_BOUND_MS = 0.25;
/** The last bucket ends at 16 s and holds everything above as well. */
export const LATENESS_BUCKETS = 16 * BUCKETS_PER_OCTAVE + 1;

/**
 * The bucket that a lateness is counted in. Buckets grow with the lateness, so that few of them suffice for counts that
 * many threads share.
 */
export function latenessBucketOf(latenessMs: number): number {
  if (!(latenessMs > FIRST_BOUND_MS)) return 0;
  return Math.min(LATENESS_BUCKETS - 1, Math.ceil(BUCKETS_PER_OCTAVE * Math.log2(latenessMs / FIRST_BOUND_MS)));
}

/** The upper bound of a bucket, in milliseconds. */
export function upperBoundOf(bucket: number): number {
  return FIRST_BOUND_MS * 2 ** (bucket / BUCKETS_PER_OCTAVE);
}

/**
 * A nearest-rank quantile, given as the upper bound of the bucket that holds it: it is never too low, and too high by a fifth at most.
 * @param counts - by bucket
 * @returns milliseconds; undefined when nothing was counted
 */
export function latenessQuantile(counts: ArrayLike<number>, share: number): number | undefined {
  let total = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) total += counts[bucket] as number;
  if (total === 0) return undefined;
  const rank = Math.max(1, Math.ceil(share * total));
  let seen = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    seen += counts[bucket] as number;
    if (seen >= rank) return upperBoundOf(bucket);
  }
  return upperBoundOf(counts.length - 1);
}

/** `[upper bound in milliseconds, count]` of each bucket that holds anything, ascending. */
export type LatenessBuckets = readonly (readonly [boundMs: number, count: number])[];

/** @param counts - by bucket */
export function filledBuckets(counts: ArrayLike<number>): LatenessBuckets {
  const filled: (readonly [number, number])[] = [];
  for (let bucket = 0; bucket < counts.length; bucket++) {
    const count = counts[bucket] as number;
    if (count > 0) filled.push([Number(upperBoundOf(bucket).toPrecision(4)), count]);
  }
  return filled;
}
