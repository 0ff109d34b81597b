import type { Candidate } from '../candidate/candidate.js';
import type { Member } from '../identity/member.js';
import type { ReceivedMessage } from './message.js';
import type { RegisteredMessage } from './message-registry.js';
import type { MetaMessage } from './meta-message.js';
import type { Drop } from './check-result.js';

/** The first byte of every packet: the version of the wire format. */
export const DISPERSY_VERSION = 0;
/** What stands before the message id: dispersy version (1), community version (1), community id (20). */
export const PREFIX_BYTES = 22;

/** Between messages and packets, for one version of one community. */
export interface Conversion {
  readonly communityVersion: number;
  /** The first 22 bytes of every packet. */
  readonly prefix: Buffer;
  /**
   * The packet, signed if the message is. Of two members, those sign whose private key is here; the place of the other
   * signature is zero.
   */
  encode<P>(meta: MetaMessage<P>, input: EncodeInput<P>): Buffer;
  /** Where the depth of an n-hop message by these members stands. */
  depthOffsetOf(meta: MetaMessage, members: readonly Member[]): number;
  /** Never throws. The signature is not verified yet. */
  decode(candidate: Candidate, packet: Buffer): Decoded;
}

/** What a message consists of before it is a packet. */
export interface EncodeInput<P> {
  /** As many as the authentication of the message wants. */
  readonly members: readonly Member[];
  readonly globalTime: bigint;
  readonly payload: P;
  /** @default 0 */
  readonly sequenceNumber?: number;
  /** @default 0 */
  readonly policyIndex?: number;
}

export type Decoded = DecodedMessage | MissingMember | DecodeFailure;

export interface DecodedMessage {
  readonly kind: 'message';
  readonly registered: RegisteredMessage;
  readonly message: ReceivedMessage;
  /** Length of the signatures at the end of the packet together; 0 when there is none. */
  readonly signatureLength: number;
}

/** The packet cannot be read further until the member with this mid is known. */
export interface MissingMember {
  readonly kind: 'missingMember';
  readonly registered: RegisteredMessage;
  readonly mid: Buffer;
  /** The other member of a double signed message, who may be known. */
  readonly otherMid: Buffer | undefined;
}

export interface DecodeFailure extends Drop {
  /** What it claims to be, if that much could be read. */
  readonly registered?: RegisteredMessage;
}
