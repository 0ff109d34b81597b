import { appendFileSync, statSync, writeSync } from 'node:fs';

/** Positions are kept as two 64-bit numbers before the bytes. */
const HEADER_BYTES = 16;
const FLUSHED = 0;
const WRITTEN = 1;

export const LOG_BUFFER_BYTES = 1 << 15;

/**
 * Text that is meant for a file and has not reached it yet, in memory that two threads share: when the writing thread
 * is gone – ended, crashed, out of memory – the other one saves the rest. The positions count bytes of the file, and
 * each step ends with one store of one position, so that whenever the writer dies nothing is lost and nothing is
 * written twice.
 */
export class LogBuffer {
  readonly memory: SharedArrayBuffer;
  readonly #positions: Float64Array;
  readonly #bytes: Buffer;

  constructor(memory = new SharedArrayBuffer(HEADER_BYTES + LOG_BUFFER_BYTES)) {
    this.memory = memory;
    this.#positions = new Float64Array(memory, 0, HEADER_BYTES / 8);
    this.#bytes = Buffer.from(memory, HEADER_BYTES);
  }

  get pendingBytes(): number {
    return this.#at(WRITTEN) - this.#at(FLUSHED);
  }

  /** @returns false when there is no room: the buffer is to be flushed first, or the text is too long for it */
  append(text: string): boolean {
    const pending = this.pendingBytes;
    if (pending + Buffer.byteLength(text) > this.#bytes.length) return false;
    this.#positions[WRITTEN] = this.#at(WRITTEN) + this.#bytes.write(text, pending, 'utf8');
    return true;
  }

  /** Writes the pending text to the file; the part that the file does not take stays pending. */
  flush(descriptor: number): void {
    const pending = this.pendingBytes;
    let written = 0;
    try {
      while (written < pending) written += writeSync(descriptor, this.#bytes, written, pending - written);
    } catch (error) {
      this.#bytes.copyWithin(0, written, pending);
      this.#positions[FLUSHED] = this.#at(FLUSHED) + written;
      throw error;
    }
    this.#positions[FLUSHED] = this.#at(WRITTEN);
  }

  /** Writes a text past the buffer, which has to be empty. */
  writeThrough(descriptor: number, text: string): void {
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
    this.#positions[WRITTEN] = this.#at(WRITTEN) + bytes.length;
    this.#positions[FLUSHED] = this.#at(WRITTEN);
  }

  /** Saves the text that a dead writer has left; the writer may have died while it flushed. */
  rescue(path: string): void {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const missing = this.#bytes.subarray(Math.max(0, size - this.#at(FLUSHED)), this.pendingBytes);
    if (missing.length > 0) appendFileSync(path, missing);
    this.#positions[FLUSHED] = this.#at(WRITTEN);
  }

  #at(position: typeof FLUSHED | typeof WRITTEN): number {
    return this.#positions[position] as number;
  }
}
