import type { Candidate } from '../candidate/candidate.js';
import type { Member } from '../identity/member.js';
import type { MetaMessage } from './meta-message.js';
import type { Authentication, MemberAuthentication } from './policies.js';

/** A message together with its packet, created here or received. */
export interface Message<P = unknown, A extends Authentication = Authentication> {
  readonly meta: MetaMessage<P, A>;
  /** Who signed it. */
  readonly member: A extends MemberAuthentication ? Member : undefined;
  /** The sender's Lamport time. */
  readonly globalTime: bigint;
  readonly payload: P;
  /** As it is on the wire, signature included. */
  readonly packet: Buffer;
}

export interface ReceivedMessage<P = unknown, A extends Authentication = Authentication> extends Message<P, A> {
  /** Where it came from; not necessarily who signed it. */
  readonly candidate: Candidate;
}
