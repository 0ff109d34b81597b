import type { Clock } from '../runtime/clock.js';
import { type Address, addressKey, isNumericHost, NO_ADDRESS } from './address.js';
import type { Carrier, CarrierSocket } from './carrier.js';
import { freeDynamicPort, nextDynamicPort } from './dynamic-port.js';
import { checkPort, portUnavailable } from './port-error.js';

/** What became of the datagrams that a fabric was given: `carried` is the sum of all others. */
export interface FabricCounts {
  readonly carried: number;
  readonly delivered: number;
  /** Datagrams for an address at which nobody was when they were sent, or whose socket was closed before they came in. */
  readonly toNobody: number;
  readonly inFlight: number;
}

/**
 * A network inside this process: it knows who is at which address, and carries datagrams there. Like a socket of the
 * system it takes whole datagrams, loses a datagram for nobody without a word, and gives the receiver bytes of its own.
 * It delivers each datagram in a later turn of its clock, all in the order in which they were sent, and loses none
 * otherwise: loss and delay are made by the conditions around an endpoint.
 */
export class Fabric implements Carrier {
  readonly #clock: Clock;
  readonly #sockets = new Map<string, BoundSocket>();
  /** The dynamic port to try next, by host. */
  readonly #nextPorts = new Map<string, number>();
  readonly #counts = { carried: 0, delivered: 0, toNobody: 0, inFlight: 0 };

  /** @param clock - the experiment's clock */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get counts(): FabricCounts {
    return { ...this.#counts };
  }

  bind(host: string, preferredPort: number, receive: (source: Address, packet: Buffer) => void): CarrierSocket {
    checkPort(host, preferredPort);
    if (!isNumericHost(host) || host === NO_ADDRESS.host)
      throw portUnavailable(host, preferredPort, 'a host of the emulated network is an IPv4 address like 10.0.0.1');
    const port = this.#isFree(host, preferredPort) ? preferredPort : this.#dynamicPort(host, preferredPort);
    const socket = new BoundSocket({ host, port }, receive, () => this.#sockets.delete(addressKey(socket.address)));
    this.#sockets.set(addressKey(socket.address), socket);
    return socket;
  }

  carry(source: Address, destination: Address, packet: Buffer): void {
    this.#counts.carried++;
    const socket = this.#sockets.get(addressKey(destination));
    // As with the system's sockets, a socket that is bound later gets nothing that was sent before.
    if (socket === undefined) {
      this.#counts.toNobody++;
      return;
    }
    this.#counts.inFlight++;
    const copy = Buffer.from(packet);
    // Each datagram has a turn for itself: the receiver's promises come before the next datagram.
    this.#clock.scheduleTurn(() => {
      this.#counts.inFlight--;
      if (!socket.isOpen) this.#counts.toNobody++;
      else {
        this.#counts.delivered++;
        socket.receive(source, copy);
      }
    });
  }

  #isFree(host: string, port: number): boolean {
    return port !== 0 && !this.#sockets.has(addressKey({ host, port }));
  }

  #dynamicPort(host: string, preferredPort: number): number {
    const port = freeDynamicPort(host, preferredPort, (each) => this.#isFree(host, each), this.#nextPorts.get(host));
    this.#nextPorts.set(host, nextDynamicPort(port));
    return port;
  }
}

class BoundSocket implements CarrierSocket {
  isOpen = true;

  constructor(
    readonly address: Address,
    readonly receive: (source: Address, packet: Buffer) => void,
    private readonly onClose: () => void,
  ) {}

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.onClose();
  }
}
