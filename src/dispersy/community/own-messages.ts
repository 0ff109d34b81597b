import type { StoreUpdateForwardOptions } from '../contract/message-options.js';
import type { Outgoing } from '../contract/outgoing.js';
import type { Waiting } from '../contract/waiting.js';
import type { Message } from '../message/message.js';
import { isSyncDistribution } from '../message/policies.js';
import type { AuthorCode } from '../receiving/author-code.js';
import type { LostMessage, MessageArchive } from '../store/message-archive.js';

export interface OwnMessagesComponents {
  readonly archive: Pick<MessageArchive, 'keep'>;
  readonly author: Pick<AuthorCode, 'handle'>;
  readonly waiting: Pick<Waiting, 'wakeFor'>;
  readonly outgoing: Pick<Outgoing, 'forward'>;
  /** Takes back the effects of a message that had to make room. */
  readonly forget: (lost: LostMessage) => void;
}

/** Stores, handles and sends the messages that are created here. */
export class OwnMessages {
  readonly #components: OwnMessagesComponents;

  constructor(components: OwnMessagesComponents) {
    this.#components = components;
  }

  /** @param messages - messages of one kind */
  storeUpdateForward(messages: readonly Message[], options: StoreUpdateForwardOptions): void {
    const { archive, author, waiting, outgoing, forget } = this.#components;
    const { store = true, forward = true } = options;
    for (const message of messages)
      if (store && isSyncDistribution(message.meta.distribution))
        for (const lost of archive.keep(message)) forget(lost);
    const [first] = messages;
    if (first !== undefined && (options.update ?? isSyncDistribution(first.meta.distribution))) author.handle(messages);
    for (const message of messages) {
      waiting.wakeFor(message);
      if (forward) outgoing.forward(message);
    }
  }
}
