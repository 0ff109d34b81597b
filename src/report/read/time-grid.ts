/**
 * Equal steps of time since GO, so that the values of all instances stand beside each other however they were timed. Each step
 * holds the last value that was known at its end.
 */
export class TimeGrid {
  readonly timesS: Float64Array;
  readonly stepS: number;

  /** @param durationS - of the experiment; the grid ends with the step that holds its end */
  constructor(durationS: number, stepS: number) {
    this.stepS = stepS;
    const count = Math.max(1, Math.ceil(durationS / stepS - 1e-9)) + 1;
    this.timesS = Float64Array.from({ length: count }, (_, index) => index * stepS);
  }

  get length(): number {
    return this.timesS.length;
  }

  /** The first step at which a value of this time is known; -1 after the end. What was before GO is known at GO. */
  indexOf(timeS: number): number {
    const index = Math.max(0, Math.ceil(timeS / this.stepS - 1e-9));
    return index < this.length ? index : timeS <= (this.timesS.at(-1) ?? 0) + this.stepS ? this.length - 1 : -1;
  }

  empty(): Float64Array {
    return new Float64Array(this.length).fill(Number.NaN);
  }
}

/** Every value stays until the next one. @param endIndex - the last step at which anything was known of it */
export function fillForward(values: Float64Array, endIndex = values.length - 1): Float64Array {
  let last = Number.NaN;
  for (let index = 0; index <= endIndex; index++) {
    const value = values[index] as number;
    if (Number.isNaN(value)) values[index] = last;
    else last = value;
  }
  return values;
}

/** From what was counted to what that is a second; where a counter began anew there is none. */
export function ratesOf(counts: ArrayLike<number>, stepS: number): Float64Array {
  const rates = new Float64Array(counts.length).fill(Number.NaN);
  for (let index = 1; index < counts.length; index++) {
    const difference = (counts[index] as number) - (counts[index - 1] as number);
    if (difference >= 0) rates[index] = difference / stepS;
  }
  return rates;
}
