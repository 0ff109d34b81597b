/** The headers of IPv4 and UDP, which take bandwidth as well. */
export const HEADER_BYTES = 28;

/** One direction of a connection: packets leave one after the other at a rate, and what does not fit into the queue is lost. */
export class Bottleneck {
  readonly #bitsPerMs: number;
  readonly #queueBytes: number;
  /** When everything that has been taken will have left. */
  #freeMs: number;

  /** @param bitsPerS - `Infinity` for no limit */
  constructor(bitsPerS: number, queueBytes: number, freeMs = -Infinity) {
    this.#bitsPerMs = bitsPerS / 1000;
    this.#queueBytes = queueBytes;
    this.#freeMs = freeMs;
  }

  /**
   * Takes a packet. Packets have to be given in order of time.
   * @param bytes - its payload
   * @returns after how many milliseconds it has left altogether; undefined when the queue is full, and the packet is lost
   */
  pass(nowMs: number, bytes: number): number | undefined {
    const waitMs = Math.max(0, this.#freeMs - nowMs);
    const size = bytes + HEADER_BYTES;
    // A packet that finds nobody before it is on its way at once, and waits in no queue.
    if (waitMs > 0 && (waitMs * this.#bitsPerMs) / 8 + size > this.#queueBytes) return undefined;
    const leftMs = waitMs + (size * 8) / this.#bitsPerMs;
    this.#freeMs = nowMs + leftMs;
    return leftMs;
  }

  /** The same direction at another rate: what has been taken leaves as it would have. */
  changed(bitsPerS: number, queueBytes: number): Bottleneck {
    return new Bottleneck(bitsPerS, queueBytes, this.#freeMs);
  }
}
