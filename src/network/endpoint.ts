import type { Address } from './address.js';

/** Called for each datagram that comes in. Listeners may read the packet, but not change it. */
export type PacketListener = (source: Address, packet: Buffer) => void;

export interface EndpointOpenOptions {
  /** This port is taken if it is free, else a free one is chosen; 0 leaves the choice to the network at once. @default 0 */
  readonly preferredPort?: number;
}

/**
 * Where an overlay's packets leave and arrive. Whatever lies behind it – a socket of the system, a network inside this process, either
 * one under conditions – is for others to know; the suite in test/network/endpoint-compliance.ts holds for every implementation.
 */
export interface Endpoint {
  /** Where the endpoint can be reached now; undefined while it is closed. */
  readonly address: Address | undefined;
  /**
   * Opens the endpoint, or answers with the present address when it is open already; may follow a `close`.
   * @throws GumbyError PORT_UNAVAILABLE
   */
  open(options?: EndpointOpenOptions): Promise<Address>;
  /** From the moment of the call on nothing is sent, and no listener is called. Repeating it does no harm. */
  close(): Promise<void>;
  /**
   * Sends a packet. It never throws and never waits: a packet that cannot be sent is counted by the reason. The bytes
   * must stay as they are until they have left.
   */
  send(address: Address, packet: Buffer): void;
  /**
   * Adds a listener, which stays when the endpoint is closed and opened again. An exception of a listener is counted,
   * and is kept away from the socket and from the other listeners. @returns a function that removes the listener
   */
  onPacket(listener: PacketListener): () => void;
}
