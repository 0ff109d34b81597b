import { uint64, varbytes } from '../codec/fields.js';
import { struct } from '../codec/struct.js';
import type { CodecValue } from '../codec/codec.js';
import { LOOPBACK } from '../candidate/loopback.js';
import type { Community } from '../community/community.js';
import type { Member } from '../identity/member.js';
import type { Message, ReceivedMessage } from '../message/message.js';
import { MetaMessage } from '../message/meta-message.js';
import {
  communityDestination,
  fullSyncDistribution,
  linearResolution,
  type MemberAuthentication,
  memberAuthentication,
  publicResolution,
} from '../message/policies.js';
import { delayByMissingMessage, delayByProof, drop, type Verdict } from '../message/verdict.js';
import { NOT_PERMITTED, type StoredMessage } from '../store/store.js';

const undoOwnPayload = struct({ globalTime: uint64 });
const undoOtherPayload = struct({ publicKey: varbytes, globalTime: uint64 });

type UndoOwn = ReceivedMessage<CodecValue<typeof undoOwnPayload>, MemberAuthentication>;
type UndoOther = ReceivedMessage<CodecValue<typeof undoOtherPayload>, MemberAuthentication>;

const UNDO_POLICIES = {
  authentication: memberAuthentication(),
  distribution: fullSyncDistribution({ sequenceNumbers: true, priority: 128 }),
  destination: communityDestination(10),
} as const;

/** An undo message that stands. */
interface Undo {
  readonly mid: Buffer;
  readonly globalTime: bigint;
}

/** Of what is undone. */
interface Target {
  readonly mid: Buffer;
  readonly globalTime: bigint;
  /** Missing when its key is none. */
  readonly member?: Member;
}

/**
 * Takes messages back: one's own, or another's with the permission to. A message that is undone several times counts as
 * undone by the earliest; it stands again when none of them stands.
 */
export class Undos {
  readonly #community: Community;
  /** The undo messages that stand, earliest first, by whom and when the undone message was sent. */
  readonly #undoneBy = new Map<string, Undo[]>();

