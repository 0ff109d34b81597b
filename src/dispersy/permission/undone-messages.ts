import type { UndoLookup } from '../contract/undo-lookup.js';
import type { Waiting } from '../contract/waiting.js';
import type { MemberCache } from '../identity/member-cache.js';
import type { Member } from '../identity/member.js';
import { BUILT_IN_IDS } from '../message/built-in-ids.js';
import type { Message } from '../message/message.js';
import type { MessageRegistry } from '../message/message-registry.js';
import type { MetaMessage } from '../message/meta-message.js';
import type { MessageArchive } from '../store/message-archive.js';
import { type UndoOther, type UndoTarget, undoTargetOf } from './undo-payloads.js';
import type { UndoRegister } from './undo-register.js';

export interface UndoneMessagesComponents {
  readonly register: UndoRegister;
  readonly archive: Pick<MessageArchive, 'store' | 'load'>;
  readonly messages: MessageRegistry;
  readonly members: MemberCache;
  readonly waiting: Pick<Waiting, 'findRefused'>;
}

/** Looks up the undo messages of a message, and the message that an undo message undoes. */
export class UndoneMessages implements UndoLookup {
  readonly #components: UndoneMessagesComponents;

  constructor(components: UndoneMessagesComponents) {
    this.#components = components;
  }

  findFirst({ mid }: Member, globalTime: bigint): Message | undefined {
    const { register, archive } = this.#components;
    const [first] = register.undosOf({ mid, globalTime });
    const stored = first && archive.store.get(first.mid, first.globalTime);
    return stored && archive.load(stored);
  }

  targetKindOf(message: Message): MetaMessage | undefined {
    if (message.meta.id !== BUILT_IN_IDS.undoOther) return undefined;
    return this.kindOf(undoTargetOf(message as UndoOther, this.#components.members));
  }

  /** The kind of the undone message, if the message is here, stored or waiting for a permission. */
  kindOf({ mid, globalTime, member }: UndoTarget): MetaMessage | undefined {
    const { archive, messages, waiting } = this.#components;
    const stored = archive.store.get(mid, globalTime);
    if (stored !== undefined) return messages.byId(stored.messageId)?.meta;
    return member && waiting.findRefused(member, globalTime)?.meta;
  }
}
