import type { Member } from '../identity/member.js';

export interface CreateMessageOptions {
  /** Who signs. @default the community's `myMember` */
  readonly member?: Member;
  /** The other member of a double signed message; a signature request asks it to sign. */
  readonly secondMember?: Member;
  /** Whether the message takes the next global time; else it tells the present one. Unsigned ones never take one. @default true */
  readonly claimsTime?: boolean;
  /** Whether to throw when the member is not permitted to send it, so that nobody would accept it. @default true */
  readonly checkPermission?: boolean;
}

export interface StoreUpdateForwardOptions {
  /** Stores it, if it is a message to be synced. @default true */
  readonly store?: boolean;
  /** Hands it to its own handler. @default true for messages that are synced, false for direct ones */
  readonly update?: boolean;
  /** Sends it, as its destination says. @default true */
  readonly forward?: boolean;
}
