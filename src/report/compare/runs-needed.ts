import { type Sample, tQuantile, varianceOf } from './sample.js';

/** The probability with which so many runs find a difference that is there. */
const POWER = 0.8;
/** More runs than this are not counted: nobody makes so many. */
export const RUNS_MAX = 1000;
/** Two runs have a spread, but it is known too badly: Student's t of so few is 12.7. */
export const RUNS_MIN = 3;

/**
 * How many runs of each kind it would take to tell means so far apart from chance at 95 %, with a power of 80 %, if the spread stays
 * as it is. A kind of a single run is taken to spread as the other one does.
 * @param distance - the distance between the means @returns undefined when no spread is known; `Infinity` for more than 1,000
 */
export function runsNeeded(distance: number, one: Sample, other: Sample): number | undefined {
  const [ofOne = varianceOf(other), ofOther = varianceOf(one)] = [varianceOf(one), varianceOf(other)];
  if (ofOne === undefined || ofOther === undefined) return undefined;
  const sum = ofOne + ofOther;
  if (sum === 0) return RUNS_MIN;
  for (let runs = RUNS_MIN; runs <= RUNS_MAX; runs++) {
    const degrees = ((runs - 1) * sum ** 2) / (ofOne ** 2 + ofOther ** 2);
    const reach = tQuantile(degrees) + tQuantile(degrees, POWER);
    if (reach * Math.sqrt(sum / runs) <= Math.abs(distance)) return runs;
  }
  return Infinity;
}
