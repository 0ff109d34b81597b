import { LOOPBACK } from '../candidate/loopback.js';
import type { LamportClock } from '../community/lamport-clock.js';
import type { Answering } from '../contract/answering.js';
import type { Effects } from '../contract/effects.js';
import type { Outgoing } from '../contract/outgoing.js';
import type { Waiting } from '../contract/waiting.js';
import type { MemberCache } from '../identity/member-cache.js';
import type { Member } from '../identity/member.js';
import { BUILT_IN_IDS, isUndoMessage } from '../message/built-in-ids.js';
import type { Message, ReceivedMessage } from '../message/message.js';
import { MetaMessage } from '../message/meta-message.js';
import {
  communityDestination,
  fullSyncDistribution,
  linearResolution,
  memberAuthentication,
  publicResolution,
} from '../message/policies.js';
import { delayByMissingMessage, delayByProof, drop, type CheckResult } from '../message/check-result.js';
import type { MessageArchive } from '../store/message-archive.js';
import { NOT_PERMITTED, type StoredMessage } from '../store/store.js';
import type { MessagePermissions } from './message-permissions.js';
import type { Reconsideration } from './reconsideration.js';
import type { Timeline } from './timeline.js';
import { type UndoOther, undoOtherPayload, type UndoOwn, undoOwnPayload, undoTargetOf } from './undo-payloads.js';
import type { UndoRegister } from './undo-register.js';
import type { UndoneMessages } from './undone-messages.js';

export interface UndosComponents {
  readonly register: UndoRegister;
  readonly undoLookup: UndoneMessages;
  readonly members: MemberCache;
  readonly timeline: Timeline;
  readonly archive: Pick<MessageArchive, 'store' | 'load'>;
  readonly lamportClock: Pick<LamportClock, 'globalTime'>;
  readonly permissions: Pick<MessagePermissions, 'isPermitted'>;
  readonly reconsideration: Pick<Reconsideration, 'reconsider'>;
  readonly outgoing: Pick<Outgoing, 'create'>;
  readonly answering: Pick<Answering, 'send'>;
  readonly waiting: Pick<Waiting, 'findRefused'>;
  readonly effects: Effects;
  /** Stores a message that waits for a permission as undone at this time; it is never handled. */
  readonly storeRefused: (member: Member, globalTime: bigint, undone: bigint) => void;
}

const UNDO_POLICIES = {
  authentication: memberAuthentication(),
  distribution: fullSyncDistribution({ sequenceNumbers: true, priority: 128 }),
  destination: communityDestination(10),
} as const;

/**
 * Takes messages back: one's own, or another member's with the permission to undo them. A message that is undone
 * several times counts as undone by the earliest undo message; it stands again when no undo message stands.
 */
export class Undos {
  readonly #components: UndosComponents;

