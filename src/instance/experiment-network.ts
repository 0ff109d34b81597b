import type { NatType } from '../network/nat/nat-type.js';

/** Some instances: their numbers, or a selection as a scenario writes it, without its braces: `1-10`, `!5`. */
export type PeerGroup = readonly number[] | string;

/** A value as scenarios write it: `'20..80 normal'`, `'5%'`; a number stands for itself. */
type Wish = string | number;

/** What a link is to be like; what is left out stays as it is. See docs/network.md for the values. */
export interface LinkWish {
  /** Milliseconds, one value for each pair: `20`, `'20..80 lognormal'`. */
  readonly latency?: Wish;
  /** Milliseconds that are added for each packet. */
  readonly jitter?: Wish;
  /** From 0 to 1, or a percentage. */
  readonly loss?: Wish;
  /** Packets in a row. */
  readonly burst?: Wish;
  /** From 0 to 1, or a percentage. */
  readonly duplicate?: Wish;
  /** From 0 to 1, or a percentage. */
  readonly corrupt?: Wish;
  /** Bytes, with headers; `'none'` for no limit. */
  readonly mtu?: Wish;
}

/** The links that are meant; without groups it is all of them. */
export interface LinkEnds {
  /** The instances at one end. */
  readonly from?: PeerGroup;
  /** The instances at the other end. @default everyone */
  readonly to?: PeerGroup;
  /** Whether only what goes from the first to the second is meant. @default false */
  readonly isOneWay?: boolean;
}

/**
 * The network between the instances, which a module changes as a scenario does. A change holds for everyone a link's
 * smallest latency later, at the same moment on any number of threads.
 *
 * Every method throws `GumbyError` NETWORK_UNCHANGEABLE in real time, and PARAMETER_INVALID for values that cannot be.
 */
export interface ExperimentNetwork {
  setLink(wish: LinkWish, ends?: LinkEnds): void;
  /** Rates per second, `'8mbit'`, and a size, `'64kB'`; `'none'` for no limit. @param peers - @default everyone */
  setBandwidth(
    wish: { readonly up?: string; readonly down?: string; readonly queue?: string },
    peers?: PeerGroup,
  ): void;
  /** Loses packets between groups until `heal`; a single group is parted from all others. */
  partition(...groups: readonly PeerGroup[]): void;
  heal(): void;
  /** Loses what the first group sends to the second, until `restore`. */
  cut(from: PeerGroup, to: PeerGroup): void;
  restore(): void;
  disconnect(peers: PeerGroup): void;
  reconnect(peers: PeerGroup): void;
  setNat(type: NatType, peers: PeerGroup): void;
  /** Lets instances stand still until `resume`. */
  pause(peers: PeerGroup): void;
  resume(peers: PeerGroup): void;
}
