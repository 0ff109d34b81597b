/** Order statistics of a set of samples; absent for an empty set, never zero. */
export interface Quantiles {
  readonly count: number;
  readonly min: number;
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** The quantiles of values of which each stands for many. @param counts - how many each value stands for; not necessarily whole numbers */
export function weightedQuantilesOf(
  values: ArrayLike<number>,
  counts: ArrayLike<number>,
  decimals = 3,
): Quantiles | undefined {
  const order = Array.from(values, (_, index) => index).filter((index) => (counts[index] as number) > 0);
  order.sort((one, other) => (values[one] as number) - (values[other] as number));
  const total = order.reduce((sum, index) => sum + (counts[index] as number), 0);
  if (order.length === 0) return undefined;
  const factor = 10 ** decimals;
  const [smallest = 0] = order;
  const at = (share: number) => {
    let found = smallest;
    let seen = 0;
    for (const index of order) {
      found = index;
      seen += counts[index] as number;
      if (seen >= share * total * (1 - 1e-9)) break;
    }
    return Math.round((values[found] as number) * factor) / factor;
  };
  return { count: Math.round(total), min: at(0), median: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** Nearest-rank quantiles, rounded to `decimals`. */
export function quantilesOf(samples: ArrayLike<number>, decimals = 3): Quantiles | undefined {
  if (samples.length === 0) return undefined;
  const sorted = new Float64Array(samples).sort();
  const factor = 10 ** decimals;
  const at = (share: number) => {
    const rank = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
    return Math.round((sorted[rank] as number) * factor) / factor;
  };
  return { count: sorted.length, min: at(0), median: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}
