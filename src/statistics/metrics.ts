import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { GumbyError } from '../runtime/errors.js';

/** What a metric is of; it stands at the axes and under the graphs of the report. */
export interface MetricInit {
  /** Of one count or value, e.g. `bytes`, `ms`, `peers`. @default none */
  readonly unit?: string;
  /** A sentence for who reads the report. @default none */
  readonly description?: string;
}

export interface HistogramInit extends MetricInit {
  /** What values are rounded to, in their unit: 0.001 keeps microseconds of milliseconds. @default 0.001 */
  readonly resolution?: number;
}

export type MetricKind = 'counter' | 'gauge' | 'histogram';

/** What all values of a histogram in one second come to. */
export type HistogramSample = Readonly<Record<'count' | 'p50' | 'p95' | 'p99' | 'max', number>>;

/** Whom metrics tell that they are about to change. */
export interface Sampler {
  beforeChange(metric: Metric): void;
}

export type Metric = Counter | Gauge | Histogram;

/** Something that is counted, and only ever grows. */
export class Counter {
  readonly kind = 'counter';
  readonly name: string;
  readonly #sampler: Sampler;
  /** Whether it has changed since its last sample: kept by the sampler. */
  isChanged = false;
  #value = 0;

  constructor(name: string, sampler: Sampler) {
    this.name = name;
    this.#sampler = sampler;
  }

  /** Since the instance began. */
  get value(): number {
    return this.#value;
  }

  /** @throws GumbyError PARAMETER_INVALID for what is no number of at least 0 */
  add(count = 1): void {
    if (!(count >= 0 && count < Infinity)) throw notANumber(this, count, 'a number of at least 0');
    this.#sampler.beforeChange(this);
    this.#value += count;
  }

  takeSample(): number {
    return this.#value;
  }
}

/** Something that has a value at every moment. */
export class Gauge {
  readonly kind = 'gauge';
  readonly name: string;
  readonly #sampler: Sampler;
  /** Whether it has changed since its last sample: kept by the sampler. */
  isChanged = false;
  #value = Number.NaN;

  constructor(name: string, sampler: Sampler) {
    this.name = name;
    this.#sampler = sampler;
  }

  /** NaN until it is set. */
  get value(): number {
    return this.#value;
  }

  /** @throws GumbyError PARAMETER_INVALID for what is no finite number */
  set(value: number): void {
    if (!Number.isFinite(value)) throw notANumber(this, value, 'a finite number');
    if (value === this.#value) return;
    this.#sampler.beforeChange(this);
    this.#value = value;
  }

  takeSample(): number {
    return this.#value;
  }
}

/** Two significant digits: values are known to a hundredth of themselves. */
const SIGNIFICANT_DIGITS = 2;
/** With it a histogram takes some 70 KiB; of the default resolution it is 12 days in milliseconds. */
const HIGHEST_STEPS = 2 ** 40;

/** As many values describe a whole distribution; of so few samples each is kept. */
const DISTRIBUTION_VALUES = 200;

/** Something that happens again and again with a value of at least 0 each time, e.g. the time that an answer takes. */
export class Histogram {
  readonly kind = 'histogram';
  readonly name: string;
  readonly #sampler: Sampler;
  /** Whether it has changed since its last sample: kept by the sampler. */
  isChanged = false;
  readonly #resolution: number;
  readonly #sinceSample = newHistogram();
  readonly #total = newHistogram();

  constructor(name: string, sampler: Sampler, resolution: number) {
    this.name = name;
    this.#sampler = sampler;
    this.#resolution = resolution;
  }

  /** Of all values so far. */
  get count(): number {
    return this.#total.count + this.#sinceSample.count;
  }

  /** @throws GumbyError PARAMETER_INVALID for what is no number of at least 0, or too large for the resolution */
  record(value: number): void {
    // The library's values begin with 1.
    const steps = Math.round(value / this.#resolution) + 1;
    if (!(value >= 0 && steps <= HIGHEST_STEPS))
      throw notANumber(this, value, `a number from 0 to ${HIGHEST_STEPS * this.#resolution}`);
    this.#sampler.beforeChange(this);
    this.#sinceSample.record(steps);
  }

  takeSample(): HistogramSample {
    const since = this.#sinceSample;
    const at = (percent: number) => this.#valueOf(since.percentile(percent));
    const sample = { count: since.count, p50: at(50), p95: at(95), p99: at(99), max: this.#valueOf(since.max) };
    this.#total.add(since);
    since.reset();
    return sample;
  }

  /** Quantiles at equal distances over all values that were sampled: each stands for as many values as the others. */
  distribution(): readonly number[] {
    const length = Math.min(this.#total.count, DISTRIBUTION_VALUES);
    // A little off the middle, so that no rounding of the library chooses a neighbour.
    const at = (index: number) => this.#valueOf(this.#total.percentile((100 * (index + 0.75)) / length));
    return Array.from({ length }, (_, index) => at(index));
  }

  #valueOf(steps: number): number {
    return Number(((steps - 1) * this.#resolution).toPrecision(6));
  }
}

function newHistogram(): RecordableHistogram {
  return createHistogram({ lowest: 1, highest: HIGHEST_STEPS, figures: SIGNIFICANT_DIGITS });
}

function notANumber({ kind, name }: { readonly kind: string; readonly name: string }, value: number, expected: string) {
  return new GumbyError('PARAMETER_INVALID', `${kind} "${name}": ${value} is not ${expected}`, {
    context: { metric: name, value },
  });
}
