/** At a hundred signed messages a second it reaches back ten seconds, the life of a request; 40 KB when full. */
const SIGNATURES_MAX = 1024;

/** Recognises signed packets that were accepted a short while ago, before their signature is verified once more. */
export class ReplayWindow {
  readonly #seen = new Set<number>();

  has(packet: Buffer, signatureLength: number): boolean {
    return this.#seen.has(keyOf(packet, signatureLength));
  }

  /** Only for packets whose signature is right, or forged ones could block real ones. */
  add(packet: Buffer, signatureLength: number): void {
    if (this.#seen.size >= SIGNATURES_MAX) this.#seen.delete(this.#seen.values().next().value as number);
    this.#seen.add(keyOf(packet, signatureLength));
  }
}

/** 48 bits of the signature: as many as a number takes in one read, and nobody can choose them for another's packet. */
function keyOf(packet: Buffer, signatureLength: number): number {
  return packet.readUIntBE(packet.length - signatureLength, 6);
}
