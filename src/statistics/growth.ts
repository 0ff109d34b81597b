/**
 * How much a counter has grown between two looks at it. One that shows less than before was set back in between, and what it shows
 * was counted since.
 */
export function growthOf(before: number, now: number): number {
  return now >= before ? now - before : now;
}
