import { closeSync, openSync } from 'node:fs';
import { writeAll } from '../output/write-output-file.js';

/** So many files stay open at a time: enough for those that are written to again and again. */
const OPEN_MAX = 64;

/** Appends to files, each write at once and in order, without keeping a file open for everyone who has ever written. */
export class AppendFiles {
  /** The open files, in the order of their last use. */
  readonly #open = new Map<string, number>();
  readonly #openMax: number;

  constructor(openMax = OPEN_MAX) {
    this.#openMax = openMax;
  }

  /** @throws the system's error, e.g. when the disk is full */
  append(path: string, chunk: string | Uint8Array): void {
    const descriptor = this.#descriptorOf(path);
    writeAll(descriptor, typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  }

  close(): void {
    for (const descriptor of this.#open.values()) closeSync(descriptor);
    this.#open.clear();
  }

  #descriptorOf(path: string): number {
    const known = this.#open.get(path);
    const descriptor = known ?? openSync(path, 'a');
    this.#open.delete(path);
    this.#open.set(path, descriptor);
    if (this.#open.size > this.#openMax) {
      const [oldest, itsDescriptor] = this.#open.entries().next().value as [string, number];
      this.#open.delete(oldest);
      closeSync(itsDescriptor);
    }
    return descriptor;
  }
}
