import type { EventMaker } from '../../runtime/virtual-time/event-maker.js';
import type { VirtualEvent } from '../../runtime/virtual-time/virtual-event.js';
import type { Logger } from '../../runtime/logger.js';
import { type Address, isNumericHost } from '../address.js';
import type { EndpointOpenOptions, PacketListener } from '../endpoint.js';
import { EndpointCounts } from '../endpoint-counts.js';
import { depart } from '../links/departure.js';
import type { NetworkConditions } from '../links/network-conditions.js';
import type { NetworkFigures } from '../network-figures.js';
import { PacketListeners } from '../packet-listeners.js';
import type { MeteredEndpoint } from '../socket-figures.js';
import type { AddressBook } from './address-book.js';

export interface LinkedEndpointInit {
  /** The endpoint at which packets leave and arrive. It belongs to the linked endpoint from now on. */
  readonly endpoint: MeteredEndpoint;
  /** The instance or tracker whose endpoint it is. */
  readonly entity: number;
  /** Events of the experiment's clock. */
  readonly events: EventMaker;
  readonly conditions: NetworkConditions;
  readonly addresses: AddressBook;
  readonly figures: NetworkFigures;
  readonly logger: Logger;
}

/**
 * An endpoint on a real network whose links are made by its sender: a packet is kept back for the latency of its link,
 * or lost, before it leaves. What it counts is what its user has sent and received. A packet that is kept back leaves
 * from the sender's socket, so it is lost when the socket is closed before.
 */
export class LinkedEndpoint implements MeteredEndpoint {
  readonly #init: LinkedEndpointInit;
  readonly #counts = new EndpointCounts();
  readonly #listeners: PacketListeners;
  /** What is kept back, in either direction. */
  readonly #waiting = new Set<VirtualEvent>();

  constructor(init: LinkedEndpointInit) {
    this.#init = init;
    this.#listeners = new PacketListeners(this.#counts, init.logger);
    init.endpoint.onPacket((source, packet) => this.#receive(source, packet));
  }

  get address(): Address | undefined {
    return this.#init.endpoint.address;
  }

  get counts(): Readonly<EndpointCounts> {
    this.#counts.sendErrors = this.#init.endpoint.counts.sendErrors;
    return this.#counts;
  }

  get sendQueueLength(): number | undefined {
    return this.#init.endpoint.sendQueueLength;
  }

  get receiveBufferBytes(): number | undefined {
    return this.#init.endpoint.receiveBufferBytes;
  }

  async open(options?: EndpointOpenOptions): Promise<Address> {
    const { endpoint, addresses, entity } = this.#init;
    const address = await endpoint.open(options);
    addresses.note(entity, address);
    return address;
  }

  async close(): Promise<void> {
    const { endpoint, events, figures } = this.#init;
    const closed = endpoint.close();
    for (const event of this.#waiting) {
      events.cancel(event);
      figures.count('notLeft');
    }
    this.#waiting.clear();
    await closed;
  }

  send(address: Address, packet: Buffer): void {
    const { endpoint, addresses, entity, conditions, events, figures } = this.#init;
    if (!this.#counts.admit(endpoint.address !== undefined, address, packet)) return;
    // The name of a host is refused by the system, wherever it is.
    if (!isNumericHost(address.host)) {
      endpoint.send(address, packet);
      return;
    }
    figures.count('sent');
    const target = addresses.entityAt(address);
    const { links: fates, bandwidths } = conditions;
    const sentMs = events.nowMs;
    depart({ fates, bandwidths, figures }, entity, target, packet, sentMs, (timeMs, bytes) => {
      // Whoever sends may use the bytes again when the packet is sent.
      const own = Buffer.from(bytes);
      const leave = () => {
        figures.measuredDelays.record(events.nowMs - sentMs);
        endpoint.send(address, own);
      };
      if (timeMs === sentMs) leave();
      else this.#at(timeMs, target, leave);
    });
  }

  onPacket(listener: PacketListener): () => void {
    return this.#listeners.add(listener);
  }

  /** A packet has come to the end of its link: it still has to come in through the receiver's connection. */
  #receive(source: Address, packet: Buffer): void {
    const { addresses, entity, conditions, events, figures } = this.#init;
    const sender = addresses.entityAt(source);
    const inMs = sender === entity ? 0 : conditions.bandwidths.passDown(entity, events.nowMs, packet.length);
    if (inMs === undefined) figures.count('queueFull');
    else if (inMs === 0) this.#listeners.deliver(source, packet);
    else this.#at(events.nowMs + inMs, entity, () => this.#listeners.deliver(source, packet));
  }

  /** Keeps something back until its time. */
  #at(timeMs: number, target: number, run: () => void): void {
    const { events, entity } = this.#init;
    const event = events.add('packet', timeMs, target, entity, () => {
      this.#waiting.delete(event);
      run();
    });
    this.#waiting.add(event);
  }
}
