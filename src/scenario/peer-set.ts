/** The instances that an event is for. Ranges are inclusive and may overlap. */
export type PeerSet =
  | { readonly kind: 'all' }
  | { readonly kind: 'ranges'; readonly ranges: readonly PeerRange[] }
  | { readonly kind: 'except'; readonly ranges: readonly PeerRange[] };

export interface PeerRange {
  readonly from: number;
  readonly to: number;
}

export const ALL_PEERS: PeerSet = { kind: 'all' };

export function includesPeer(peers: PeerSet, peer: number): boolean {
  switch (peers.kind) {
    case 'all':
      return true;
    case 'ranges':
      return inRanges(peers.ranges, peer);
    case 'except':
      return !inRanges(peers.ranges, peer);
  }
}

/** The members among 1..`instanceCount`, ascending. */
export function membersOf(peers: PeerSet, instanceCount: number): readonly number[] {
  if (peers.kind === 'ranges') {
    const members = new Set<number>();
    for (const { from, to } of peers.ranges)
      for (let peer = Math.max(1, from); peer <= Math.min(to, instanceCount); peer++) members.add(peer);
    return [...members].sort((a, b) => a - b);
  }
  const members: number[] = [];
  for (let peer = 1; peer <= instanceCount; peer++) if (includesPeer(peers, peer)) members.push(peer);
  return members;
}

/** A set of just these peers. */
export function peerSetOf(members: readonly number[]): PeerSet {
  return { kind: 'ranges', ranges: members.map((peer) => ({ from: peer, to: peer })) };
}

function inRanges(ranges: readonly PeerRange[], peer: number): boolean {
  return ranges.some(({ from, to }) => peer >= from && peer <= to);
}
