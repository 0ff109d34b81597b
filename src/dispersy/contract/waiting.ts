import type { Member } from '../identity/member.js';
import type { ReceivedMessage } from '../message/message.js';

/** The packets that cannot be accepted before something else is there; `missing/missing-key.ts` gives it a key. */
export interface Waiting {
  /** Whether a packet waits for the thing with this key. */
  isAwaited(key: string): boolean;
  /** Resumes the packets that waited for the thing with this key. */
  wake(key: string): void;
  /** Resumes the packets that waited for a message, which is stored now. */
  wakeFor(message: ReceivedMessage): void;
  /** The message of this member and time that waits for the permission to be accepted. */
  findRefused(member: Member, globalTime: bigint): ReceivedMessage | undefined;
}
