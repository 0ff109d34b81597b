import type { Address } from '../../network/address.js';
import { addressKey } from '../../network/address.js';
import type { Clock } from '../../runtime/clock.js';
import { LapsingSet } from '../lapsing-set.js';
import type { Conversion } from '../message/conversion.js';
import type { RegisteredMessage } from '../message/message-registry.js';

/** A packet that cannot be read before its member is known. */
export interface DelayedPacket {
  readonly source: Address;
  readonly packet: Buffer;
  readonly conversion: Conversion;
  readonly registered: RegisteredMessage;
  /** The missing member. */
  readonly mid: Buffer;
}

/** Its time is over, others took its place, or the community is left. */
export type GivenUp = 'timeout' | 'crowded' | 'unloaded';

const DELAY_MS = 10_000;
/** Packets that wait at most: of full size they hold 16 MB, of usual size 40 KB. */
export const DELAYED_PACKETS_MAX = 256;
/** From one address, so that a flood from it does not push out what others sent. */
export const DELAYED_PACKETS_PER_SOURCE_MAX = 16;

/** Packets that wait for the identity of a member, 10 s at most. When too many wait, the oldest gives way. */
export class DelayedPackets {
  readonly #byMid = new Map<string, Set<DelayedPacket>>();
  readonly #countBySource = new Map<string, number>();
  readonly #lapsing: LapsingSet<DelayedPacket>;

  /** @param onGivenUp - hears of every packet that leaves without its member. */
  constructor(
    clock: Clock,
    private readonly onGivenUp: (packet: DelayedPacket, why: GivenUp) => void,
  ) {
    this.#lapsing = new LapsingSet(clock, DELAY_MS, (packet) => {
      this.#remove(packet);
      this.onGivenUp(packet, 'timeout');
    });
  }

  get size(): number {
    return this.#lapsing.size;
  }

  isAwaited(mid: Buffer): boolean {
    return this.#byMid.has(keyOf(mid));
  }

  /** @returns whether this is the first packet that waits for this member from this source; nothing if it may not wait. */
  add(packet: DelayedPacket): { readonly first: boolean } | undefined {
    const source = addressKey(packet.source);
    const fromSource = this.#countBySource.get(source) ?? 0;
    if (fromSource >= DELAYED_PACKETS_PER_SOURCE_MAX) return undefined;
    const oldest = this.#lapsing.oldest;
    if (this.#lapsing.size >= DELAYED_PACKETS_MAX && oldest !== undefined) {
      this.#remove(oldest);
      this.onGivenUp(oldest, 'crowded');
    }
    const waiting = this.#byMid.get(keyOf(packet.mid)) ?? new Set();
    const first = ![...waiting].some((other) => addressKey(other.source) === source);
    this.#byMid.set(keyOf(packet.mid), waiting.add(packet));
    this.#countBySource.set(source, fromSource + 1);
    this.#lapsing.add(packet);
    return { first };
  }

  /** What waited for this member, in order of arrival; it waits no more. */
  take(mid: Buffer): DelayedPacket[] {
    const packets = [...(this.#byMid.get(keyOf(mid)) ?? [])];
    for (const packet of packets) this.#remove(packet);
    return packets;
  }

  /** Gives all of them up. */
  clear(): void {
    const packets = [...this.#byMid.values()].flatMap((waiting) => [...waiting]);
    this.#byMid.clear();
    this.#countBySource.clear();
    this.#lapsing.clear();
    for (const packet of packets) this.onGivenUp(packet, 'unloaded');
  }

  #remove(packet: DelayedPacket): void {
    this.#lapsing.delete(packet);
    const mid = keyOf(packet.mid);
    const waiting = this.#byMid.get(mid);
    waiting?.delete(packet);
    if (waiting?.size === 0) this.#byMid.delete(mid);
    const source = addressKey(packet.source);
    const left = (this.#countBySource.get(source) ?? 1) - 1;
    if (left > 0) this.#countBySource.set(source, left);
    else this.#countBySource.delete(source);
  }
}

function keyOf(mid: Buffer): string {
  return mid.toString('latin1');
}
