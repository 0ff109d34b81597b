import { GumbyError } from '../../runtime/errors.js';
import { MessageCounters } from '../statistics/message-counters.js';
import type { MetaMessage } from './meta-message.js';
import { isSyncDistribution } from './policies.js';

export interface RegisteredMessage {
  readonly meta: MetaMessage;
  readonly counters: MessageCounters;
}

/** A community's kinds of messages, by id and by name. */
export class MessageRegistry {
  readonly #byId: (RegisteredMessage | undefined)[] = [];
  readonly #pruned: RegisteredMessage[] = [];
  readonly #byName = new Map<string, RegisteredMessage>();

  /** @throws GumbyError MESSAGE_DEFINITION_INVALID when id or name is taken by another message. */
  add(meta: MetaMessage): void {
    const other = this.#byId[meta.id] ?? this.#byName.get(meta.name);
    if (other?.meta === meta) return;
    if (other !== undefined) {
      throw new GumbyError(
        'MESSAGE_DEFINITION_INVALID',
        `message "${meta.name}" with id ${meta.id} clashes with "${other.meta.name}" with id ${other.meta.id} ` +
          'of the same community; the names of the built-in messages are taken',
        { context: { message: meta.name, id: meta.id } },
      );
    }
    const registered = { meta, counters: new MessageCounters() };
    this.#byId[meta.id] = registered;
    this.#byName.set(meta.name, registered);
    if (isSyncDistribution(meta.distribution) && meta.distribution.pruning !== undefined) this.#pruned.push(registered);
  }

  /** The kinds whose messages grow old. */
  get pruned(): readonly RegisteredMessage[] {
    return this.#pruned;
  }

  byId(id: number): RegisteredMessage | undefined {
    return this.#byId[id];
  }

  byName(name: string): RegisteredMessage | undefined {
    return this.#byName.get(name);
  }

  [Symbol.iterator](): Iterator<RegisteredMessage> {
    return this.#byName.values();
  }
}
