/** By so much a share may seem to be outside of what shares can be, because two clocks are read one after the other. */
const SKEW_MAX = 0.05;

/**
 * The share of time in which a loop was busy, as Node tells it, brought within 0 and 1. Node reads the time and how long
 * a loop has been idle one after the other: of a loop that has nothing to do, every other share is a little below 0. A
 * loop that has not begun tells a share far outside, or none.
 */
export function plausibleUtilization(told: number): number | undefined {
  if (!(told >= -SKEW_MAX && told <= 1 + SKEW_MAX)) return undefined;
  return Math.min(1, Math.max(0, told));
}
