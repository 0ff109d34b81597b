import type { Member } from '../identity/member.js';
import type { ReceivedMessage } from '../message/message.js';
import type { MessageRegistry } from '../message/message-registry.js';
import type { Identities } from '../missing/identities.js';
import type { LostMessage, MessageArchive } from '../store/message-archive.js';
import type { PacketOutcomes } from './packet-outcomes.js';
import type { WaitingPackets } from './waiting-packets.js';

export interface MessageKeeperComponents {
  readonly archive: Pick<MessageArchive, 'keep'>;
  readonly messages: MessageRegistry;
  readonly outcomes: PacketOutcomes;
  readonly waiting: Pick<WaitingPackets, 'takeRefused' | 'wakeFor'>;
  /** Collects the identities that others may ask us for when they get a message from us. */
  readonly identities: Pick<Identities, 'collect'>;
  /** Takes back the effects of a message that had to make room. */
  readonly forget: (lost: LostMessage) => void;
}

/** Stores messages that were received. */
export class MessageKeeper {
  readonly #components: MessageKeeperComponents;

  constructor(components: MessageKeeperComponents) {
    this.#components = components;
  }

  /** @param accepted - the messages of the same batch, which may lose a fork to this one before they are handled. */
  keep(message: ReceivedMessage, accepted: ReceivedMessage[]): void {
    this.#keep(message, 0n, accepted);
  }

  /** Stores a message that waited for the permission and was undone at this time; it is never handled. */
  keepRefused(member: Member, globalTime: bigint, undone: bigint): void {
    const { waiting } = this.#components;
    const message = waiting.takeRefused(member, globalTime);
    if (message === undefined) return;
    this.#keep(message, undone, []);
    waiting.wakeFor(message);
  }

  #keep(message: ReceivedMessage, undone: bigint, accepted: ReceivedMessage[]): void {
    const { archive, identities } = this.#components;
    for (const lost of archive.keep(message, undone)) this.#lose(lost, accepted);
    identities.collect(message);
  }

  #lose(lost: LostMessage, accepted: ReceivedMessage[]): void {
    const { messages, outcomes, forget } = this.#components;
    const { member, globalTime, meta } = lost.message;
    const at = accepted.findIndex(
      (each) => each.globalTime === globalTime && each.member?.mid.equals(member?.mid ?? NO_MID) === true,
    );
    if (at < 0) forget(lost);
    else {
      accepted.splice(at, 1);
      outcomes.dropped(messages.byId(meta.id), 'conflicting message');
    }
  }
}

const NO_MID = Buffer.alloc(0);