  readonly #undoOwn = new MetaMessage({
    ...UNDO_POLICIES,
    resolution: publicResolution(),
    id: 238,
    name: 'undo-own',
    payload: undoOwnPayload,
    check: (message: UndoOwn) => this.#check(message, message.member),
    handle: (message: UndoOwn) => this.#apply(message),
  });

  readonly #undoOther = new MetaMessage({
    ...UNDO_POLICIES,
    // Linear, but for the kind of message that is undone: see `#checkOther`.
    resolution: linearResolution(),
    id: 237,
    name: 'undo-other',
    payload: undoOtherPayload,
    check: (message: UndoOther) => this.#checkOther(message),
    handle: (message: UndoOther) => this.#apply(message),
    undo: (message: UndoOther) => this.#retract(message),
  });

  readonly messages: readonly MetaMessage[] = [this.#undoOwn, this.#undoOther];

  constructor(community: Community) {
    this.#community = community;
  }

  /** Reads what an earlier session stored. */
  load(): void {
    const { archive, globalTime } = this.#community;
    for (const { id } of this.messages) {
      for (const stored of archive.store.between(id, 0n, globalTime)) {
        const message = stored.undone === 0n ? archive.load(stored) : undefined;
        if (message !== undefined) this.#add(message as UndoOwn | UndoOther);
      }
    }
  }

  /** Undoes a stored message: one's own, or another's with the permission `undo` for it. Gives the first undo if it is undone. */
  create(target: Message, signer: Member): Message {
    const member = target.member as Member;
    const { globalTime } = target;
    const known = this.findFirst(member, globalTime);
    if (known !== undefined) return known;
    if (member.mid.equals(signer.mid)) return this.#community.create(this.#undoOwn, { globalTime }, { member: signer });
    const payload = { publicKey: member.publicKey, globalTime };
    return this.#community.create(this.#undoOther, payload, { member: signer });
  }

  /** The message that undid the message of this member and time first. */
  findFirst({ mid }: Member, globalTime: bigint): Message | undefined {
    const [first] = this.#undosOf({ mid, globalTime });
    return first && this.#load(first);
  }

  /** A message took the place of another one that was undone: what undid that one undoes it, too, where it is permitted. */
  reapply({ member, globalTime }: ReceivedMessage): void {
    if (member === undefined || this.#undoneBy.size === 0) return;
    const { mid } = member;
    const undos = [...this.#undosOf({ mid, globalTime })];
    for (const undo of undos) this.#community.permissions.reconsiderOne(undo.mid, undo.globalTime);
    const stored = this.#community.archive.store.get(mid, globalTime);
    if (undos.length > 0 && stored !== undefined) this.#update(stored, mid);
  }

  /** An undo message is here no more. */
  forget(message: ReceivedMessage): void {
    if (this.messages.includes(message.meta)) this.#retract(message as UndoOwn | UndoOther);
  }

  isUndoOther({ meta }: Message): boolean {
    return meta === this.#undoOther;
  }

  /** Of an undo-other message: the kind of message that it undoes, if that is here, be it that it waits for a permission. */
  targetKindOf(message: Message): MetaMessage | undefined {
    if (!this.isUndoOther(message)) return undefined;
    return this.#kindOf(this.#targetOf(message as UndoOther));
  }

  #kindOf({ mid, globalTime, member }: Target): MetaMessage | undefined {
    const { archive, messages } = this.#community;
    const stored = archive.store.get(mid, globalTime);
    if (stored !== undefined) return messages.byId(stored.messageId)?.meta;
    return member && this.#community.findRefused(member, globalTime)?.meta;
  }

  #targetOf(message: UndoOther | UndoOwn): Target {
    const { payload, member } = message;
    if (!('publicKey' in payload)) return { mid: member.mid, globalTime: payload.globalTime, member };
    const target = this.#community.members.byPublicKey(payload.publicKey);
    if (target === undefined) return { mid: Buffer.alloc(20), globalTime: payload.globalTime };
    return { mid: target.mid, globalTime: payload.globalTime, member: target };
  }

  #checkOther(message: UndoOther): Verdict {
    const { member } = this.#targetOf(message);
    return member === undefined ? drop('unknown kind of public key') : this.#check(message, member);
  }

  #check(message: UndoOwn | UndoOther, targetMember: Member): Verdict {
    const { permissions } = this.#community;
    const { payload, globalTime } = message;
    if (payload.globalTime >= globalTime) return drop('undone before it was sent');
    const kind = this.#kindOf(this.#targetOf(message));
    if (kind === undefined) return delayByMissingMessage(targetMember, payload.globalTime);
    if (!kind.canBeUndone) return drop('message cannot be undone');
    const isPermitted = permissions.isPermitted(message) && this.#mayUndoRefused(message, targetMember);
    return isPermitted ? undefined : delayByProof(message.member, globalTime);
  }

  /**
   * A message that is not permitted does no harm when it is undone, and later undo messages of that member, which are
   * numbered, must not wait for it. To undo one's own one must have been permitted such messages at some time, or anyone
   * could have us store messages that nobody is to see.
   */
  #mayUndoRefused(message: UndoOwn | UndoOther, targetMember: Member): boolean {
    if (this.isUndoOther(message)) return true;
    const refused = this.#community.findRefused(targetMember, message.payload.globalTime);
    if (refused === undefined) return true;
    const { timeline } = this.#community.permissions;
    return timeline.proofs(targetMember.mid, refused.meta.id, 'permit', refused.globalTime).length > 0;
  }

  #apply(message: UndoOwn | UndoOther): void {
    const { archive } = this.#community;
    const { mid, globalTime, member } = this.#targetOf(message);
    this.#add(message);
    if (member !== undefined && archive.store.get(mid, globalTime) === undefined)
      this.#community.storeRefused(member, globalTime, message.globalTime);
    const target = archive.store.get(mid, globalTime);
    if (target !== undefined) this.#update(target, mid);
    this.#correct(message);
  }

  /** Who undoes one thing twice does not know of the first time. */
  #correct(message: UndoOwn | UndoOther): void {
    const { member, globalTime, candidate } = message;
    const first = this.#undosOf(this.#targetOf(message)).find(({ mid }) => mid.equals(member.mid));
    if (first === undefined || first.globalTime >= globalTime || candidate === LOOPBACK) return;
    const stored = this.#community.archive.store.get(first.mid, first.globalTime);
    if (stored !== undefined) this.#community.outbox.answers.send('correction', stored.packet, candidate);
  }

  #retract(message: UndoOwn | UndoOther): void {
    const target = this.#targetOf(message);
    const undos = this.#undosOf(target);
    const at = undos.findIndex((undo) => isBy(undo, message));
    if (at >= 0) undos.splice(at, 1);
    if (undos.length === 0) this.#undoneBy.delete(keyOf(target));
    const stored = this.#community.archive.store.get(target.mid, target.globalTime);
    if (stored !== undefined) this.#update(stored, target.mid);
  }

  #update(target: StoredMessage, mid: Buffer): void {
    const { archive, permissions } = this.#community;
    const message = archive.load(target);
    if (message === undefined) return;
    const [first] = this.#undosOf({ mid, globalTime: target.globalTime });
    const undo = message.meta.canBeUndone ? first : undefined;
    const undone = undo?.globalTime ?? (permissions.isPermitted(message) ? 0n : NOT_PERMITTED);
    archive.store.setUndone(mid, target.globalTime, undone);
    const [stood, stands] = [target.undone === 0n, undone === 0n];
    if (stood !== stands) this.#community.takeBackOrRedo(message, stood);
    else if (undone > 0n) permissions.forget(message);
  }

  #load({ mid, globalTime }: Undo): Message | undefined {
    const { archive } = this.#community;
    const stored = archive.store.get(mid, globalTime);
    return stored && archive.load(stored);
  }

  #add(message: UndoOwn | UndoOther): void {
    const target = this.#targetOf(message);
    const { member, globalTime } = message;
    const undos = [...this.#undosOf(target), { mid: member.mid, globalTime }];
    this.#undoneBy.set(keyOf(target), undos.sort(compare));
  }

  #undosOf(target: Omit<Target, 'member'>): Undo[] {
    return this.#undoneBy.get(keyOf(target)) ?? [];
  }
}

function isBy({ mid, globalTime }: Undo, message: UndoOwn | UndoOther): boolean {
  return globalTime === message.globalTime && mid.equals(message.member.mid);
}

function compare(one: Undo, other: Undo): number {
  if (one.globalTime !== other.globalTime) return one.globalTime < other.globalTime ? -1 : 1;
  return one.mid.compare(other.mid);
}

function keyOf({ mid, globalTime }: Omit<Target, 'member'>): string {
  return `${mid.toString('latin1')}${globalTime}`;
}
