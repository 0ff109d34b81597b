import type { Member } from '../identity/member.js';
import type { Message } from '../message/message.js';
import type { MetaMessage } from '../message/meta-message.js';

/** How parts that undo nothing themselves look up undone messages. */
export interface UndoLookup {
  /** The message that undid the message of this member and time first. */
  findFirst(member: Member, globalTime: bigint): Message | undefined;
  /**
   * The kind of message that an undo-other message undoes, if the undone message is here, stored or waiting for a
   * permission. The result is undefined for messages of other kinds.
   */
  targetKindOf(message: Message): MetaMessage | undefined;
}
