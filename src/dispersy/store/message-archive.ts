import { EventEmitter } from 'eventemitter3';
import type { Candidate } from '../candidate/candidate.js';
import { LOOPBACK } from '../candidate/loopback.js';
import type { LamportClock } from '../community/lamport-clock.js';
import type { MemberCache } from '../identity/member-cache.js';
import type { Member } from '../identity/member.js';
import { BUILT_IN_IDS } from '../message/built-in-ids.js';
import type { Conversions } from '../message/conversions.js';
import { membersOf, type ReceivedMessage } from '../message/message.js';
import type { MessageRegistry } from '../message/message-registry.js';
import { isSynced, isSyncDistribution } from '../message/policies.js';
import { withDepth } from '../message/signatures.js';
import { drop, type CheckResult } from '../message/check-result.js';
import { NOT_PERMITTED, type Store, type StoredMessage } from './store.js';

/** Larger global times could not be told apart in the store; no run gets there honestly. */
const STORED_GLOBAL_TIME_MAX = 2n ** 53n - 1n;

/** A message that was stored until another one, with its place in time or in its sequence, turned out to stay. */
export interface LostMessage {
  readonly message: ReceivedMessage;
  /** Whether the message had an effect, which is to be taken back. */
  readonly stood: boolean;
}

export interface ArchiveEvents {
  /** A message, or another signature of a stored message, was stored; it came from this candidate. */
  stored: (message: StoredMessage, from: Candidate) => void;
}

export interface MessageArchiveComponents {
  readonly store: Store;
  readonly messages: MessageRegistry;
  readonly members: MemberCache;
  readonly conversions: Pick<Conversions, 'forPacket'>;
  readonly lamportClock: Pick<LamportClock, 'globalTime'>;
}

/** Applies the policies of messages to the store: which message is new, which one is kept, and for how long. */
export class MessageArchive {
  readonly events = new EventEmitter<ArchiveEvents>();
  readonly store: Store;
  readonly #components: MessageArchiveComponents;

  constructor(components: MessageArchiveComponents) {
    this.#components = components;
    this.store = components.store;
  }

  /** The message that a member sent at a global time, if it is stored. */
  find(member: Member, globalTime: bigint): StoredMessage | undefined {
    return globalTime > STORED_GLOBAL_TIME_MAX ? undefined : this.store.get(member.mid, globalTime);
  }

  /** The message by which a member presented itself; it holds the member's whole key. */
  findIdentity(mid: Buffer): StoredMessage | undefined {
    return this.store.byMembers(BUILT_IN_IDS.identity, [mid])[0];
  }

  /** Whether no message of this time can be stored. */
  isBeyondStore({ member, meta, globalTime }: ReceivedMessage): boolean {
    return member !== undefined && isSyncDistribution(meta.distribution) && globalTime > STORED_GLOBAL_TIME_MAX;
  }

  /**
   * The same message, if it is stored. Looking costs little, so that it comes before the signature is verified; the
   * signature of the stored message was verified already.
   */
  findDuplicate(message: ReceivedMessage): StoredMessage | undefined {
    const { member, meta, globalTime } = message;
    if (member === undefined || !isSyncDistribution(meta.distribution)) return undefined;
    const stored = this.store.get(member.mid, globalTime);
    return stored !== undefined && storedForm(message).equals(stored.packet) ? stored : undefined;
  }

