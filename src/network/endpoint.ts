import type { EventEmitter } from 'eventemitter3';
import type { Address } from './address.js';
import type { EndpointStatistics } from './endpoint-statistics.js';

export interface EndpointEvents {
  /** A datagram came in. What a listener throws is counted and kept away from the socket. */
  packet: (source: Address, packet: Buffer) => void;
  /** The endpoint itself is in trouble; a packet that could not be sent is only counted. */
  error: (error: Error) => void;
}

export interface EndpointOpenOptions {
  /** Taken if it is free, else the system chooses; 0 leaves it to the system at once. @default 0 */
  readonly preferredPort?: number;
}

/**
 * Where an overlay's packets leave and arrive. Counting, delaying and dropping are decorators around one; the suite in
 * test/network/endpoint-compliance.ts holds for every implementation.
 */
export interface Endpoint extends EventEmitter<EndpointEvents> {
  readonly statistics: EndpointStatistics;
  /** Where it can be reached now; absent while it is closed. */
  readonly address: Address | undefined;
  /** Packets that were given to `send` and have not left yet. */
  readonly sendQueueLength: number;
  /** What the system grants for packets that nobody has read yet; 0 while closed, or where there is no such thing. */
  readonly receiveBufferBytes: number;
  /** Opens, or answers with the present address when it is open already; may follow a `close`. */
  open(options?: EndpointOpenOptions): Promise<Address>;
  /** Repeating it does no harm. */
  close(): Promise<void>;
  /** Never throws and never waits: what cannot be sent is counted by its reason. */
  send(address: Address, packet: Buffer): void;
}
