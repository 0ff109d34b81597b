import type { ReceivedMessage } from '../message/message.js';

/** What messages do in the code of the community's author: it happens when they stand, and is taken back when they fall. */
export interface Effects {
  /** A message stands again. */
  redo(message: ReceivedMessage): void;
  /** A message stands no more. */
  takeBack(message: ReceivedMessage): void;
}
