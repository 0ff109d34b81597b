import { EventEmitter } from 'eventemitter3';
import { type Address, addressKey } from '../src/network/address.js';
import type { Endpoint, EndpointEvents } from '../src/network/endpoint.js';
import { EndpointStatistics } from '../src/network/endpoint-statistics.js';

/** Who is where, in a network without sockets. */
export type MemoryNetwork = Map<string, MemoryEndpoint>;

export const memoryNetwork = (): MemoryNetwork => new Map();

/** Hands packets over within the process, in a later turn of the event loop, so that benches see the stack alone. */
export class MemoryEndpoint extends EventEmitter<EndpointEvents> implements Endpoint {
  readonly statistics = new EndpointStatistics();
  readonly sendQueueLength = 0;
  readonly receiveBufferBytes = 0;
  readonly address: Address;
  readonly #network: MemoryNetwork;

  constructor(address: Address, network: MemoryNetwork) {
    super();
    this.address = address;
    this.#network = network;
    network.set(addressKey(address), this);
  }

  async open(): Promise<Address> {
    return this.address;
  }

  async close(): Promise<void> {}

  send(address: Address, packet: Buffer): void {
    this.statistics.packetsUp++;
    queueMicrotask(() => this.#network.get(addressKey(address))?.emit('packet', this.address, packet));
  }
}
