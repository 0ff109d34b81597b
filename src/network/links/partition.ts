import type { InstanceRange } from '../../runtime/peers/instance-range.js';
import { complementOf, firstInBoth, rangesOf } from '../../runtime/peers/peer-set.js';

type Group = readonly InstanceRange[];

/** The groups of a partition; a single one is parted from all others. */
export function partedGroups(groups: readonly [Group, ...Group[]], instanceCount: number): readonly Group[] {
  const [only, ...others] = groups;
  if (others.length > 0) return groups;
  return [only, rangesOf(complementOf({ kind: 'some', ranges: only }, instanceCount), instanceCount)];
}

/** An instance of each two groups that have one in common. */
export function* instancesInTwo(groups: readonly Group[]): Generator<number> {
  for (const [index, group] of groups.entries())
    for (const other of groups.slice(index + 1)) {
      const twice = firstInBoth(group, other);
      if (twice !== undefined) yield twice;
    }
}
