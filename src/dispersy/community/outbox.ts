import type { Address } from '../../network/address.js';
import type { Candidate } from '../candidate/candidate.js';
import type { CommunityHost } from '../contract/community-host.js';
import { PREFIX_BYTES } from '../message/conversion.js';
import type { Message, ReceivedMessage } from '../message/message.js';
import type { MessageRegistry, RegisteredMessage } from '../message/message-registry.js';
import type { MetaMessage } from '../message/meta-message.js';
import { withDepth } from '../message/signatures.js';

export interface OutboxComponents {
  readonly messages: MessageRegistry;
  readonly host: Pick<CommunityHost, 'randomCandidates'>;
  readonly send: (peer: Address, packet: Buffer) => void;
}

/** Sends a community's packets to the peers that their destination says, and counts them. */
export class Outbox {
  readonly #components: OutboxComponents;

  constructor(components: OutboxComponents) {
    this.#components = components;
  }

  /** @param peers - by default as many verified candidates, at random, as the destination says. */
  forward(message: Message, peers: readonly Address[] = this.#peersFor(message.meta)): void {
    const { meta, packet, depth, depthOffset } = message;
    const registered = this.#components.messages.byId(meta.id);
    if (meta.destination.kind !== 'nHop') for (const peer of peers) this.#send(registered, packet, peer);
    else if (depth > 0) {
      const lowered = withDepth(packet, depthOffset, depth - 1);
      for (const peer of peers) this.#send(registered, lowered, peer);
    }
  }

  /** Sends on a message that was received. */
  relay(message: ReceivedMessage): void {
    this.forward(message, this.#peersFor(message.meta, message.candidate));
  }

  sendPacket(packet: Buffer, peer: Address): void {
    this.#send(this.#components.messages.byId(packet[PREFIX_BYTES] as number), packet, peer);
  }

  #send(registered: RegisteredMessage | undefined, packet: Buffer, peer: Address): void {
    this.#components.send(peer, packet);
    if (registered === undefined) return;
    registered.counters.sent++;
    registered.counters.bytesSent += packet.length;
  }

  #peersFor({ destination }: MetaMessage, except?: Candidate): readonly Address[] {
    if (destination.kind === 'candidate') return [];
    const others = this.#components.host.randomCandidates().filter(({ key }) => key !== except?.key);
    return others.slice(0, destination.nodeCount);
  }
}
