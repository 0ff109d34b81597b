import type { Address } from '../../network/address.js';
import type { Answering } from '../contract/answering.js';
import type { ReceivedMessage } from '../message/message.js';
import type { MetaMessage } from '../message/meta-message.js';
import type { Missing } from '../message/check-result.js';
import type { MessageArchive } from '../store/message-archive.js';
import { Identities, type IdentitiesComponents } from './identities.js';
import { MissingMessages } from './missing-messages.js';
import { MissingProofs, type MissingProofsComponents } from './missing-proofs.js';
import { MissingSequences } from './missing-sequences.js';

export interface MissingRequestsComponents extends IdentitiesComponents {
  readonly archive: MessageArchive;
  readonly answering: Answering;
  readonly proofs: MissingProofsComponents['proofs'];
}

/** Asks peers for whatever a packet of theirs cannot be understood without, and answers when they ask. */
export class MissingRequests {
  readonly messages: readonly MetaMessage[];
  readonly #identities: Identities;
  readonly #messages: MissingMessages;
  readonly #sequences: MissingSequences;
  readonly #proofs: MissingProofs;

  constructor(components: MissingRequestsComponents) {
    this.#identities = new Identities(components);
    this.#messages = new MissingMessages(components);
    this.#sequences = new MissingSequences(components);
    this.#proofs = new MissingProofs(components);
    const parts = [this.#identities, this.#messages, this.#sequences, this.#proofs];
    this.messages = parts.flatMap((part) => part.messages);
  }

  /** Collects the identities that others may ask us for when they get this message from us. */
  collect(message: ReceivedMessage): void {
    this.#identities.collect(message);
  }

  ask(missing: Missing, peer: Address): void {
    switch (missing.what) {
      case 'identity': {
        this.#identities.ask(missing.mid, peer);
        return;
      }
      case 'message': {
        this.#messages.ask(missing.member, missing.globalTime, peer);
        return;
      }
      case 'sequence': {
        this.#sequences.ask(missing, peer);
        return;
      }
      case 'proof': {
        this.#proofs.ask(missing.member, missing.globalTime, peer);
        return;
      }
    }
  }
}
