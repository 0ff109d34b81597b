import { hash } from 'node:crypto';

/** The filter's hash functions, shortest digest first; a filter uses the first one that yields enough bytes. */
const HASHES = [
  { name: 'md5', bytes: 16 },
  { name: 'sha1', bytes: 20 },
  { name: 'sha256', bytes: 32 },
  { name: 'sha384', bytes: 48 },
  { name: 'sha512', bytes: 64 },
] as const;

/** The layout of a filter; both sides have to agree, so that it travels with the filter. */
export interface BloomFilterShape {
  /** The size of the filter in bits. */
  readonly bits: number;
  /** How many bits a packet sets. */
  readonly functions: number;
  /** One byte that is hashed before every packet, so that two filters err about different packets. */
  readonly prefix: number;
}

/** The number of packets that a filter of this size holds at this error rate, and the number of functions for it. */
export function filterCapacity(
  bits: number,
  errorRate: number,
): { readonly capacity: number; readonly functions: number } {
  const capacity = Math.floor((bits * Math.LN2 ** 2) / Math.abs(Math.log(errorRate)));
  return { capacity, functions: Math.ceil((Math.LN2 * bits) / capacity) };
}

/**
 * A set of packets that takes few bits and errs on one side only: a packet that the filter does not contain is certainly not in the set. The
 * positions of a packet are the first big-endian integers – 16 bits each if there are less than 2^15 bits, else 32 – of
 * hash(prefix ‖ packet), modulo the size; bit i is bit i mod 8 of byte ⌊i/8⌋.
 */
export class BloomFilter implements BloomFilterShape {
  readonly bits: number;
  readonly functions: number;
  readonly prefix: number;
  readonly bytes: Buffer;
  readonly #hashName: string;

  /** @param bytes - the ⌈bits/8⌉ bytes of a filter that was received. @defaultValue an empty filter */
  constructor({ bits, functions, prefix }: BloomFilterShape, bytes: Buffer = Buffer.alloc(Math.ceil(bits / 8))) {
    this.bits = bits;
    this.functions = functions;
    this.prefix = prefix;
    this.bytes = bytes;
    const found = hashFor({ bits, functions });
    if (found === undefined) throw new RangeError(`no hash yields ${functions} positions in a filter of ${bits} bits`);
    this.#hashName = found;
  }

  /** Whether there is a hash that is long enough for such a filter. */
  static isPossible(shape: Pick<BloomFilterShape, 'bits' | 'functions'>): boolean {
    return shape.bits > 0 && shape.functions > 0 && hashFor(shape) !== undefined;
  }

  add(packet: Buffer): void {
    const digest = this.#digest(packet);
    for (let index = 0; index < this.functions; index++) {
      const bit = this.#position(digest, index);
      this.bytes[bit >> 3] = (this.bytes[bit >> 3] as number) | (1 << (bit & 7));
    }
  }

  /** Whether the packet is in the set, or happens to look as if it were. */
  has(packet: Buffer): boolean {
    const digest = this.#digest(packet);
    for (let index = 0; index < this.functions; index++) {
      const bit = this.#position(digest, index);
      if (((this.bytes[bit >> 3] as number) & (1 << (bit & 7))) === 0) return false;
    }
    return true;
  }

  #digest(packet: Buffer): Buffer {
    const length = packet.length + 1;
    if (length > scratch.length) scratch = Buffer.allocUnsafeSlow(2 * length);
    scratch[0] = this.prefix;
    packet.copy(scratch, 1);
    return hash(this.#hashName, scratch.subarray(0, length), 'buffer');
  }

  #position(digest: Buffer, index: number): number {
    const value = this.bits < SHORT_BITS ? digest.readUInt16BE(2 * index) : digest.readUInt32BE(4 * index);
    return value % this.bits;
  }
}

/** From this size on, positions take more than 16 bits of the digest. The wire carries no size of 2^31 or more. */
const SHORT_BITS = 2 ** 15;

/** The prefix and the packet side by side, as a one-shot hash wants them. */
let scratch = Buffer.allocUnsafeSlow(2048);

function hashFor({ bits, functions }: Pick<BloomFilterShape, 'bits' | 'functions'>): string | undefined {
  const bytes = functions * (bits < SHORT_BITS ? 2 : 4);
  return HASHES.find((each) => each.bytes >= bytes)?.name;
}