  /**
   * Checks whether the message is too old, whether others of its member have to come first, and whether the message that
   * is stored in its place stays.
   */
  check(message: ReceivedMessage): CheckResult {
    const { meta, member, globalTime } = message;
    const { distribution } = meta;
    if (distribution.kind === 'direct' || member === undefined) return undefined;
    if (distribution.pruning !== undefined && this.#age(globalTime) >= BigInt(distribution.pruning.removedAfter))
      return drop('message is pruned');
    const result =
      distribution.kind === 'lastSync'
        ? this.#checkHistory(message, distribution.historySize)
        : distribution.sequenceNumbers
          ? this.#checkSequence(message, member)
          : undefined;
    return result ?? this.#checkFork(message, member);
  }

  /**
   * Stores a message, and lets older ones go that it replaces.
   * @param undone - why the message does not stand. @defaultValue 0, for a message that stands @returns the messages
   *   that had to make room for it, latest first: the other side of a fork, and the messages that followed there.
   */
  keep(message: ReceivedMessage, undone = 0n): readonly LostMessage[] {
    const { meta, globalTime, sequenceNumber, candidate } = message;
    const stored: StoredMessage = {
      mids: membersOf(message).map(({ mid }) => mid),
      globalTime,
      messageId: meta.id,
      sequenceNumber,
      packet: storedForm(message),
      isSynced: isSynced(meta.distribution),
      undone,
    };
    const lost = this.#makeRoomFor(stored);
    this.store.add(stored);
    this.events.emit('stored', stored, candidate);
    if (meta.distribution.kind === 'lastSync') this.#forgetBeyond(stored, meta.distribution.historySize);
    this.prune();
    return lost;
  }

  /**
   * Keeps one of two packets of a message that was signed twice, because most signatures are different each time: the
   * higher packet stays, and nothing else happens.
   * @returns whether the message was stored already, but for its signature
   */
  replaceSignature(message: ReceivedMessage): boolean {
    const { member, globalTime, candidate } = message;
    const stored = member && this.store.get(member.mid, globalTime);
    if (member === undefined || stored === undefined) return false;
    const packet = storedForm(message);
    const signatureLength = membersOf(message).reduce((sum, each) => sum + each.signatureLength, 0);
    const signed = (each: Buffer) => each.subarray(0, each.length - signatureLength);
    if (!signed(packet).equals(signed(stored.packet))) return false;
    this.store.delete(member.mid, globalTime);
    this.store.add({ ...stored, packet });
    this.events.emit('stored', { ...stored, packet }, candidate);
    return true;
  }

  /** Deletes messages that are too old by now. */
  prune(): void {
    for (const { meta } of this.#components.messages.pruned) {
      const removedAfter = meta.distribution.kind === 'direct' ? undefined : meta.distribution.pruning?.removedAfter;
      if (removedAfter !== undefined)
        this.store.deleteUpTo(meta.id, this.#components.lamportClock.globalTime - BigInt(removedAfter));
    }
  }

  /** The message of a stored packet. */
  load({ packet }: Pick<StoredMessage, 'packet'>): ReceivedMessage | undefined {
    const conversion = this.#components.conversions.forPacket(packet);
    let decoded = conversion?.decode(LOOPBACK, packet);
    // When there are very many members, the oldest are forgotten; their identities are stored with their messages.
    for (let tries = 0; tries < 2 && decoded?.kind === 'missingMember' && this.#recall(decoded.mid); tries++)
      decoded = conversion?.decode(LOOPBACK, packet);
    return decoded?.kind === 'message' ? decoded.message : undefined;
  }

  /** Reads a member's key from the identity that it presented. */
  #recall(mid: Buffer): boolean {
    const identity = this.findIdentity(mid);
    const decoded =
      identity && this.#components.conversions.forPacket(identity.packet)?.decode(LOOPBACK, identity.packet);
    if (decoded?.kind !== 'message' || decoded.message.member === undefined) return false;
    this.#components.members.add(decoded.message.member);
    return true;
  }

  #age(globalTime: bigint): bigint {
    return this.#components.lamportClock.globalTime - globalTime;
  }

  #checkHistory(message: ReceivedMessage, historySize: number): CheckResult {
    const { meta, globalTime } = message;
    const mids = membersOf(message).map(({ mid }) => mid);
    // A message in the very same place gives way to this one, or the reverse; `#checkFork` says which.
    const others = this.#historyOf(meta.id, mids).filter((each) => !isInPlaceOf(each, { mids, globalTime }));
    const oldest = others[0];
    const newest = others.at(-1);
    if (oldest === undefined || newest === undefined || others.length < historySize) return undefined;
    if (compareAge({ globalTime, packet: storedForm(message) }, oldest) > 0) return undefined;
    return drop('older than the history', historySize === 1 ? newest.packet : undefined);
  }

