import type { Address } from './address.js';

/** A socket on a network inside this process: an address that is taken until it is closed. */
export interface CarrierSocket {
  readonly address: Address;
  /** Gives the address back: datagrams in flight to it are for nobody. */
  close(): void;
}

/** A network inside this process, as the sockets of one of its hosts see it. */
export interface Carrier {
  /**
   * Takes an address.
   * @param preferredPort - this port is taken if it is free, else the next free dynamic port; 0 leaves the choice to the network
   * @throws GumbyError PORT_UNAVAILABLE
   */
  bind(host: string, preferredPort: number, receive: (source: Address, packet: Buffer) => void): CarrierSocket;
  /** Takes a datagram and delivers it later; never throws. The bytes are copied. */
  carry(source: Address, destination: Address, packet: Buffer): void;
}
