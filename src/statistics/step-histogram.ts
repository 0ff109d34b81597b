import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** So many are kept as they are: an instance has a handful in a second, and the library's histogram takes 36 kB. */
const VALUES_MAX = 128;

/** The largest number that can be recorded; at a resolution of 0.001 it is 12 days in milliseconds. */
export const HIGHEST_STEPS = 2 ** 40;
/** Of many numbers: they are known to a hundredth of themselves. */
const SIGNIFICANT_DIGITS = 2;

/** How whole numbers from 1 are distributed: few exactly, many to two significant digits. */
export class StepHistogram {
  #values: number[] = [];
  #isSorted = true;
  #many: RecordableHistogram | undefined;

  get count(): number {
    return this.#many?.count ?? this.#values.length;
  }

  get max(): number {
    return this.#many?.max ?? Math.max(0, ...this.#values);
  }

  /** @param steps - a whole number from 1 to `HIGHEST_STEPS` */
  record(steps: number): void {
    if (this.#many === undefined && this.#values.length < VALUES_MAX) {
      this.#values.push(steps);
      this.#isSorted = false;
    } else this.#histogram().record(steps);
  }

  /** The value of the rank that `percent` of all values come to, rounded, as the library has it. There has to be a value. */
  percentile(percent: number): number {
    if (this.#many !== undefined) return this.#many.percentile(percent);
    if (!this.#isSorted) this.#values.sort((one, other) => one - other);
    this.#isSorted = true;
    const rank = Math.max(1, Math.floor((percent / 100) * this.#values.length + 0.5));
    return this.#values[Math.min(rank, this.#values.length) - 1] as number;
  }

  add(other: StepHistogram): void {
    if (other.#many !== undefined) this.#histogram().add(other.#many);
    else for (const steps of other.#values) this.record(steps);
  }

  reset(): void {
    this.#values = [];
    this.#isSorted = true;
    this.#many = undefined;
  }

  /** From now on the library keeps them. */
  #histogram(): RecordableHistogram {
    if (this.#many !== undefined) return this.#many;
    const many = createHistogram({ lowest: 1, highest: HIGHEST_STEPS, figures: SIGNIFICANT_DIGITS });
    for (const steps of this.#values) many.record(steps);
    this.#values = [];
    return (this.#many = many);
  }
}
