import { type Address, isNumericHost } from '../address.js';
import type { EndpointOpenOptions, PacketListener } from '../endpoint.js';
import type { EndpointCounts } from '../endpoint-counts.js';
import { sendObstacle } from '../send-obstacle.js';
import type { MeteredEndpoint } from '../socket-figures.js';
import type { PacketObserver } from './packet-observer.js';

/**
 * An endpoint whose packets somebody observes. A packet that cannot be sent – to the name of a host, say, which is never
 * looked up – is none that leaves.
 */
export class ObservedEndpoint implements MeteredEndpoint {
  readonly #endpoint: MeteredEndpoint;
  readonly #observer: PacketObserver;

  /** @param endpoint - nobody listens to it yet: the observer sees a packet before its answers */
  constructor(endpoint: MeteredEndpoint, observer: PacketObserver) {
    this.#endpoint = endpoint;
    this.#observer = observer;
    endpoint.onPacket((source, packet) => {
      if (endpoint.address !== undefined) observer.onReceived(source, endpoint.address, packet);
    });
  }

  get address(): Address | undefined {
    return this.#endpoint.address;
  }

  get counts(): Readonly<EndpointCounts> {
    return this.#endpoint.counts;
  }

  get sendQueueLength(): number | undefined {
    return this.#endpoint.sendQueueLength;
  }

  get receiveBufferBytes(): number | undefined {
    return this.#endpoint.receiveBufferBytes;
  }

  open(options?: EndpointOpenOptions): Promise<Address> {
    return this.#endpoint.open(options);
  }

  close(): Promise<void> {
    return this.#endpoint.close();
  }

  send(address: Address, packet: Buffer): void {
    const source = this.#endpoint.address;
    if (source !== undefined && sendObstacle(true, address, packet) === undefined && isNumericHost(address.host))
      this.#observer.onSent(source, address, packet);
    this.#endpoint.send(address, packet);
  }

  onPacket(listener: PacketListener): () => void {
    return this.#endpoint.onPacket(listener);
  }
}
