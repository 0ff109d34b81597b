import { type Address, addressKey } from '../address.js';
import { NAT_BEHAVIOURS, type NatBehaviour, type NatType } from './nat-type.js';
import type { NatSettings } from './nat-settings.js';
import { RecentPeers } from './recent-peers.js';

/** The outside ports that one instance has for itself: a NAT that several share gives each a block (RFC 7422). */
export interface PortBlock {
  readonly first: number;
  readonly count: number;
}

interface Mapping {
  /** What the mapping belongs to; see `NatBehaviour.mapping`. */
  readonly key: string;
  readonly insidePort: number;
  readonly outsidePort: number;
  usedMs: number;
  /** Whom the filter lets in. */
  readonly peers: RecentPeers;
}

/** Mappings that are over are swept out whenever there are so many, or twice as many as after the sweep before. */
const SWEEP_FROM = 64;

/**
 * The NAT of one instance: what the instance has sent decides under which port others see it, and who gets in. A NAT that
 * several instances share is one of these for each, with ports of its own, so that no thread needs to ask another.
 */
export class Nat {
  readonly #behaviour: NatBehaviour;
  readonly #settings: NatSettings;
  readonly #block: PortBlock;
  readonly #chance: (count: number) => number;
  readonly #byKey = new Map<string, Mapping>();
  readonly #byPort = new Map<number, Mapping>();
  #portsChosen = 0;
  #sweepAt = SWEEP_FROM;
  /** No port becomes free before this time. */
  #fullUntilMs = -Infinity;

  /** @param chance - a number in [0, 1) for each count; symmetric NATs choose ports by it, so that nobody can guess them */
  constructor(type: NatType, settings: NatSettings, block: PortBlock, chance: (count: number) => number) {
    this.#behaviour = NAT_BEHAVIOURS[type];
    this.#settings = settings;
    this.#block = block;
    this.#chance = chance;
  }

  /** How many mappings are remembered, those included that are over and not swept out yet. */
  get size(): number {
    return this.#byKey.size;
  }

  /** A packet goes out. @returns the port that it is seen to come from; undefined when no outside port is left */
  outbound(insidePort: number, destination: Address, nowMs: number): number | undefined {
    if (this.#behaviour.filtering === 'none') return insidePort;
    const mapping = this.#mappingFor(insidePort, destination, nowMs);
    if (mapping === undefined) return undefined;
    this.#refresh(mapping, destination, nowMs);
    return mapping.outsidePort;
  }

  /** A packet comes to an outside port. @returns the inside port that it goes to; undefined when the NAT does not let it in */
  inbound(outsidePort: number, source: Address, nowMs: number): number | undefined {
    if (this.#behaviour.filtering === 'none') return outsidePort;
    const mapping = this.#byPort.get(outsidePort);
    if (mapping === undefined || this.#isOver(mapping, nowMs)) return undefined;
    const peer = this.#peerOf(source);
    if (peer !== undefined && !mapping.peers.has(peer, nowMs)) return undefined;
    if (this.#settings.refreshesInbound) this.#refresh(mapping, source, nowMs);
    return mapping.insidePort;
  }

  #refresh(mapping: Mapping, address: Address, nowMs: number): void {
    mapping.usedMs = nowMs;
    const peer = this.#peerOf(address);
    if (peer !== undefined) mapping.peers.note(peer, nowMs);
  }

  #mappingFor(insidePort: number, destination: Address, nowMs: number): Mapping | undefined {
    const dependsOnPeer = this.#behaviour.mapping === 'address-and-port-dependent';
    const key = dependsOnPeer ? `${insidePort} ${addressKey(destination)}` : String(insidePort);
    const known = this.#byKey.get(key);
    if (known !== undefined) {
      if (!this.#isOver(known, nowMs)) return known;
      this.#forget(known);
    }
    if (this.#byKey.size >= this.#sweepAt) this.#sweep(nowMs);
    const outsidePort = this.#choosePort(insidePort, nowMs);
    if (outsidePort === undefined) return undefined;
    const peers = new RecentPeers(this.#settings.timeoutMs);
    const mapping: Mapping = { key, insidePort, outsidePort, usedMs: nowMs, peers };
    this.#byKey.set(key, mapping);
    this.#byPort.set(outsidePort, mapping);
    return mapping;
  }

  /** Whom the filter lets in after a packet to this address; undefined where it lets in everyone. */
  #peerOf(address: Address): string | undefined {
    switch (this.#behaviour.filtering) {
      case 'address-dependent':
        return address.host;
      case 'address-and-port-dependent':
        return addressKey(address);
      default:
        return undefined;
    }
  }

  #choosePort(insidePort: number, nowMs: number): number | undefined {
    const { first, count } = this.#block;
    switch (this.#behaviour.mapping) {
      case 'none':
        return insidePort;
      case 'endpoint-independent':
        // Home routers keep the port where they can (RFC 4787, section 4.2.1).
        return this.#freeFrom(insidePort >= first && insidePort < first + count ? insidePort : first, nowMs);
      case 'address-and-port-dependent':
        return this.#freeFrom(first + Math.floor(this.#chance(this.#portsChosen++) * count), nowMs);
    }
  }

  /** The first free port of the block from `port` on, round the end. */
  #freeFrom(port: number, nowMs: number): number | undefined {
    const { first, count } = this.#block;
    if (this.#byPort.size >= count && nowMs >= this.#fullUntilMs) this.#sweep(nowMs);
    if (this.#byPort.size >= count) return undefined;
    let free = port;
    while (this.#byPort.has(free)) free = free + 1 < first + count ? free + 1 : first;
    return free;
  }

  #isOver({ usedMs }: Mapping, nowMs: number): boolean {
    return nowMs - usedMs >= this.#settings.timeoutMs;
  }

  #forget(mapping: Mapping): void {
    this.#byKey.delete(mapping.key);
    this.#byPort.delete(mapping.outsidePort);
  }

  #sweep(nowMs: number): void {
    let oldestMs = Infinity;
    for (const mapping of this.#byKey.values())
      if (this.#isOver(mapping, nowMs)) this.#forget(mapping);
      else oldestMs = Math.min(oldestMs, mapping.usedMs);
    this.#sweepAt = Math.max(SWEEP_FROM, 2 * this.#byKey.size);
    this.#fullUntilMs = oldestMs + this.#settings.timeoutMs;
  }
}
