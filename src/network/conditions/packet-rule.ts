import type { Address } from '../address.js';

/** A packet between its sender and the network, as a rule sees it. */
export interface PacketOnItsWay {
  readonly source: Address;
  readonly destination: Address;
  readonly packet: Buffer;
}

/** What becomes of a packet: it passes at once, it leaves later, or it is lost, counted by this reason. */
export type PacketFate = 'pass' | { readonly deliverAfterMs: number } | { readonly drop: string };

/** Decides about each packet. A rule draws chance from a seeded `Random`, so that a run can be repeated. */
export type PacketRule = (packet: PacketOnItsWay) => PacketFate;
