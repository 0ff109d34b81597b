import type { Member } from '../identity/member.js';

export interface CreateMessageOptions {
  /** The member who signs. @default the community's `myMember` */
  readonly member?: Member;
  /** The other member of a double signed message; a signature request asks it to sign. */
  readonly secondMember?: Member;
  /** Whether the message takes the next global time; else it tells the present one. Unsigned messages never take one. @default true */
  readonly claimsTime?: boolean;
  /** Whether to throw when the member is not permitted to send the message, so that nobody would accept it. @default true */
  readonly checkPermission?: boolean;
}

export interface StoreUpdateForwardOptions {
  /** Whether the message is stored, if it is one to be synced. @default true */
  readonly store?: boolean;
  /** Whether the message is handed to our own handler. @default true for messages that are synced, false for direct ones */
  readonly update?: boolean;
  /** Whether the message is sent, as its destination says. @default true */
  readonly forward?: boolean;
}
