/** Writes a packet from front to back into a buffer that grows and is used again for the next packet. */
export class Writer {
  #buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #length = 0;

  reset(): void {
    this.#length = 0;
  }

  uint8(value: number): void {
    const at = this.#grow(1);
    this.#buffer.writeUInt8(value, at);
  }

  uint16(value: number): void {
    const at = this.#grow(2);
    this.#buffer.writeUInt16BE(value, at);
  }

  uint32(value: number): void {
    const at = this.#grow(4);
    this.#buffer.writeUInt32BE(value, at);
  }

  uint64(value: bigint): void {
    const at = this.#grow(8);
    this.#buffer.writeBigUInt64BE(value, at);
  }

  bytes(value: Uint8Array): void {
    const at = this.#grow(value.length);
    this.#buffer.set(value, at);
  }

  /** A copy of the bytes that were written so far, with room for `extraBytes` more behind them. */
  finish(extraBytes: number): Buffer {
    const packet = Buffer.allocUnsafe(this.#length + extraBytes);
    this.#buffer.copy(packet, 0, 0, this.#length);
    return packet;
  }

  #grow(length: number): number {
    const at = this.#length;
    this.#length += length;
    if (this.#length > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#buffer.length, this.#length));
      this.#buffer.copy(larger, 0, 0, at);
      this.#buffer = larger;
    }
    return at;
  }
}

/** Most messages are shorter, and each community has one writer. */
const FIRST_BYTES = 512;
