import { growthOf } from '../../statistics/growth.js';
import { Spread } from './spread.js';
import { fillForward, type TimeGrid } from './time-grid.js';

/** A line of a series while a run's files are read. */
export interface GrowingLine {
  /** Values come in order of time, as far as clocks go. */
  put(timeS: number, value: number): void;
  /** @param holdsUntilS - when whatever the line is of was last seen, where its last value stays true until then */
  finish(holdsUntilS: number | undefined): Float64Array;
  /** Of rates: all that was counted since GO. */
  readonly total?: number;
}

/** What is true until the next value; of several in one step the last. */
export class ValueLine implements GrowingLine {
  readonly #grid: TimeGrid;
  readonly #values: Float64Array;

  constructor(grid: TimeGrid) {
    this.#grid = grid;
    this.#values = grid.empty();
  }

  put(timeS: number, value: number): void {
    const index = this.#grid.indexOf(timeS);
    if (index >= 0) this.#values[index] = value;
  }

  /** Nobody knows what came after the last value of an instance that has ended. */
  finish(holdsUntilS: number | undefined): Float64Array {
    const held = holdsUntilS === undefined ? -1 : this.#grid.indexOf(holdsUntilS);
    return fillForward(this.#values, Math.max(held, lastKnown(this.#values)));
  }
}

/** What is true of its own step alone. What was before GO has none. */
export class SampleLine implements GrowingLine {
  readonly #grid: TimeGrid;
  readonly #values: Float64Array;

  constructor(grid: TimeGrid) {
    this.#grid = grid;
    this.#values = grid.empty();
  }

  put(timeS: number, value: number): void {
    const index = timeS < 0 ? -1 : this.#grid.indexOf(timeS);
    if (index >= 0) this.#values[index] = value;
  }

  finish(): Float64Array {
    return this.#values;
  }
}

/** A count since the start, shown by the second. */
export class RateLine implements GrowingLine {
  readonly #spread: Spread;
  #beforeS = Number.NaN;
  #before = Number.NaN;

  constructor(grid: TimeGrid) {
    this.#spread = new Spread(grid);
  }

  get total(): number {
    return this.#spread.total;
  }

  put(timeS: number, value: number): void {
    if (!Number.isNaN(this.#before)) this.add(this.#beforeS, timeS, growthOf(this.#before, value));
    this.#beforeS = timeS;
    this.#before = value;
  }

  /** What was counted in a stretch of time, by whoever knows that. */
  add(fromS: number, toS: number, count: number): void {
    this.#spread.add(fromS, toS, count);
  }

  /** Where only growth is told, none was told because there was none. */
  finish(holdsUntilS: number | undefined): Float64Array {
    if (holdsUntilS !== undefined && holdsUntilS > this.#beforeS) this.add(this.#beforeS, holdsUntilS, 0);
    return this.#spread.rates();
  }
}

/**
 * What processes that come and go have used together, shown by the second: a count that never becomes less. One that has ended is missing
 * in the sum until its parent has waited for it, and for good when nobody does: what is less than the most so far says nothing.
 */
export class UsageLine extends RateLine {
  #most = Number.NaN;

  override put(timeS: number, value: number): void {
    if (!(value <= this.#most)) this.#most = value;
    super.put(timeS, this.#most);
  }
}

/** The mean of something over the time since the look before, e.g. how busy it was; NaN where that look could not tell. */
export class ShareLine implements GrowingLine {
  readonly #stepS: number;
  readonly #weighted: Spread;
  readonly #seenS: Spread;
  #beforeS = Number.NaN;

  constructor(grid: TimeGrid) {
    this.#stepS = grid.stepS;
    this.#weighted = new Spread(grid);
    this.#seenS = new Spread(grid);
  }

  put(timeS: number, value: number): void {
    const lengthS = timeS - this.#beforeS;
    if (lengthS > 0 && !Number.isNaN(value)) {
      this.#weighted.add(this.#beforeS, timeS, value * lengthS);
      this.#seenS.add(this.#beforeS, timeS, lengthS);
    }
    this.#beforeS = timeS;
  }

  finish(): Float64Array {
    const { amounts: seenS } = this.#seenS;
    return this.#weighted.amounts.map((amount, index) =>
      (seenS[index] as number) >= this.#stepS / 2 ? amount / (seenS[index] as number) : Number.NaN,
    );
  }
}

/** The largest of something since the look before: it may have been in any of the steps between the two, and is shown in each. */
export class PeakLine implements GrowingLine {
  readonly #grid: TimeGrid;
  readonly #values: Float64Array;
  #beforeS = Number.NaN;

  constructor(grid: TimeGrid) {
    this.#grid = grid;
    this.#values = grid.empty();
  }

  put(timeS: number, value: number): void {
    const fromS = this.#beforeS < timeS ? this.#beforeS : timeS;
    this.#beforeS = timeS;
    if (timeS < 0 || Number.isNaN(value)) return;
    // A look reaches into two steps; a short stretch is of the one that holds most of it.
    const middle = this.#grid.indexOf((Math.max(0, fromS) + timeS) / 2);
    if (middle < 0) return;
    const { stepS } = this.#grid;
    const first = Math.min(middle, Math.max(0, Math.ceil(fromS / stepS - 0.5)));
    const last = Math.max(middle, Math.min(this.#grid.length, Math.ceil(timeS / stepS - 0.5)) - 1);
    for (let index = Math.max(0, first); index <= last; index++)
      if (!(value <= (this.#values[index] as number))) this.#values[index] = value;
  }

  finish(): Float64Array {
    return this.#values;
  }
}

function lastKnown(values: Float64Array): number {
  for (let index = values.length - 1; index >= 0; index--) if (!Number.isNaN(values[index])) return index;
  return -1;
}
