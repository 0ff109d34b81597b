/** Order statistics of a set of samples; absent for an empty set, never zero. */
export interface Quantiles {
  readonly count: number;
  readonly min: number;
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Nearest-rank quantiles, rounded to `decimals`. */
export function quantilesOf(samples: readonly number[], decimals = 3): Quantiles | undefined {
  if (samples.length === 0) return undefined;
  const sorted = Float64Array.from(samples).sort();
  const factor = 10 ** decimals;
  const at = (share: number) => {
    const rank = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
    return Math.round((sorted[rank] as number) * factor) / factor;
  };
  return { count: sorted.length, min: at(0), median: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}
