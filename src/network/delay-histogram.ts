/** Delays up to this many milliseconds are told apart; longer ones count as this long. */
const MAX_MS = 2 ** 23;
/** Delays from 0 to this many milliseconds are one. */
const MIN_MS = 2 ** -7;
/** Buckets to each doubling: a quantile is right within 1.1 %. */
const BUCKETS_PER_OCTAVE = 64;
const OCTAVES = Math.log2(MAX_MS / MIN_MS);
const BUCKETS = OCTAVES * BUCKETS_PER_OCTAVE + 1;
/** Count, sum, smallest and largest come before the buckets. */
const HEAD = 4;

/** How many numbers a histogram takes. */
export const DELAY_HISTOGRAM_LENGTH = HEAD + BUCKETS;

/** What delays were like, in milliseconds. */
export interface DelaySummary {
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly p5: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

/** Delays of packets, counted in numbers that threads share. */
export class DelayHistogram {
  readonly #numbers: Float64Array;

  /** @param numbers - `DELAY_HISTOGRAM_LENGTH` of them */
  constructor(numbers: Float64Array) {
    this.#numbers = numbers;
  }

  record(delayMs: number): void {
    const numbers = this.#numbers;
    const [count, sum, min, max] = [
      numbers[0] as number,
      numbers[1] as number,
      numbers[2] as number,
      numbers[3] as number,
    ];
    numbers[1] = sum + delayMs;
    numbers[2] = count === 0 ? delayMs : Math.min(min, delayMs);
    numbers[3] = Math.max(max, delayMs);
    const bucket = HEAD + bucketOf(delayMs);
    numbers[bucket] = (numbers[bucket] as number) + 1;
    numbers[0] = count + 1;
  }

  /** What several histograms say together; undefined when they have counted nothing. */
  static summaryOf(histograms: readonly DelayHistogram[]): DelaySummary | undefined {
    const all = histograms.map((each) => each.#numbers).filter(([count]) => count !== 0);
    const count = all.reduce((sum, numbers) => sum + (numbers[0] as number), 0);
    if (count === 0) return undefined;
    const min = Math.min(...all.map((numbers) => numbers[2] as number));
    const max = Math.max(...all.map((numbers) => numbers[3] as number));
    const quantile = (share: number): number => {
      let left = share * count;
      for (let bucket = 0; bucket < BUCKETS; bucket++) {
        for (const numbers of all) left -= numbers[HEAD + bucket] as number;
        if (left <= 0) return Math.min(max, Math.max(min, middleOf(bucket)));
      }
      return max;
    };
    const mean = all.reduce((sum, numbers) => sum + (numbers[1] as number), 0) / count;
    const quantiles = { p5: quantile(0.05), median: quantile(0.5), p95: quantile(0.95) };
    return { count, ...rounded({ mean, min, ...quantiles, max }) };
  }
}

/** To the nanosecond: sums are added up in another order when threads are others. */
function rounded<T extends Readonly<Record<string, number>>>(values: T): T {
  return Object.fromEntries(Object.entries(values).map(([name, ms]) => [name, Math.round(ms * 1e6) / 1e6])) as T;
}

function bucketOf(delayMs: number): number {
  if (!(delayMs > MIN_MS)) return 0;
  return Math.min(BUCKETS - 1, 1 + Math.floor(Math.log2(delayMs / MIN_MS) * BUCKETS_PER_OCTAVE));
}

function middleOf(bucket: number): number {
  return bucket === 0 ? 0 : MIN_MS * 2 ** ((bucket - 0.5) / BUCKETS_PER_OCTAVE);
}
