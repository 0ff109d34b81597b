import { EventEmitter } from 'eventemitter3';
import type { Address } from '../../../src/network/address.js';
import type { Endpoint, EndpointEvents } from '../../../src/network/endpoint.js';
import { EndpointStatistics } from '../../../src/network/endpoint-statistics.js';

/** An endpoint without a network: it keeps what is sent, and the test feeds the receiver itself. */
export class SilentEndpoint extends EventEmitter<EndpointEvents> implements Endpoint {
  readonly statistics = new EndpointStatistics();
  readonly address: Address = { host: '127.0.0.1', port: 20_000 };
  readonly sendQueueLength = 0;
  readonly receiveBufferBytes = 0;
  readonly sent: { readonly address: Address; readonly packet: Buffer }[] = [];

  async open(): Promise<Address> {
    return this.address;
  }

  async close(): Promise<void> {}

  send(address: Address, packet: Buffer): void {
    this.statistics.packetsUp++;
    // Only the first ones are looked at; a fuzzer makes us send many.
    if (this.sent.length < 1000) this.sent.push({ address, packet });
  }
}
