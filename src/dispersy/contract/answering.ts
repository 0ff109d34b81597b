import type { Address } from '../../network/address.js';
import type { MetaMessage } from '../message/meta-message.js';
import type { Authentication } from '../message/policies.js';

/** Every kind of packet that others can make us send; `community/answers.ts` says what each is, and how much of it we send. */
export type AnswerKind =
  | 'identity'
  | 'message'
  | 'sequence'
  | 'proof'
  | 'signature'
  | 'puncture'
  | 'introduction'
  | 'puncture-request'
  | 'sync'
  | 'correction'
  | 'destruction'
  | 'question';

/** How a part sends answers to somebody else's packets: no more of each kind than is allowed in a second. */
export interface Answering {
  /** Whether this second's share is not used up. */
  hasRoom(kind: AnswerKind): boolean;
  /** Sends a packet that exists already. @returns whether it was sent */
  send(kind: AnswerKind, packet: Buffer, peer: Address): boolean;
  /** Makes a message and sends it, without a claim on time, so that our clock stands still. */
  answer<P, A extends Authentication>(
    kind: AnswerKind,
    meta: MetaMessage<P, A>,
    payload: NoInfer<P>,
    peer: Address,
  ): void;
}
