import type { Address } from '../address.js';

/**
 * Sees the packets of an instance or tracker where they leave and arrive: those that it sends before anybody else has
 * them, and those that it receives before it does. The bytes are its own only until it returns, and it changes none.
 */
export interface PacketObserver {
  onSent(source: Address, destination: Address, packet: Buffer): void;
  onReceived(source: Address, destination: Address, packet: Buffer): void;
}
