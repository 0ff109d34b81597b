import type { Member } from '../identity/member.js';
import type { Message } from '../message/message.js';
import type { MetaMessage } from '../message/meta-message.js';

/** What is known of undone messages to parts that undo nothing themselves. */
export interface UndoLookup {
  /** The message that undid the message of this member and time first. */
  findFirst(member: Member, globalTime: bigint): Message | undefined;
  /**
   * The kind of message that an undo-other message undoes, as far as that message is here, be it that it waits for a
   * permission. It is undefined for messages of other kinds.
   */
  targetKindOf(message: Message): MetaMessage | undefined;
}
