interface Dated {
  readonly mid: Buffer;
  readonly globalTime: bigint;
}

/** Orders what members say by its time, and at one time by the member: every peer arrives at the same order. */
export function byTimeThenMid(one: Dated, other: Dated): number {
  if (one.globalTime !== other.globalTime) return one.globalTime < other.globalTime ? -1 : 1;
  return one.mid.compare(other.mid);
}
