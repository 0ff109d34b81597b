import type { Address } from '../../network/address.js';
import type { Outbox } from '../community/outbox.js';
import type { CommunityContext } from '../contract/community-context.js';
import { type Conversion, PREFIX_BYTES } from '../message/conversion.js';
import type { ReceivedMessage } from '../message/message.js';
import { isSyncDistribution } from '../message/policies.js';
import type { Undos } from '../permission/undos.js';
import { type Admission, FAILED } from './admission.js';
import type { Arrival } from './arrival.js';
import type { AuthorCode } from './author-code.js';
import { Batches } from './batches.js';
import type { PacketOutcomes } from './packet-outcomes.js';
import { GIVEN_UP_REASONS, type WaitingPackets } from './waiting-packets.js';

export interface MessageReceiverComponents {
  readonly context: Pick<CommunityContext, 'clock' | 'messages'>;
  readonly admission: Admission;
  readonly waiting: Pick<WaitingPackets, 'wakeFor' | 'clear'>;
  readonly author: Pick<AuthorCode, 'handle'>;
  readonly outcomes: PacketOutcomes;
  readonly outbox: Pick<Outbox, 'relay'>;
  readonly undos: Pick<Undos, 'reapply'>;
}

/**
 * The way of a packet into a community: it waits for its batch, is admitted, and handled; then the packets that waited for it resume.
 * Every packet ends as a success, as a drop with a reason, or waiting; nothing on the way throws.
 */
export class MessageReceiver {
  readonly #components: MessageReceiverComponents;
  readonly #batches: Batches;
  /** The packets that are to be processed next: handlers may wake waiting packets while others are being handled. */
  readonly #ready: Arrival[] = [];
  #isProcessing = false;

  constructor(components: MessageReceiverComponents) {
    this.#components = components;
    this.#batches = new Batches(components.context.clock, (arrivals) => this.enqueue(arrivals));
  }

  /** How many packets wait for others of their kind. */
  get batchedCount(): number {
    return this.#batches.size;
  }

  receive(source: Address, packet: Buffer, conversion: Conversion): void {
    const { context, outcomes } = this.#components;
    const registered = context.messages.byId(packet[PREFIX_BYTES] as number);
    if (registered === undefined) {
      outcomes.dropped(undefined, 'unknown message');
      return;
    }
    registered.counters.packetsReceived++;
    registered.counters.bytesReceived += packet.length;
    const arrival = { source, packet, conversion, registered };
    const { batch } = registered.meta;
    if (batch === undefined) this.enqueue([arrival]);
    else this.#batches.add(arrival, batch.maxWindowMs);
  }

  /** Processes these packets, now or when the packets before them are done. */
  enqueue(arrivals: readonly Arrival[]): void {
    this.#ready.push(...arrivals);
    if (this.#isProcessing) return;
    this.#isProcessing = true;
    try {
      for (let next = this.#takeReady(); next.length > 0; next = this.#takeReady()) this.#process(next);
    } finally {
      this.#isProcessing = false;
    }
  }

  stop(): void {
    const { outcomes, waiting } = this.#components;
    for (const { registered } of this.#batches.clear()) outcomes.dropped(registered, GIVEN_UP_REASONS.unloaded);
    waiting.clear();
  }

  /** The next packets of one kind. */
  #takeReady(): readonly Arrival[] {
    const registered = this.#ready[0]?.registered;
    const other = this.#ready.findIndex((arrival) => arrival.registered !== registered);
    return this.#ready.splice(0, other < 0 ? this.#ready.length : other);
  }

  #process(arrivals: readonly Arrival[]): void {
    const { admission, author, outcomes } = this.#components;
    const accepted: ReceivedMessage[] = [];
    for (const arrival of arrivals) {
      const message = admission.admit(arrival, accepted);
      if (message !== undefined) accepted.push(message);
    }
    const registered = arrivals[0]?.registered;
    if (accepted.length === 0 || registered === undefined) return;
    const handled = author.handle(accepted);
    outcomes.handled(registered, handled.length);
    for (let failed = accepted.length - handled.length; failed > 0; failed--) outcomes.dropped(registered, FAILED);
    for (const message of accepted) this.#afterHandling(message);
  }

  #afterHandling(message: ReceivedMessage): void {
    const { outbox, undos, waiting } = this.#components;
    const { meta, depth } = message;
    if (meta.destination.kind === 'nHop' && depth > 0) outbox.relay(message);
    if (!isSyncDistribution(meta.distribution)) return;
    undos.reapply(message);
    waiting.wakeFor(message);
  }
}
