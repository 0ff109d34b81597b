import { type Address, sameAddress } from '../../network/address.js';
import type { Clock } from '../../runtime/clock.js';
import type { Waiting } from '../contract/waiting.js';
import type { Member } from '../identity/member.js';
import { isUndoMessage } from '../message/built-in-ids.js';
import type { ReceivedMessage } from '../message/message.js';
import type { Missing } from '../message/check-result.js';
import { messageKey, missingKey, sequenceKey } from '../missing/missing-key.js';
import type { MessageArchive } from '../store/message-archive.js';
import type { Arrival } from './arrival.js';
import { type DelayedPacket, DelayedPackets, type GivenUp } from './delayed-packets.js';
import type { PacketOutcomes } from './packet-outcomes.js';

export interface WaitingPacketsComponents {
  readonly clock: Clock;
  readonly archive: Pick<MessageArchive, 'check'>;
  readonly outcomes: PacketOutcomes;
  /** Asks a peer for something that one of its packets lacks. */
  readonly ask: (missing: Missing, peer: Address) => void;
  /** Gets packets whose waiting is over. */
  readonly resume: (arrivals: readonly Arrival[]) => void;
}

/** Lets packets wait for what they lack, and asks the peers that sent them for it. */
export class WaitingPackets implements Waiting {
  readonly #components: WaitingPacketsComponents;
  readonly #delayed: DelayedPackets;

  constructor(components: WaitingPacketsComponents) {
    const { clock, outcomes } = components;
    this.#components = components;
    this.#delayed = new DelayedPackets(clock, (packet, why) => {
      if (why === 'timeout') outcomes.timedOut();
      outcomes.dropped(packet.registered, GIVEN_UP_REASONS[why]);
    });
  }

  get size(): number {
    return this.#delayed.size;
  }

  isAwaited(key: string): boolean {
    return this.#delayed.isAwaited(key);
  }

  wake(key: string): void {
    this.#wakeThose(key);
  }

  wakeFor({ member, globalTime, meta, sequenceNumber }: ReceivedMessage): void {
    if (member === undefined || this.#delayed.size === 0) return;
    this.wake(messageKey(member.mid, globalTime));
    if (sequenceNumber > 0) this.wake(sequenceKey(member.mid, meta.id, sequenceNumber));
  }

  findRefused(member: Member, globalTime: bigint): ReceivedMessage | undefined {
    return this.#findRefused(member, globalTime)?.verified?.message;
  }

  takeRefused(member: Member, globalTime: bigint): ReceivedMessage | undefined {
    const packet = this.#findRefused(member, globalTime);
    if (packet === undefined) return undefined;
    this.#delayed.delete(packet);
    this.#components.outcomes.dropped(packet.registered, 'undone before it was permitted');
    return packet.verified?.message;
  }

  /** Keeps a packet until what it lacks is there, and asks its source for it, once. */
  delay(arrival: Arrival, missing: Missing): void {
    const { source, registered } = arrival;
    const { outcomes } = this.#components;
    const isAskedFor = this.#isWithinGapAskedFor(missing, source);
    const added = this.#delayed.add({ ...arrival, missing, awaited: missingKey(missing) });
    if (added === undefined) {
      outcomes.dropped(registered, GIVEN_UP_REASONS.crowded);
      return;
    }
    outcomes.delayed(registered);
    if (added.first && !isAskedFor) this.#ask(missing, source);
    // An undo message need not wait until its message is permitted.
    if (missing.what === 'proof')
      this.#wakeThose(messageKey(missing.member.mid, missing.globalTime), ({ registered: { meta } }) =>
        isUndoMessage(meta),
      );
  }

  /**
   * Takes a copy of a packet that waits already: it is not verified again, but the peer that sent it may have what the
   * packet lacks. @returns whether this is such a copy
   */
  takesForCopy({ packet, source }: Arrival): boolean {
    const copy = this.#delayed.findCopy(packet);
    if (copy !== undefined && this.#delayed.addSource(copy.awaited, source)) this.#ask(copy.missing, source);
    return copy !== undefined;
  }

  /** Gives up all packets, because the community is left. */
  clear(): void {
    this.#delayed.clear();
  }

  #wakeThose(key: string, isWanted?: (packet: DelayedPacket) => boolean): void {
    const woken = this.#delayed.take(key, isWanted);
    if (woken.length === 0) return;
    this.#components.outcomes.resumed(woken.length);
    this.#components.resume(woken);
  }

  #findRefused(member: Member, globalTime: bigint): DelayedPacket | undefined {
    return this.#delayed.find(({ missing, verified }) => {
      if (missing.what !== 'proof' || verified?.message.globalTime !== globalTime) return false;
      if (verified.message.member?.mid.equals(member.mid) !== true) return false;
      return this.#components.archive.check(verified.message) === undefined;
    });
  }

  #ask(missing: Missing, source: Address): void {
    this.#components.outcomes.askedFor();
    this.#components.ask(missing, source);
  }

  /** Whether the source was asked for a gap in the same sequence that ends at the same number as this one, or later. */
  #isWithinGapAskedFor(missing: Missing, source: Address): boolean {
    if (missing.what !== 'sequence') return false;
    for (const { missing: other, source: asked } of this.#delayed) {
      if (other.what !== 'sequence' || other.messageId !== missing.messageId || !sameAddress(asked, source)) continue;
      // Of two gaps that follow each other, the one before the first message was asked for.
      if (other.member.mid.equals(missing.member.mid) && other.high >= missing.high - 1) return true;
    }
    return false;
  }
}

/** The reasons why packets are dropped that waited for other packets. */
export const GIVEN_UP_REASONS: Readonly<Record<GivenUp, string>> = {
  timeout: 'what it waited for did not come',
  crowded: 'too many delayed packets',
  unloaded: 'community was unloaded',
};
