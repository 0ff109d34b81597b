import type { Address } from './address.js';

/** Called for each datagram that comes in. The packet is the listeners' to read, and not to change. */
export type PacketListener = (source: Address, packet: Buffer) => void;

export interface EndpointOpenOptions {
  /** Taken if it is free, else a free one is chosen; 0 leaves the choice to the network at once. @default 0 */
  readonly preferredPort?: number;
}

/**
 * Where an overlay's packets leave and arrive. Whatever lies behind it – a socket of the system, a network inside this process, either
 * one under conditions – is for others to know; the suite in test/network/endpoint-compliance.ts holds for every implementation.
 */
export interface Endpoint {
  /** Where it can be reached now; absent while it is closed. */
  readonly address: Address | undefined;
  /**
   * Opens, or answers with the present address when it is open already; may follow a `close`.
   * @throws GumbyError PORT_UNAVAILABLE
   */
  open(options?: EndpointOpenOptions): Promise<Address>;
  /** From the moment of the call on nothing is sent, and no listener is called. Repeating it does no harm. */
  close(): Promise<void>;
  /** Never throws and never waits: what cannot be sent is counted by its reason. The bytes must stay as they are until they have left. */
  send(address: Address, packet: Buffer): void;
  /**
   * Listens, also when the endpoint is closed meanwhile and opened again. What a listener throws is counted, and is kept away from
   * the socket and from the other listeners.
   * @returns ends the listening
   */
  onPacket(listener: PacketListener): () => void;
}
