import { growthOf } from '../../statistics/growth.js';
import { Spread } from './spread.js';
import { fillForward, type TimeGrid } from './time-grid.js';

/** A line of a series while a run's files are read. */
export interface GrowingLine {
  /** Adds a value. Values come in order of time, as far as clocks can be trusted. */
  put(timeS: number, value: number): void;
  /** @param holdsUntilS - when the instance of the line was last seen, where the last value stays true until then */
  finish(holdsUntilS: number | undefined): Float64Array;
  /** For rates, the number that was counted since GO. */
  readonly total?: number;
}

/** A line of values that hold until the next one; the last of several values in one step counts. */
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

/** A line of values that hold for their own step alone. A value from before GO has no step. */
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

/** A line of counts since the start, shown by the second. */
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

  /** Adds a number that was counted in a stretch of time. */
  add(fromS: number, toS: number, count: number): void {
    this.#spread.add(fromS, toS, count);
  }

  /** Where only growth is written, a time without entries had no growth. */
  finish(holdsUntilS: number | undefined): Float64Array {
    if (holdsUntilS !== undefined && holdsUntilS > this.#beforeS) this.add(this.#beforeS, holdsUntilS, 0);
    return this.#spread.rates();
  }
}

/**
 * A line of what processes that come and go have used together, shown by the second. The true count never becomes less,
 * but a process that has ended is missing in the sum until its parent has waited for it, and for good when nobody does:
 * so a sum below the largest so far says nothing.
 */
export class UsageLine extends RateLine {
  #most = Number.NaN;

  override put(timeS: number, value: number): void {
    if (!(value <= this.#most)) this.#most = value;
    super.put(timeS, this.#most);
  }
}

/** A line of means over the time since the look before, e.g. of how busy a thread was; NaN where a look could not measure it. */
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

/**
 * A line of largest values since the look before: such a value may belong to any of the steps between the two looks, and
 * is shown in each.
 */
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
    // The stretch between two looks reaches into two steps; a short stretch counts for the step that holds most of it.
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
