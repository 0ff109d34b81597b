import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';

const CHUNK = Buffer.alloc(1 << 16);

/** Reads a short file of the system; undefined where there is none. This is three times as fast as `readFileSync`. */
export function readProcFile(path: string): string | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    let text = '';
    for (;;) {
      const length = readSync(descriptor, CHUNK, 0, CHUNK.length, null);
      if (length === 0) return text;
      text += CHUNK.toString('latin1', 0, length);
    }
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** How many descriptors may stay open: the experiment needs some as well. */
const KEPT_MAX = 512;
let keptCount = 0;

/**
 * A short file of the system that is read again and again. Each reading from the beginning tells the present, and a
 * file that stays open is read in a third of the time.
 */
export class ProcFile {
  readonly #path: string;
  #descriptor: number | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  read(): string | undefined {
    try {
      if (this.#descriptor === undefined) {
        if (keptCount >= KEPT_MAX) return readProcFile(this.#path);
        this.#descriptor = openSync(this.#path, 'r');
        keptCount++;
      }
      return CHUNK.toString('latin1', 0, readSync(this.#descriptor, CHUNK, 0, CHUNK.length, 0));
    } catch {
      this.close();
      return undefined;
    }
  }

  close(): void {
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
    keptCount--;
  }
}

export function entriesOf(directory: string): readonly string[] | undefined {
  try {
    return readdirSync(directory);
  } catch {
    return undefined;
  }
}

/** How many files a process has open: since Linux 6.2 the size of the directory says so, before that its entries are counted. */
export function openFileCount(directory: string): number | undefined {
  const size = statSync(directory, { throwIfNoEntry: false })?.size ?? 0;
  return size > 0 ? size : entriesOf(directory)?.length;
}
