import type { Address } from '../../network/address.js';
import type { Message } from '../message/message.js';
import type { MetaMessage } from '../message/meta-message.js';
import type { Authentication } from '../message/policies.js';
import type { CreateMessageOptions, StoreUpdateForwardOptions } from './message-options.js';

/** How a part makes messages and sends them: by the methods of the community, which its author may have overridden. */
export interface Outgoing {
  /** Creates and signs a message, which is neither stored nor sent. */
  createMessage<P, A extends Authentication>(
    meta: MetaMessage<P, A>,
    payload: NoInfer<P>,
    options?: CreateMessageOptions,
  ): Message<P, A>;
  /** Stores messages that were created here, hands them to their handler, and sends them. */
  storeUpdateForward(messages: readonly Message[], options?: StoreUpdateForwardOptions): void;
  /** `createMessage`, then `storeUpdateForward`. */
  create<P, A extends Authentication>(
    meta: MetaMessage<P, A>,
    payload: NoInfer<P>,
    options?: CreateMessageOptions & StoreUpdateForwardOptions,
  ): Message<P, A>;
  /** Sends a message to these peers; by default to those that its destination says. */
  forward(message: Message, peers?: readonly Address[]): void;
  /** `create`, but sent to these peers. */
  send<P, A extends Authentication>(
    meta: MetaMessage<P, A>,
    payload: NoInfer<P>,
    peers?: readonly Address[],
  ): Message<P, A>;
}
