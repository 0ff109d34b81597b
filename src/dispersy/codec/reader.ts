/**
 * Reads a packet from front to back. Reading past the end, or reading an impossible value, does not throw – a hostile
 * packet must cost little – but sets `failure`; everything read after that is zero or empty, and the packet is dropped
 * once.
 */
export class Reader {
  failure: string | undefined;

  constructor(
    readonly packet: Buffer,
    /** The next byte to read. */
    public offset: number,
    /** The offset at which the packed fields end: the signature is not among them. */
    public end: number,
    /** Some payloads end differently in newer community versions. */
    readonly communityVersion: number,
  ) {}

  get remaining(): number {
    return this.end - this.offset;
  }

  fail(reason: string): void {
    this.failure ??= reason;
    this.offset = this.end;
  }

  uint8(): number {
    const at = this.#take(1);
    return at < 0 ? 0 : this.packet.readUInt8(at);
  }

  int8(): number {
    const at = this.#take(1);
    return at < 0 ? 0 : this.packet.readInt8(at);
  }

  uint16(): number {
    const at = this.#take(2);
    return at < 0 ? 0 : this.packet.readUInt16BE(at);
  }

  uint32(): number {
    const at = this.#take(4);
    return at < 0 ? 0 : this.packet.readUInt32BE(at);
  }

  uint64(): bigint {
    const at = this.#take(8);
    return at < 0 ? 0n : this.packet.readBigUInt64BE(at);
  }

  /** A view, not a copy: it lives as long as the packet does. */
  bytes(length: number): Buffer {
    const at = this.#take(length);
    return at < 0 ? EMPTY : this.packet.subarray(at, at + length);
  }

  /** The offset of `length` bytes that are there, or -1. */
  #take(length: number): number {
    const at = this.offset;
    if (this.failure !== undefined || length > this.end - at) {
      this.fail('packet is truncated');
      return -1;
    }
    this.offset = at + length;
    return at;
  }
}

const EMPTY = Buffer.alloc(0);
