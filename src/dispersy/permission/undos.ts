import { uint64, varbytes } from '../codec/fields.js';
import { struct } from '../codec/struct.js';
import type { CodecValue } from '../codec/codec.js';
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

/**
 * Takes messages back: one's own, or another's with the permission to. A message that is undone several times counts as
 * undone by the earliest; it stands again when none of them stands.
 */
export class Undos {
  readonly #community: Community;
  /** The global times of the undo messages that stand, by whom and when the undone message was sent. */
  readonly #undoneBy = new Map<string, bigint[]>();

  readonly #undoOwn = new MetaMessage({
    ...UNDO_POLICIES,
    resolution: publicResolution(),
    id: 238,
    name: 'undo-own',
    payload: undoOwnPayload,
    check: (message: UndoOwn) => this.#check(message, message.member),
    handle: (message: UndoOwn) => this.#apply(message, message.member.mid),
  });

  readonly #undoOther = new MetaMessage({
    ...UNDO_POLICIES,
    // Linear, but for the kind of message that is undone: see `#checkOther`.
    resolution: linearResolution(),
    id: 237,
    name: 'undo-other',
    payload: undoOtherPayload,
    check: (message: UndoOther) => this.#checkOther(message),
    handle: (message: UndoOther) => this.#apply(message, this.#targetOf(message).mid),
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
        if (message !== undefined) this.#undoingTimes(message).push(message.globalTime);
      }
    }
  }

  /** Undoes a stored message: one's own, or another's with the permission `undo` for it. */
  create(target: Message, signer: Member): Message {
    const member = target.member as Member;
    const { globalTime } = target;
    if (member.mid.equals(signer.mid)) return this.#community.create(this.#undoOwn, { globalTime }, { member: signer });
    const payload = { publicKey: member.publicKey, globalTime };
    return this.#community.create(this.#undoOther, payload, { member: signer });
  }

  isUndoOther({ meta }: Message): boolean {
    return meta === this.#undoOther;
  }

  /** Of an undo-other message: the kind of message that it undoes, if that is here. */
  targetKindOf(message: Message): MetaMessage | undefined {
    if (!this.isUndoOther(message)) return undefined;
    const { mid, globalTime } = this.#targetOf(message as UndoOther);
    const target = this.#community.archive.store.get(mid, globalTime);
    return target && this.#community.messages.byId(target.messageId)?.meta;
  }

  #targetOf(message: UndoOther | UndoOwn): {
    readonly mid: Buffer;
    readonly globalTime: bigint;
    readonly member?: Member;
  } {
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
    const { archive, messages, permissions } = this.#community;
    const { payload, globalTime } = message;
    if (payload.globalTime >= globalTime) return drop('undone before it was sent');
    const target = archive.store.get(targetMember.mid, payload.globalTime);
    if (target === undefined) return delayByMissingMessage(targetMember, payload.globalTime);
    if (messages.byId(target.messageId)?.meta.canBeUndone !== true) return drop('message cannot be undone');
    return permissions.isPermitted(message) ? undefined : delayByProof(message.member, globalTime);
  }

  #apply(message: UndoOwn | UndoOther, targetMid: Buffer): void {
    const target = this.#community.archive.store.get(targetMid, message.payload.globalTime);
    this.#undoingTimes(message).push(message.globalTime);
    if (target !== undefined) this.#update(target, targetMid);
  }

  #retract(message: UndoOther): void {
    const { mid, globalTime } = this.#targetOf(message);
    const times = this.#undoingTimes(message);
    const at = times.indexOf(message.globalTime);
    if (at >= 0) times.splice(at, 1);
    const target = this.#community.archive.store.get(mid, globalTime);
    if (target !== undefined) this.#update(target, mid);
  }

  #update(target: StoredMessage, mid: Buffer): void {
    const { archive, permissions } = this.#community;
    const times = this.#undoneBy.get(keyOf(mid, target.globalTime)) ?? [];
    const message = archive.load(target);
    if (message === undefined) return;
    const earliest = times.reduce<bigint>((least, time) => (least === 0n || time < least ? time : least), 0n);
    const undone = earliest === 0n && !permissions.isPermitted(message) ? NOT_PERMITTED : earliest;
    archive.store.setUndone(mid, target.globalTime, undone);
    const [stood, stands] = [target.undone === 0n, undone === 0n];
    if (stood !== stands) this.#community.takeBackOrRedo(message, stood);
    else if (undone > 0n) permissions.forget(message);
  }

  #undoingTimes(message: ReceivedMessage): bigint[] {
    const { mid, globalTime } = this.#targetOf(message as UndoOwn | UndoOther);
    const key = keyOf(mid, globalTime);
    const known = this.#undoneBy.get(key);
    if (known !== undefined) return known;
    const times: bigint[] = [];
    this.#undoneBy.set(key, times);
    return times;
  }
}

function keyOf(mid: Buffer, globalTime: bigint): string {
  return `${mid.toString('latin1')}${globalTime}`;
}
