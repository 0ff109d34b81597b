import type { Clock } from '../runtime/clock.js';
import { GumbyError } from '../runtime/errors.js';
import type { HistogramSample, MetricDefinitionEntry } from '../output/metric-entries.js';
import type { MetricMemory } from './metric-memory.js';
import { HIGHEST_STEPS, StepHistogram } from './step-histogram.js';

/** The description of a metric, which stands at the axes and under the graphs of the report. */
export interface MetricInit {
  /** The unit of one count or value, e.g. `bytes`, `ms`, `peers`. @default none */
  readonly unit?: string;
  /** A sentence for who reads the report. @default none */
  readonly description?: string;
}

export interface HistogramInit extends MetricInit {
  /** The step to which values are rounded, in their unit: 0.001 keeps microseconds of milliseconds. @default 0.001 */
  readonly resolution?: number;
}

export type MetricKind = MetricDefinitionEntry['kind'];

/** Something that is counted, and only ever grows. */
export class Counter {
  readonly kind = 'counter';
  readonly name: string;
  readonly #values: Float64Array;
  readonly #slot: number;

  constructor(name: string, memory: MetricMemory) {
    this.name = name;
    this.#slot = memory.allocate(name, 0);
    this.#values = memory.values;
  }

  /** The count since the instance began. */
  get value(): number {
    return this.#values[this.#slot] as number;
  }

  /** @throws GumbyError PARAMETER_INVALID for a value that is no number of at least 0 */
  add(count = 1): void {
    if (!(count >= 0 && count < Infinity)) throw notANumber(this, count, 'a number of at least 0');
    this.#values[this.#slot] = this.value + count;
  }
}

/** Something that has a value at every moment. */
export class Gauge {
  readonly kind = 'gauge';
  readonly name: string;
  readonly #values: Float64Array;
  readonly #setAtMs: Float64Array;
  readonly #slot: number;
  readonly #clock: Clock;

  constructor(name: string, memory: MetricMemory, clock: Clock) {
    this.name = name;
    this.#slot = memory.allocate(name, Number.NaN);
    this.#values = memory.values;
    this.#setAtMs = memory.setAtMs;
    this.#clock = clock;
  }

  /** NaN until it is set. */
  get value(): number {
    return this.#values[this.#slot] as number;
  }

  /** @throws GumbyError PARAMETER_INVALID for a value that is no finite number */
  set(value: number): void {
    if (!Number.isFinite(value)) throw notANumber(this, value, 'a finite number');
    // The time is set first, so that a reader who sees the value sees its time as well.
    this.#setAtMs[this.#slot] = this.#clock.wallMs();
    this.#values[this.#slot] = value;
  }
}

/** So many values describe a whole distribution; of fewer samples each is kept. */
const DISTRIBUTION_VALUES = 200;

/** Something that happens again and again with a value of at least 0 each time, e.g. the time that an answer takes. */
export interface Histogram {
  readonly kind: 'histogram';
  readonly name: string;
  /** How many values there were so far. */
  readonly count: number;
  /** @throws GumbyError PARAMETER_INVALID for what is no number of at least 0, or too large for the resolution */
  record(value: number): void;
}

/** A histogram as its instance keeps it: it is sampled from time to time, and known as a whole at the end. */
export class SampledHistogram implements Histogram {
  readonly kind = 'histogram';
  readonly name: string;
  readonly #beforeRecord: () => void;
  readonly #resolution: number;
  readonly #sinceSample = new StepHistogram();
  readonly #total = new StepHistogram();

  /** @param beforeRecord - is called before each value, so that a second that is over is written without it */
  constructor(name: string, resolution: number, beforeRecord: () => void) {
    this.name = name;
    this.#resolution = resolution;
    this.#beforeRecord = beforeRecord;
  }

  get count(): number {
    return this.#total.count + this.#sinceSample.count;
  }

  record(value: number): void {
    // Values of the library begin with 1.
    const steps = Math.round(value / this.#resolution) + 1;
    if (!(value >= 0 && steps <= HIGHEST_STEPS))
      throw notANumber(this, value, `a number from 0 to ${HIGHEST_STEPS * this.#resolution}`);
    this.#beforeRecord();
    this.#sinceSample.record(steps);
  }

  /** Takes a sample of the values since the last one; undefined when there were none. */
  takeSample(): HistogramSample | undefined {
    const since = this.#sinceSample;
    if (since.count === 0) return undefined;
    const at = (percent: number) => this.#valueOf(since.percentile(percent));
    const sample = { count: since.count, p50: at(50), p95: at(95), p99: at(99), max: this.#valueOf(since.max) };
    this.#total.add(since);
    since.reset();
    return sample;
  }

  /** Quantiles at equal distances over all values that were sampled: each stands for as many values as the others. */
  distribution(): readonly number[] {
    const length = Math.min(this.#total.count, DISTRIBUTION_VALUES);
    // The percentile is a little off the middle, so that no rounding of the library chooses a neighbour.
    const at = (index: number) => this.#valueOf(this.#total.percentile((100 * (index + 0.75)) / length));
    return Array.from({ length }, (_, index) => at(index));
  }

  #valueOf(steps: number): number {
    return Number(((steps - 1) * this.#resolution).toPrecision(6));
  }
}

function notANumber({ kind, name }: { readonly kind: string; readonly name: string }, value: number, expected: string) {
  return new GumbyError('PARAMETER_INVALID', `${kind} "${name}": ${value} is not ${expected}`, {
    context: { metric: name, value },
  });
}
