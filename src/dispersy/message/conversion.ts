import type { Candidate } from '../candidate/candidate.js';
import type { Member } from '../identity/member.js';
import type { ReceivedMessage } from './message.js';
import type { RegisteredMessage } from './message-registry.js';
import type { MetaMessage } from './meta-message.js';
import type { Drop } from './check-result.js';

/** The first byte of every packet: the version of the wire format. */
export const DISPERSY_VERSION = 0;
/** The length of the prefix, which stands before the message id: dispersy version (1), community version (1), community id (20). */
export const PREFIX_BYTES = 22;

/** Converts between messages and packets, for one version of one community. */
export interface Conversion {
  readonly communityVersion: number;
  /** The first 22 bytes of every packet. */
  readonly prefix: Buffer;
  /**
   * Makes the packet, which is signed if the message is. The members sign whose private key is here; the place of
   * another member's signature is zero.
   */
  encode<P>(meta: MetaMessage<P>, input: EncodeInput<P>): Buffer;
  /** The offset of the depth in the packet of an n-hop message by these members. */
  depthOffsetOf(meta: MetaMessage, members: readonly Member[]): number;
  /** Decodes a packet; it never throws. The signature is not verified yet. */
  decode(candidate: Candidate, packet: Buffer): Decoded;
}

/** The parts of a message from which its packet is made. */
export interface EncodeInput<P> {
  /** The members who sign: as many as the authentication of the message wants. */
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
  /** The length of all signatures at the end of the packet; 0 when there is none. */
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
  /** The kind of message that the packet claims to be, if that much could be read. */
  readonly registered?: RegisteredMessage;
}