  /**
   * Checks that the numbers of a member grow with its global times: stores rely on this order, and honest members keep
   * it. Of two messages with one number the earlier stays.
   */
  #checkSequence({ meta, globalTime, sequenceNumber }: ReceivedMessage, member: Member): CheckResult {
    const { mid } = member;
    const last = this.store.lastSequenceNumber(meta.id, mid);
    if (sequenceNumber > last + 1) {
      const gap = { low: last + 1, high: sequenceNumber - 1 };
      return { kind: 'delay', missing: { what: 'sequence', member, messageId: meta.id, ...gap } };
    }
    const near = this.store.bySequenceNumber(meta.id, mid, sequenceNumber - 1, sequenceNumber);
    const before = near.find((each) => each.sequenceNumber === sequenceNumber - 1);
    const same = near.find((each) => each.sequenceNumber === sequenceNumber);
    const isOld = same !== undefined && same.globalTime < globalTime && same.undone !== NOT_PERMITTED;
    if (isOld) return drop('old sequence number', same.packet);
    return before === undefined || before.globalTime < globalTime ? undefined : drop('sequence number against time');
  }

  /**
   * Decides between two messages of one member and global time: the higher packet stays, whichever arrives first. A
   * message that its member was not permitted to send gives way to any that is permitted.
   */
  #checkFork(message: ReceivedMessage, { mid }: Member): CheckResult {
    const stored = this.store.get(mid, message.globalTime);
    if (stored === undefined || stored.undone === NOT_PERMITTED) return undefined;
    return storedForm(message).compare(stored.packet) > 0 ? undefined : drop('conflicting message', stored.packet);
  }

  #makeRoomFor({ mids: [mid], globalTime, messageId, sequenceNumber }: StoredMessage): readonly LostMessage[] {
    const inPlace = mid && this.store.get(mid, globalTime);
    const losers = new Map<bigint, StoredMessage>();
    const add = (stored: StoredMessage) => losers.set(stored.globalTime, stored);
    const addFrom = (id: number, low: number) => {
      if (mid !== undefined) this.store.bySequenceNumber(id, mid, low, SEQUENCE_NUMBER_MAX).forEach(add);
    };
    if (inPlace !== undefined) add(inPlace);
    if (inPlace !== undefined && inPlace.sequenceNumber > 0) addFrom(inPlace.messageId, inPlace.sequenceNumber + 1);
    if (sequenceNumber > 0) addFrom(messageId, sequenceNumber);
    const lost = [...losers.values()].sort(compareAge).reverse();
    for (const loser of lost) this.store.delete(mid as Buffer, loser.globalTime);
    return lost.flatMap((loser) => {
      const message = this.load(loser);
      return message === undefined ? [] : [{ message, stood: loser.undone === 0n }];
    });
  }

  #historyOf(messageId: number, mids: readonly Buffer[]): StoredMessage[] {
    return this.store.byMembers(messageId, mids).sort(compareAge);
  }

  #forgetBeyond({ messageId, mids }: StoredMessage, historySize: number): void {
    const known = this.#historyOf(messageId, mids);
    for (const {
      mids: [mid],
      globalTime,
    } of known.slice(0, Math.max(0, known.length - historySize)))
      if (mid !== undefined) this.store.delete(mid, globalTime);
  }
}

/** Sequence numbers have four bytes on the wire. */
const SEQUENCE_NUMBER_MAX = 2 ** 32 - 1;

/** Compares by age, older first; two members can have sent messages of one time, and then the lower packet comes first. */
function compareAge(
  one: Pick<StoredMessage, 'globalTime' | 'packet'>,
  other: Pick<StoredMessage, 'globalTime' | 'packet'>,
): number {
  if (one.globalTime !== other.globalTime) return one.globalTime < other.globalTime ? -1 : 1;
  return one.packet.compare(other.packet);
}

function isInPlaceOf(stored: StoredMessage, { mids: [mid], globalTime }: Pick<StoredMessage, 'mids' | 'globalTime'>) {
  return stored.globalTime === globalTime && mid !== undefined && stored.mids[0]?.equals(mid) === true;
}

/**
 * The packet as it is stored. Every peer has to store the same bytes, so that the depth of an n-hop message, which
 * changes on the way, is stored as 0.
 */
function storedForm({ meta, packet, depthOffset }: ReceivedMessage): Buffer {
  return meta.destination.kind === 'nHop' ? withDepth(packet, depthOffset, 0) : packet;
}
