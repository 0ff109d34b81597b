import { hash } from 'node:crypto';

/** At a hundred signed messages a second the window reaches back ten seconds, the life of a request; it takes 40 KB when full. */
const PACKETS_MAX = 1024;

/** Recognises signed packets that were accepted a short while ago, before their signature is verified once more. */
export class ReplayWindow {
  readonly #seen = new Set<number>();

  has(key: number): boolean {
    return this.#seen.has(key);
  }

  /** Adds a packet; its signature has to be right, or forged packets could block real ones. */
  add(key: number): void {
    if (this.#seen.size >= PACKETS_MAX) this.#seen.delete(this.#seen.values().next().value as number);
    this.#seen.add(key);
  }
}

/**
 * The key of a packet is 48 bits of a hash: as many as a number takes in one read. The signature alone would not do:
 * with `NoCrypto` all signatures are the same.
 * @param signed - the bytes that the signatures of the packet cover
 */
export function replayKey(signed: Buffer): number {
  return hash('sha1', signed, 'buffer').readUIntBE(0, 6);
}
