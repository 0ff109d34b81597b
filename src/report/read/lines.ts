import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK_BYTES = 1 << 18;

/**
 * The lines of a file, one chunk in memory at a time.
 * @param onDamaged - told of a last line without its end: whoever wrote it died over it, and a number in it may be cut short
 */
export function* linesOf(file: string, onDamaged: () => void): Generator<string> {
  const descriptor = openSync(file, 'r');
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    const decoder = new TextDecoder();
    let rest = '';
    for (;;) {
      const length = readSync(descriptor, chunk, 0, CHUNK_BYTES, null);
      rest += length === 0 ? decoder.decode() : decoder.decode(chunk.subarray(0, length), { stream: true });
      if (length === 0) break;
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (rest !== '') onDamaged();
  } finally {
    closeSync(descriptor);
  }
}
