import { GLOBAL_TIME_MAX, type LamportClock } from '../community/lamport-clock.js';
import type { CommunityContext } from '../contract/community-context.js';
import type { UndoLookup } from '../contract/undo-lookup.js';
import { isMeetingMessage } from '../message/built-in-ids.js';
import type { DecodedMessage } from '../message/conversion.js';
import { membersOf, type ReceivedMessage } from '../message/message.js';
import { hasRightSignatures, signedPart } from '../message/signatures.js';
import { drop, type Drop, type CheckResult } from '../message/check-result.js';
import type { MessagePermissions } from '../permission/message-permissions.js';
import type { MessageArchive } from '../store/message-archive.js';
import { replayKey, ReplayWindow } from './replay-window.js';

export interface MessageJudgeComponents {
  readonly context: Pick<CommunityContext, 'myMember' | 'members'>;
  readonly lamportClock: Pick<LamportClock, 'isAcceptable'>;
  readonly archive: Pick<MessageArchive, 'isBeyondStore' | 'findDuplicate' | 'check'>;
  readonly permissions: Pick<MessagePermissions, 'check'>;
  readonly undoLookup: Pick<UndoLookup, 'findFirst'>;
}

/**
 * Decides whether a message is accepted. The cheap checks come first, then the signature is verified – once –; then
 * come the checks of its distribution, of its permission, and of the author.
 */
export class MessageJudge {
  readonly #components: MessageJudgeComponents;
  readonly #replays = new ReplayWindow();

  constructor(components: MessageJudgeComponents) {
    this.#components = components;
  }

  /** @param isVerified - whether the message's signature was found right before */
  judge(decoded: DecodedMessage, isVerified: boolean): CheckResult {
    const { archive, permissions } = this.#components;
    const { message } = decoded;
    const refusal =
      this.#findDuplicate(message) ?? (isVerified ? undefined : this.#verify(decoded)) ?? archive.check(message);
    return refusal ?? permissions.check(message) ?? message.meta.check(message);
  }

  #findDuplicate(message: ReceivedMessage): Drop | undefined {
    const { archive, undoLookup } = this.#components;
    if (archive.isBeyondStore(message)) return NOT_ACCEPTABLE;
    const stored = archive.findDuplicate(message);
    if (stored === undefined || message.member === undefined) return undefined;
    // Undone messages are not synced: a peer that sends one does not know that it is undone.
    const undo = stored.undone > 0n ? undoLookup.findFirst(message.member, message.globalTime) : undefined;
    return undo === undefined ? DUPLICATE : drop(DUPLICATE.reason, undo.packet);
  }

  #verify(decoded: DecodedMessage): CheckResult {
    const { members, myMember } = this.#components.context;
    const { message } = decoded;
    const { meta } = message;
    if (!this.#isAcceptableTime(message)) return NOT_ACCEPTABLE;
    // Without a global time two equal packets are nothing unusual.
    const { distribution } = meta;
    const isReplayable = decoded.signatureLength > 0 && distribution.kind === 'direct' && distribution.hasGlobalTime;
    const key = isReplayable ? replayKey(signedPart(decoded)) : undefined;
    if (key !== undefined && this.#replays.has(key)) return DUPLICATE;
    // Our own n-hop messages come back from peers that send them on.
    if (meta.destination.kind === 'nHop' && message.member?.mid.equals(myMember.mid) === true) return FROM_OURSELVES;
    const refusal = meta.screen(message);
    if (refusal !== undefined) return refusal;
    if (!hasRightSignatures(decoded)) return drop('invalid signature');
    for (const member of membersOf(message)) members.add(member);
    if (key !== undefined) this.#replays.add(key);
    return undefined;
  }

  /**
   * Whether the time of a message is acceptable. Introductions teach us the time of others, so that their time always
   * is. The time of an unsigned message changes nothing, and a peer that asks a newcomer for its identity may be far
   * ahead of it.
   */
  #isAcceptableTime({ meta, globalTime }: ReceivedMessage): boolean {
    if (meta.authentication.kind === 'none' || isMeetingMessage(meta)) return globalTime <= GLOBAL_TIME_MAX;
    return this.#components.lamportClock.isAcceptable(globalTime);
  }
}

export const DUPLICATE: Drop = drop('duplicate message');
const FROM_OURSELVES: Drop = drop('message from ourselves');
const NOT_ACCEPTABLE: Drop = drop('global time is not acceptable');
