import type { CodecValue } from '../codec/codec.js';
import { uint64, varbytes } from '../codec/fields.js';
import { struct } from '../codec/struct.js';
import type { MemberCache } from '../identity/member-cache.js';
import type { Member } from '../identity/member.js';
import type { ReceivedMessage } from '../message/message.js';
import type { MemberAuthentication } from '../message/policies.js';

export const undoOwnPayload = struct({ globalTime: uint64 });
export const undoOtherPayload = struct({ publicKey: varbytes, globalTime: uint64 });

export type UndoOwn = ReceivedMessage<CodecValue<typeof undoOwnPayload>, MemberAuthentication>;
export type UndoOther = ReceivedMessage<CodecValue<typeof undoOtherPayload>, MemberAuthentication>;

/** The message that is undone. */
export interface UndoTarget {
  readonly mid: Buffer;
  readonly globalTime: bigint;
  /** The member who sent it; undefined when the undo message gives bytes that are no key. */
  readonly member?: Member;
}

/** What an undo message undoes. */
export function undoTargetOf({ payload, member }: UndoOwn | UndoOther, members: MemberCache): UndoTarget {
  if (!('publicKey' in payload)) return { mid: member.mid, globalTime: payload.globalTime, member };
  const target = members.byPublicKey(payload.publicKey);
  if (target === undefined) return { mid: NO_MID, globalTime: payload.globalTime };
  return { mid: target.mid, globalTime: payload.globalTime, member: target };
}

const NO_MID = Buffer.alloc(20);
