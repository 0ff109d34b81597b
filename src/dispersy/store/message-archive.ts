import { LOOPBACK } from '../candidate/loopback.js';
import type { Community } from '../community/community.js';
import type { Member } from '../identity/member.js';
import { membersOf, type ReceivedMessage } from '../message/message.js';
import { isSynced, isSyncDistribution } from '../message/policies.js';
import { withDepth } from '../message/signatures.js';
import { drop, type Drop, type Verdict } from '../message/verdict.js';
import type { Store, StoredMessage } from './store.js';

/** It names its member by the whole key. */
const IDENTITY_ID = 248;

/** Beyond it global times could not be told apart in the store; no run gets there honestly. */
const STORED_GLOBAL_TIME_MAX = 2n ** 53n - 1n;

/** What the policies of messages mean for the store: which message is new, which one is kept, and for how long. */
export class MessageArchive {
  constructor(
    private readonly community: Community,
    readonly store: Store,
  ) {}

  /** The message that a member sent at a global time, if it is stored. */
  find(member: Member, globalTime: bigint): StoredMessage | undefined {
    return globalTime > STORED_GLOBAL_TIME_MAX ? undefined : this.store.get(member.mid, globalTime);
  }

  /** Costs little and comes before the signature is verified. */
  findDuplicate(message: ReceivedMessage): Drop | undefined {
    const { member, meta, globalTime } = message;
    if (member === undefined || !isSyncDistribution(meta.distribution)) return undefined;
    if (globalTime > STORED_GLOBAL_TIME_MAX) return drop('global time is not acceptable');
    const stored = this.store.get(member.mid, globalTime);
    if (stored === undefined) return undefined;
    return drop(storedForm(message).equals(stored.packet) ? 'duplicate message' : 'conflicting message');
  }

  /** Whether the message is too old, or others of its member have to come first. */
  check(message: ReceivedMessage): Verdict {
    const { meta, member, globalTime, sequenceNumber } = message;
    const { distribution } = meta;
    if (distribution.kind === 'direct' || member === undefined) return undefined;
    if (distribution.pruning !== undefined && this.#age(globalTime) >= BigInt(distribution.pruning.removedAfter))
      return drop('message is pruned');
    if (distribution.kind === 'lastSync') return this.#checkHistory(message, distribution.historySize);
    if (!distribution.sequenceNumbers) return undefined;
    const last = this.store.lastSequenceNumber(meta.id, member.mid);
    if (sequenceNumber <= last) return drop('old sequence number');
    if (sequenceNumber === last + 1) return this.#checkSequenceTime(message, last);
    const missing = { what: 'sequence', member, messageId: meta.id, low: last + 1, high: sequenceNumber - 1 } as const;
    return { kind: 'delay', missing };
  }

  /**
   * Stores a message, and lets older ones go that it replaces.
   * @param undone - why it does not stand. @defaultValue 0: it does
   */
  keep(message: ReceivedMessage, undone = 0n): void {
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
    this.store.add(stored);
    this.community.synchronizer.onStored(stored, candidate);
    if (meta.distribution.kind === 'lastSync') this.#forgetBeyond(stored, meta.distribution.historySize);
    this.prune();
  }

  /** Deletes what is too old by now. */
  prune(): void {
    for (const { meta } of this.community.messages.pruned) {
      const removedAfter = meta.distribution.kind === 'direct' ? undefined : meta.distribution.pruning?.removedAfter;
      if (removedAfter !== undefined) this.store.deleteUpTo(meta.id, this.community.globalTime - BigInt(removedAfter));
    }
  }

  /** The message of a stored packet. */
  load({ packet }: Pick<StoredMessage, 'packet'>): ReceivedMessage | undefined {
    const conversion = this.community.conversionFor(packet);
    let decoded = conversion?.decode(LOOPBACK, packet);
    // Of very many members the oldest are forgotten; who they were is stored with what they sent.
    for (let tries = 0; tries < 2 && decoded?.kind === 'missingMember' && this.#recall(decoded.mid); tries++)
      decoded = conversion?.decode(LOOPBACK, packet);
    return decoded?.kind === 'message' ? decoded.message : undefined;
  }

  /** Reads a member's key from the identity that it presented. */
  #recall(mid: Buffer): boolean {
    const [identity] = this.store.byMembers(IDENTITY_ID, [mid]);
    const decoded = identity && this.community.conversionFor(identity.packet)?.decode(LOOPBACK, identity.packet);
    if (decoded?.kind !== 'message' || decoded.message.member === undefined) return false;
    this.community.members.add(decoded.message.member);
    return true;
  }

  #age(globalTime: bigint): bigint {
    return this.community.globalTime - globalTime;
  }

  /** The numbers of a member have to grow with its global times: stores rely on that, and honest members do so. */
  #checkSequenceTime({ meta, member, globalTime }: ReceivedMessage, last: number): Verdict {
    const [before] = member === undefined ? [] : this.store.bySequenceNumber(meta.id, member.mid, last, last);
    return before === undefined || before.globalTime < globalTime ? undefined : drop('sequence number against time');
  }

  #checkHistory(message: ReceivedMessage, historySize: number): Verdict {
    const mids = membersOf(message).map(({ mid }) => mid);
    const known = this.store.byMembers(message.meta.id, mids);
    const oldest = known[0];
    if (oldest === undefined || known.length < historySize || message.globalTime > oldest.globalTime) return undefined;
    return drop('older than the history');
  }

  #forgetBeyond({ messageId, mids }: StoredMessage, historySize: number): void {
    const known = this.store.byMembers(messageId, mids);
    for (const {
      mids: [mid],
      globalTime,
    } of known.slice(0, Math.max(0, known.length - historySize)))
      if (mid !== undefined) this.store.delete(mid, globalTime);
  }
}

/** Every peer has to store the same bytes: the depth of an n-hop message, which changes on the way, is stored as 0. */
function storedForm({ meta, packet, depthOffset }: ReceivedMessage): Buffer {
  return meta.destination.kind === 'nHop' ? withDepth(packet, depthOffset, 0) : packet;
}
