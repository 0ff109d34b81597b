import type { Logger } from '../runtime/logger.js';
import { type Address, isNumericHost } from './address.js';
import type { Carrier, CarrierSocket } from './carrier.js';
import type { EndpointOpenOptions, PacketListener } from './endpoint.js';
import { EndpointCounts } from './endpoint-counts.js';
import { PacketListeners } from './packet-listeners.js';
import type { MeteredEndpoint } from './socket-figures.js';

export interface MemoryEndpointInit {
  readonly carrier: Carrier;
  readonly logger: Logger;
  /** The host of the network that the endpoint is on. @default '127.0.0.1' */
  readonly host?: string;
}

/** An endpoint on a network inside this process. */
export class MemoryEndpoint implements MeteredEndpoint {
  readonly counts = new EndpointCounts();
  /** A packet is on its way as soon as it is sent. */
  readonly sendQueueLength = undefined;
  /** No packet waits to be read. */
  readonly receiveBufferBytes = undefined;
  readonly #carrier: Carrier;
  readonly #host: string;
  readonly #listeners: PacketListeners;
  #socket: CarrierSocket | undefined;

  constructor({ carrier, logger, host = '127.0.0.1' }: MemoryEndpointInit) {
    this.#carrier = carrier;
    this.#host = host;
    this.#listeners = new PacketListeners(this.counts, logger);
  }

  get address(): Address | undefined {
    return this.#socket?.address;
  }

  /** Opens the endpoint before it returns: there is nothing to wait for. */
  async open({ preferredPort = 0 }: EndpointOpenOptions = {}): Promise<Address> {
    this.#socket ??= this.#carrier.bind(this.#host, preferredPort, (source, packet) =>
      this.#listeners.deliver(source, packet),
    );
    return this.#socket.address;
  }

  async close(): Promise<void> {
    this.#socket?.close();
    this.#socket = undefined;
  }

  send(address: Address, packet: Buffer): void {
    const socket = this.#socket;
    if (!this.counts.admit(socket !== undefined, address, packet) || socket === undefined) return;
    // The name of a host is never looked up; the system, too, refuses it only after the packet was sent.
    if (isNumericHost(address.host)) this.#carrier.carry(socket.address, address, packet);
    else this.counts.sendErrors++;
  }

  onPacket(listener: PacketListener): () => void {
    return this.#listeners.add(listener);
  }
}
