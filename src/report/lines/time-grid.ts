/**
 * Equal steps of time since GO, so that the values of all instances stand beside each other however they were timed. A
 * step is named by its beginning, and holds the values of its time: step 3 of one second is from 3 s until 4 s.
 */
export class TimeGrid {
  readonly timesS: Float64Array;
  readonly stepS: number;
  /** The duration of the experiment. */
  readonly durationS: number;

  /** @param durationS - the duration of the experiment; the last step is the one that holds its end */
  constructor(durationS: number, stepS: number) {
    this.stepS = stepS;
    this.durationS = durationS;
    const count = Math.max(1, Math.ceil(durationS / stepS - ROUNDING));
    this.timesS = Float64Array.from({ length: count }, (_, index) => index * stepS);
  }

  get length(): number {
    return this.timesS.length;
  }

  /**
   * The step that a moment is in. Moments before GO are in the first step, moments a little after the end – of last
   * entries – in the last one; the result is -1 for everything later.
   */
  indexOf(timeS: number): number {
    const index = Math.max(0, Math.floor(timeS / this.stepS + ROUNDING));
    return index < this.length ? index : index <= this.length + 1 ? this.length - 1 : -1;
  }

  empty(): Float64Array {
    return new Float64Array(this.length).fill(Number.NaN);
  }
}

/** The seconds between two Unix times: doubles hold such times to less than a microsecond, and the difference is no more exact. */
export function secondsSince(goS: number, wallS: number): number {
  return Math.round((wallS - goS) * 1e6) / 1e6;
}

/** The tolerance at the edge of a step: differences of Unix times are exact to less than a microsecond. */
const ROUNDING = 1e-6;

/** Fills gaps: every value stays until the next one. @param endIndex - the last step that is filled */
export function fillForward(values: Float64Array, endIndex = values.length - 1): Float64Array {
  let last = Number.NaN;
  for (let index = 0; index <= endIndex; index++) {
    const value = values[index] as number;
    if (Number.isNaN(value)) values[index] = last;
    else last = value;
  }
  return values;
}
