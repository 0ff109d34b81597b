import type { ReceivedMessage } from '../message/message.js';

/** The effects of messages in the code of the community's author: they happen when a message stands, and are taken back when it falls. */
export interface Effects {
  /** Repeats the effects of a message that stands again. */
  redo(message: ReceivedMessage): void;
  /** Takes back the effects of a message that stands no more. */
  takeBack(message: ReceivedMessage): void;
}
