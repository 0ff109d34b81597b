import { type InstanceRange, isInRanges } from './instance-range.js';

/** A set of instances, e.g. those that an event is for. */
export type PeerSet =
  | { readonly kind: 'all' }
  /** The ranges are ascending, disjoint and within 1..N; an empty list is the empty set. */
  | { readonly kind: 'some'; readonly ranges: readonly InstanceRange[] };

export const ALL_PEERS: PeerSet = { kind: 'all' };

/**
 * The number of instances to load a scenario with when it is looked at without its configuration: no instance number is out of
 * range then. Such a scenario has a timeline, and no schedule.
 */
export const ANY_INSTANCE_COUNT = 999_999_999;

/** The set of all peers that the ranges name, which may be in any order, overlap, and reach outside 1..`instanceCount`. */
export function peerSetOf(ranges: readonly InstanceRange[], instanceCount: number): PeerSet {
  const merged: InstanceRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const [from, to] = [Math.max(1, range.from), Math.min(instanceCount, range.to)];
    const last = merged.at(-1);
    if (from > to) continue;
    if (last === undefined || from > last.to + 1) merged.push({ from, to });
    else if (to > last.to) merged[merged.length - 1] = { from: last.from, to };
  }
  return { kind: 'some', ranges: merged };
}

/** All peers but those in the set. */
export function complementOf(peers: PeerSet, instanceCount: number): PeerSet {
  const ranges: InstanceRange[] = [];
  let next = 1;
  for (const { from, to } of rangesOf(peers, instanceCount)) {
    if (next < from) ranges.push({ from: next, to: from - 1 });
    next = to + 1;
  }
  if (next <= instanceCount) ranges.push({ from: next, to: instanceCount });
  return { kind: 'some', ranges };
}

/** The peers that are in both sets. */
export function intersectionOf(a: PeerSet, b: PeerSet): PeerSet {
  if (a.kind === 'all') return b;
  if (b.kind === 'all') return a;
  const ranges: InstanceRange[] = [];
  let [indexA, indexB] = [0, 0];
  for (let rangeA = a.ranges[0], rangeB = b.ranges[0]; rangeA !== undefined && rangeB !== undefined;) {
    const [from, to] = [Math.max(rangeA.from, rangeB.from), Math.min(rangeA.to, rangeB.to)];
    if (from <= to) ranges.push({ from, to });
    if (rangeA.to <= rangeB.to) rangeA = a.ranges[++indexA];
    else rangeB = b.ranges[++indexB];
  }
  return { kind: 'some', ranges };
}

/** The first instance that is in both lists of ranges, which are ascending; undefined when none is. */
export function firstInBoth(one: readonly InstanceRange[], other: readonly InstanceRange[]): number | undefined {
  const both = intersectionOf({ kind: 'some', ranges: one }, { kind: 'some', ranges: other });
  return both.kind === 'some' ? both.ranges[0]?.from : undefined;
}

export function includesPeer(peers: PeerSet, peer: number): boolean {
  return peers.kind === 'all' || isInRanges(peers.ranges, peer);
}

/** The peers of a set, ascending. */
export function peersIn(peers: PeerSet, instanceCount: number): readonly number[] {
  const ranges = rangesOf(peers, instanceCount);
  const members = new Array<number>(ranges.reduce((count, { from, to }) => count + to - from + 1, 0));
  let index = 0;
  for (const { from, to } of ranges) for (let peer = from; peer <= to; peer++) members[index++] = peer;
  return members;
}

export function rangesOf(peers: PeerSet, instanceCount: number): readonly InstanceRange[] {
  if (peers.kind === 'some') return peers.ranges;
  return instanceCount < 1 ? [] : [{ from: 1, to: instanceCount }];
}
