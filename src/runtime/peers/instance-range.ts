/** Instances from a number to another, both included. */
export interface InstanceRange {
  readonly from: number;
  readonly to: number;
}

/** Whether some range has an instance. */
export function isInRanges(ranges: readonly InstanceRange[], instance: number): boolean {
  for (const { from, to } of ranges) if (instance >= from && instance <= to) return true;
  return false;
}

export function* instancesIn(ranges: readonly InstanceRange[]): Generator<number> {
  for (const { from, to } of ranges) for (let instance = from; instance <= to; instance++) yield instance;
}