  readonly #undoOwn = new MetaMessage({
    ...UNDO_POLICIES,
    resolution: publicResolution(),
    id: BUILT_IN_IDS.undoOwn,
    name: 'undo-own',
    payload: undoOwnPayload,
    check: (message: UndoOwn) => this.#check(message, message.member),
    handle: (message: UndoOwn) => this.#apply(message),
  });

  readonly #undoOther = new MetaMessage({
    ...UNDO_POLICIES,
    // The resolution is linear, but the permission is that for the kind of message that is undone: see `#checkOther`.
    resolution: linearResolution(),
    id: BUILT_IN_IDS.undoOther,
    name: 'undo-other',
    payload: undoOtherPayload,
    check: (message: UndoOther) => this.#checkOther(message),
    handle: (message: UndoOther) => this.#apply(message),
    undo: (message: UndoOther) => this.#retract(message),
  });

  readonly messages: readonly MetaMessage[] = [this.#undoOwn, this.#undoOther];

  constructor(components: UndosComponents) {
    this.#components = components;
  }

  /** Reads what an earlier session stored. */
  load(): void {
    const { archive, lamportClock } = this.#components;
    for (const { id } of this.messages) {
      for (const stored of archive.store.between(id, 0n, lamportClock.globalTime)) {
        const message = stored.undone === 0n ? archive.load(stored) : undefined;
        if (message !== undefined) this.#register(message as UndoOwn | UndoOther);
      }
    }
  }

  /**
   * Undoes a stored message: one's own, or another member's with the permission `undo` for it. The result is the first
   * undo message if the message is undone already.
   */
  create(target: Message, signer: Member): Message {
    const { undoLookup, outgoing } = this.#components;
    const member = target.member as Member;
    const { globalTime } = target;
    const known = undoLookup.findFirst(member, globalTime);
    if (known !== undefined) return known;
    if (member.mid.equals(signer.mid)) return outgoing.create(this.#undoOwn, { globalTime }, { member: signer });
    return outgoing.create(this.#undoOther, { publicKey: member.publicKey, globalTime }, { member: signer });
  }

  /**
   * Is called when a message took the place of another one that was undone: undo messages of the old one undo the new
   * one, too, where they are permitted.
   */
  reapply({ member, globalTime }: ReceivedMessage): void {
    const { register, archive, reconsideration } = this.#components;
    if (member === undefined || register.isEmpty) return;
    const { mid } = member;
    const undos = [...register.undosOf({ mid, globalTime })];
    for (const undo of undos) reconsideration.reconsider(undo.mid, undo.globalTime);
    const stored = archive.store.get(mid, globalTime);
    if (undos.length > 0 && stored !== undefined) this.#update(stored, mid);
  }

  /** Is called when an undo message is here no more. */
  forget(message: ReceivedMessage): void {
    if (isUndoMessage(message.meta)) this.#retract(message as UndoOwn | UndoOther);
  }

  #checkOther(message: UndoOther): CheckResult {
    const { member } = this.#targetOf(message);
    return member === undefined ? drop('unknown kind of public key') : this.#check(message, member);
  }

  #check(message: UndoOwn | UndoOther, targetMember: Member): CheckResult {
    const { undoLookup, permissions } = this.#components;
    const { payload, globalTime } = message;
    if (payload.globalTime >= globalTime) return drop('undone before it was sent');
    const kind = undoLookup.kindOf(this.#targetOf(message));
    if (kind === undefined) return delayByMissingMessage(targetMember, payload.globalTime);
    if (!kind.canBeUndone) return drop('message cannot be undone');
    const isPermitted = permissions.isPermitted(message) && this.#mayUndoRefused(message, targetMember);
    return isPermitted ? undefined : delayByProof(message.member, globalTime);
  }

  /**
   * Whether a message that waits for its permission may be undone. Undoing it does no harm, and later undo messages of
   * the same member, which are numbered, must not wait for it. To undo a message of one's own, one must have been
   * permitted such messages at some time, or anyone could have us store messages that nobody is to see.
   */
  #mayUndoRefused(message: UndoOwn | UndoOther, targetMember: Member): boolean {
    if (message.meta.id === BUILT_IN_IDS.undoOther) return true;
    const { waiting, timeline } = this.#components;
    const refused = waiting.findRefused(targetMember, message.payload.globalTime);
    if (refused === undefined) return true;
    return timeline.proofs(targetMember.mid, refused.meta.id, 'permit', refused.globalTime).length > 0;
  }

  #apply(message: UndoOwn | UndoOther): void {
    const { archive, storeRefused } = this.#components;
    const { mid, globalTime, member } = this.#targetOf(message);
    this.#register(message);
    if (member !== undefined && archive.store.get(mid, globalTime) === undefined)
      storeRefused(member, globalTime, message.globalTime);
    const target = archive.store.get(mid, globalTime);
    if (target !== undefined) this.#update(target, mid);
    this.#correct(message);
  }

  /** A member that undoes one message twice does not know of its first undo message, and is sent it. */
  #correct(message: UndoOwn | UndoOther): void {
    const { register, archive, answering } = this.#components;
    const { member, globalTime, candidate } = message;
    const first = register.undosOf(this.#targetOf(message)).find(({ mid }) => mid.equals(member.mid));
    if (first === undefined || first.globalTime >= globalTime || candidate === LOOPBACK) return;
    const stored = archive.store.get(first.mid, first.globalTime);
    if (stored !== undefined) answering.send('correction', stored.packet, candidate);
  }

  #retract(message: UndoOwn | UndoOther): void {
    const { register, archive } = this.#components;
    const target = this.#targetOf(message);
    register.remove(target, { mid: message.member.mid, globalTime: message.globalTime });
    const stored = archive.store.get(target.mid, target.globalTime);
    if (stored !== undefined) this.#update(stored, target.mid);
  }

  /** Lets a stored message stand or fall by the undo messages that there are now. */
  #update(target: StoredMessage, mid: Buffer): void {
    const { register, archive, permissions, timeline, effects } = this.#components;
    const message = archive.load(target);
    if (message === undefined) return;
    const [first] = register.undosOf({ mid, globalTime: target.globalTime });
    const undo = message.meta.canBeUndone ? first : undefined;
    const undone = undo?.globalTime ?? (permissions.isPermitted(message) ? 0n : NOT_PERMITTED);
    archive.store.setUndone(mid, target.globalTime, undone);
    const [stood, stands] = [target.undone === 0n, undone === 0n];
    if (stood && !stands) effects.takeBack(message);
    else if (stands && !stood) effects.redo(message);
    else if (undone > 0n) timeline.forget(message);
  }

  #register(message: UndoOwn | UndoOther): void {
    const { member, globalTime } = message;
    this.#components.register.add(this.#targetOf(message), { mid: member.mid, globalTime });
  }

  #targetOf(message: UndoOwn | UndoOther) {
    return undoTargetOf(message, this.#components.members);
  }
}
