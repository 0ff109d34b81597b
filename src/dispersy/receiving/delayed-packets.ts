import { hash } from 'node:crypto';
import { type Address, addressKey } from '../../network/address.js';
import type { Clock } from '../../runtime/clock.js';
import { LapsingSet } from '../lapsing-set.js';
import type { Missing } from '../message/check-result.js';
import type { Arrival } from './arrival.js';

/** A packet that cannot be accepted before something else is there. */
export interface DelayedPacket extends Arrival {
  readonly missing: Missing;
  /** The key of what the packet waits for; see `missing/missing-key.ts`. */
  readonly awaited: string;
}

/** Why a packet waits no more: its time is over, others took its place, or the community is left. */
export type GivenUp = 'timeout' | 'crowded' | 'unloaded';

const DELAY_MS = 10_000;
/** How many packets wait at most. */
export const DELAYED_PACKETS_MAX = 1024;
/** How many bytes the waiting packets have at most. */
export const DELAYED_BYTES_MAX = 4 * 1024 * 1024;
/**
 * How many packets from one address wait, so that a flood from it does not push out the packets of others; these are
 * about two answers to a sync request.
 */
export const DELAYED_PACKETS_PER_SOURCE_MAX = 64;

/** The packets that wait for one thing, and the peers that sent them, who are asked for it. */
interface Waiting {
  readonly packets: Set<DelayedPacket>;
  readonly sources: Set<string>;
}

/** How many peers are asked for one thing at most. */
const SOURCES_MAX = 64;

/** Packets that wait for something that is missing, 10 s at most. When too many wait, the oldest give way. */
export class DelayedPackets {
  readonly #byAwaited = new Map<string, Waiting>();
  /** The packets whose signature is known to be right, by hash of the packet. */
  readonly #byHash = new Map<string, DelayedPacket>();
  readonly #countBySource = new Map<string, number>();
  readonly #lapsing: LapsingSet<DelayedPacket>;
  #bytes = 0;

  /** @param onGivenUp - is told of every packet that leaves without having got what it waited for. */
  constructor(
    clock: Clock,
    private readonly onGivenUp: (packet: DelayedPacket, why: GivenUp) => void,
  ) {
    this.#lapsing = new LapsingSet(clock, DELAY_MS, (packet) => {
      this.delete(packet);
      this.onGivenUp(packet, 'timeout');
    });
  }

  get size(): number {
    return this.#lapsing.size;
  }

  isAwaited(key: string): boolean {
    return this.#byAwaited.has(key);
  }

  /** A waiting packet with the same bytes, whose signature is verified. */
  findCopy(packet: Buffer): DelayedPacket | undefined {
    return this.#byHash.size === 0 ? undefined : this.#byHash.get(hashOf(packet));
  }

  [Symbol.iterator](): Iterator<DelayedPacket> {
    return this.#lapsing[Symbol.iterator]();
  }

  /** Lets a packet wait. @returns whether it is the first packet of its source that waits for this thing; undefined if it may not wait. */
  add(packet: DelayedPacket): { readonly first: boolean } | undefined {
    const source = addressKey(packet.source);
    const fromSource = this.#countBySource.get(source) ?? 0;
    if (fromSource >= DELAYED_PACKETS_PER_SOURCE_MAX) return undefined;
    this.#makeRoom(packet.packet.length);
    const waiting = this.#byAwaited.get(packet.awaited) ?? { packets: new Set(), sources: new Set() };
    waiting.packets.add(packet);
    this.#byAwaited.set(packet.awaited, waiting);
    const first = this.addSource(packet.awaited, packet.source);
    this.#countBySource.set(source, fromSource + 1);
    this.#bytes += packet.packet.length;
    if (packet.verified !== undefined) this.#byHash.set(hashOf(packet.packet), packet);
    this.#lapsing.add(packet);
    return { first };
  }

  /** Adds a peer that may have what is waited for. @returns whether this peer was added for the first time. */
  addSource(awaited: string, source: Address): boolean {
    const sources = this.#byAwaited.get(awaited)?.sources;
    const key = addressKey(source);
    if (sources === undefined || sources.has(key) || sources.size >= SOURCES_MAX) return false;
    sources.add(key);
    return true;
  }

  /** Takes out the packets that waited for this thing, in order of arrival. */
  take(key: string, isWanted: (packet: DelayedPacket) => boolean = () => true): DelayedPacket[] {
    const packets = [...(this.#byAwaited.get(key)?.packets ?? [])].filter(isWanted);
    for (const packet of packets) this.delete(packet);
    return packets;
  }

  /** The first waiting packet that is wanted. */
  find(isWanted: (packet: DelayedPacket) => boolean): DelayedPacket | undefined {
    for (const packet of this) if (isWanted(packet)) return packet;
    return undefined;
  }

  /** Takes a packet out: it waits no more. */
  delete(packet: DelayedPacket): void {
    this.#lapsing.delete(packet);
    if (packet.verified !== undefined) this.#byHash.delete(hashOf(packet.packet));
    this.#bytes -= packet.packet.length;
    const waiting = this.#byAwaited.get(packet.awaited);
    waiting?.packets.delete(packet);
    if (waiting?.packets.size === 0) this.#byAwaited.delete(packet.awaited);
    const source = addressKey(packet.source);
    const left = (this.#countBySource.get(source) ?? 1) - 1;
    if (left > 0) this.#countBySource.set(source, left);
    else this.#countBySource.delete(source);
  }

  /** Gives all packets up. */
  clear(): void {
    const packets = [...this.#byAwaited.values()].flatMap((waiting) => [...waiting.packets]);
    this.#byAwaited.clear();
    this.#byHash.clear();
    this.#countBySource.clear();
    this.#lapsing.clear();
    this.#bytes = 0;
    for (const packet of packets) this.onGivenUp(packet, 'unloaded');
  }

  #makeRoom(bytes: number): void {
    while (this.size >= DELAYED_PACKETS_MAX || this.#bytes + bytes > DELAYED_BYTES_MAX) {
      const { oldest } = this.#lapsing;
      if (oldest === undefined) return;
      this.delete(oldest);
      this.onGivenUp(oldest, 'crowded');
    }
  }
}

function hashOf(packet: Buffer): string {
  return hash('sha1', packet, 'binary');
}
