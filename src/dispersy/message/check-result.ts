import type { Member } from '../identity/member.js';

/** The result of a check of a message: undefined when the message is fine, why it is dropped, or what it has to wait for. */
export type CheckResult = Drop | Delay | undefined;

export interface Drop {
  readonly kind: 'drop';
  readonly reason: string;
  /**
   * The packet that is stored in the place of the dropped one; it is sent to the sender, who would otherwise send the
   * dropped one again and again.
   */
  readonly correction?: Buffer | undefined;
}

/** The message waits, 10 s at most, while its sender is asked for what is missing. */
export interface Delay {
  readonly kind: 'delay';
  readonly missing: Missing;
}

export type Missing = MissingIdentity | MissingMessage | MissingSequence | MissingProof;

/** The key of the member with this mid. */
export interface MissingIdentity {
  readonly what: 'identity';
  readonly mid: Buffer;
}

/** The message that this member created at this global time. */
export interface MissingMessage {
  readonly what: 'message';
  readonly member: Member;
  readonly globalTime: bigint;
}

/** The member's messages of this kind from `low` to `high`. */
export interface MissingSequence {
  readonly what: 'sequence';
  readonly member: Member;
  readonly messageId: number;
  readonly low: number;
  readonly high: number;
}

/** The proof that the member was permitted to send a message at this global time. */
export interface MissingProof {
  readonly what: 'proof';
  readonly member: Member;
  readonly globalTime: bigint;
  /**
   * The member whose permission is missing, which may be either of two members; or `policy` when the proof is missing
   * that the message's policy is in force.
   */
  readonly of: Member | 'policy';
}

/** Drops a message. Drops are counted by `reason`, so a reason names a kind of fault and never a value. */
export function drop(reason: string, correction?: Buffer): Drop {
  return { kind: 'drop', reason, correction };
}

/** Lets a message wait for another message, without which it makes no sense. */
export function delayByMissingMessage(member: Member, globalTime: bigint): Delay {
  return { kind: 'delay', missing: { what: 'message', member, globalTime } };
}

/**
 * Lets a message wait until it is known that its member was permitted to send it.
 * @param of - the member whose permission is missing; `policy` when another one than the message's is in force. @defaultValue `member`
 */
export function delayByProof(member: Member, globalTime: bigint, of: Member | 'policy' = member): Delay {
  return { kind: 'delay', missing: { what: 'proof', member, globalTime, of } };
}
