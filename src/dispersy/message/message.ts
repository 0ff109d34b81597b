import type { Candidate } from '../candidate/candidate.js';
import type { Member } from '../identity/member.js';
import type { MetaMessage } from './meta-message.js';
import type { Authentication, NoAuthentication } from './policies.js';

/** A message together with its packet, created here or received. */
export interface Message<P = unknown, A extends Authentication = Authentication> {
  readonly meta: MetaMessage<P, A>;
  /** The member who signed the message; the first one if there are two. */
  readonly member: A extends NoAuthentication ? undefined : Member;
  /** The second member who signed a double signed message. */
  readonly secondMember: Member | undefined;
  /** The sender's Lamport time; 0 for kinds of messages that carry none. */
  readonly globalTime: bigint;
  /** From 1; 0 for kinds of messages without sequence numbers. */
  readonly sequenceNumber: number;
  /** Which of its dynamic resolution's policies the message follows; else 0. */
  readonly policyIndex: number;
  /** How many hops an n-hop message still goes; else 0. */
  readonly depth: number;
  /** @internal The offset of the depth of an n-hop message; -1 for all other messages. */
  readonly depthOffset: number;
  readonly payload: P;
  /** The packet as it is on the wire, signatures included. */
  readonly packet: Buffer;
  /** The candidate that the message came from – not necessarily who signed it –, or `LOOPBACK` if it was created here. */
  readonly candidate: Candidate;
}

/** A received message, as handlers and checks get it. */
export type ReceivedMessage<P = unknown, A extends Authentication = Authentication> = Message<P, A>;

/** The members who signed a message: none, one or two. */
export function membersOf({ member, secondMember }: Message): Member[] {
  if (member === undefined) return [];
  return secondMember === undefined ? [member] : [member, secondMember];
}
