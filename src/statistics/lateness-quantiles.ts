import { createHistogram } from 'node:perf_hooks';
import type { Quantiles } from './quantiles.js';

/** Twelve days; nothing in a run is later. */
const HIGHEST_US = 2 ** 40;

/** Order statistics of all latenesses of a run, in memory that does not grow: each is known to a thousandth of itself. */
export class LatenessQuantiles {
  /** In microseconds; the library's values begin with 1. */
  readonly #histogram = createHistogram({ lowest: 1, highest: HIGHEST_US, figures: 3 });

  add(latenessMs: number): void {
    this.#histogram.record(Math.min(HIGHEST_US, Math.round(1000 * latenessMs) + 1));
  }

  /** In milliseconds; absent when nothing was added. */
  quantiles(): Quantiles | undefined {
    const { count, min, max } = this.#histogram;
    if (count === 0) return undefined;
    const ms = (us: number) => (us - 1) / 1000;
    const at = (percent: number) => ms(Math.min(max, this.#histogram.percentile(percent)));
    return { count, min: ms(min), median: at(50), p95: at(95), p99: at(99), max: ms(max) };
  }
}
