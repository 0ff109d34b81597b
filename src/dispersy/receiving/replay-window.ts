import { hash } from 'node:crypto';

/** At a hundred signed messages a second it reaches back ten seconds, the life of a request; 40 KB when full. */
const PACKETS_MAX = 1024;

/** Recognises signed packets that were accepted a short while ago, before their signature is verified once more. */
export class ReplayWindow {
  readonly #seen = new Set<number>();

  /** @param signed - what the signatures of the packet cover. */
  has(signed: Buffer): boolean {
    return this.#seen.has(keyOf(signed));
  }

  /** Only for packets whose signature is right, or forged ones could block real ones. */
  add(signed: Buffer): void {
    if (this.#seen.size >= PACKETS_MAX) this.#seen.delete(this.#seen.values().next().value as number);
    this.#seen.add(keyOf(signed));
  }
}

/** 48 bits of a hash: as many as a number takes in one read. The signature alone would not do: `NoCrypto` has but one. */
function keyOf(signed: Buffer): number {
  return hash('sha1', signed, 'buffer').readUIntBE(0, 6);
}
