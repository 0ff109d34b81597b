import type { TimeGrid } from './time-grid.js';

/** A shorter stretch counts as a moment: times are known to a millisecond. */
const MOMENT_S = 1e-6;

/**
 * Amounts that came about over stretches of time which have nothing to do with the steps of a grid: each is spread evenly over its
 * stretch, so that a step gets the rate of its own time, however often somebody looked.
 */
export class Spread {
  /** The part of all amounts that came about since GO. */
  total = 0;
  readonly #grid: TimeGrid;
  /** The amount of each step. */
  readonly amounts: Float64Array;
  #firstS = Infinity;
  #lastS = -Infinity;

  constructor(grid: TimeGrid) {
    this.#grid = grid;
    this.amounts = new Float64Array(grid.length);
  }

  /** @param amount - the amount that came about after `fromS` and until `toS`; 0 is an amount as well, and different from not knowing */
  add(fromS: number, toS: number, amount: number): void {
    this.#firstS = Math.min(this.#firstS, fromS, toS);
    this.#lastS = Math.max(this.#lastS, toS);
    if (amount === 0 || toS < 0) return;
    // Two looks at the same moment, by a clock of milliseconds or a clock that was set back.
    if (!(toS - fromS > MOMENT_S)) {
      this.#addTo(this.#grid.indexOf(toS), amount);
      return;
    }
    const perS = amount / (toS - fromS);
    const { stepS, length } = this.#grid;
    for (let timeS = Math.max(0, fromS), index = Math.floor(timeS / stepS); timeS < toS; index++) {
      const endS = index + 1 < length ? Math.min(toS, (index + 1) * stepS) : toS;
      this.#addTo(Math.min(index, length - 1), perS * (endS - timeS));
      timeS = endS;
    }
  }

  /** The rate by the second in each step; NaN where amounts are known for less than half of the step. */
  rates(): Float64Array {
    const { stepS } = this.#grid;
    return this.amounts.map((amount, index) => {
      const isLast = index === this.amounts.length - 1;
      const endS = isLast ? Math.max(this.#lastS, 0) : (index + 1) * stepS;
      const seenS = Math.min(this.#lastS, endS) - Math.max(this.#firstS, index * stepS);
      return seenS >= stepS / 2 ? amount / seenS : Number.NaN;
    });
  }

  #addTo(index: number, amount: number): void {
    this.total += amount;
    const step = index < 0 ? this.amounts.length - 1 : index;
    this.amounts[step] = (this.amounts[step] as number) + amount;
  }
}
