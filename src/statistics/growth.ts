/**
 * How much a counter has grown between two looks at it. A counter that shows less than before was set back in between,
 * and what it shows was counted since then.
 */
export function growthOf(before: number, now: number): number {
  return now >= before ? now - before : now;
}
