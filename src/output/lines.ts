import { closeSync, openSync, readSync } from 'node:fs';
import { GumbyError } from '../runtime/errors.js';
import { fileProblem } from '../runtime/read-file.js';

const CHUNK_BYTES = 1 << 18;

/** The longest line, in UTF-16 code units: no run writes a longer one, and such a line is not gathered in memory. */
const LINE_LENGTH_MAX = 1 << 26;

/**
 * The lines of a file, one chunk in memory at a time.
 * @param onDamaged - is told of a line that is too long, and of a last line without its end: its writer died over it,
 *   and a number in it may be cut short
 * @throws GumbyError REPORT_INPUT_INVALID for what is no regular file: reading it might never end
 */
export function* linesOf(file: string, onDamaged: () => void): Generator<string> {
  // A log may be of any size: only a part of it is in memory.
  const problem = fileProblem(file, Infinity);
  if (problem !== undefined)
    throw new GumbyError('REPORT_INPUT_INVALID', `${file} cannot be read: ${problem.message}`, { context: { file } });
  const descriptor = openSync(file, 'r');
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    const decoder = new TextDecoder();
    const line = new LineInPieces();
    for (;;) {
      const length = readSync(descriptor, chunk, 0, CHUNK_BYTES, null);
      const text = length === 0 ? decoder.decode() : decoder.decode(chunk.subarray(0, length), { stream: true });
      const parts = text.split('\n');
      const last = parts.length > 1 ? parts.pop() : undefined;
      line.add(parts.shift() ?? '');
      if (last !== undefined) {
        const first = line.take();
        if (first === undefined) onDamaged();
        else yield first;
        yield* parts;
        line.add(last);
      }
      if (length === 0) break;
    }
    if (line.length > 0) onDamaged();
  } finally {
    closeSync(descriptor);
  }
}

/** A line that arrives in pieces, because it spans several chunks. */
class LineInPieces {
  length = 0;
  #pieces: string[] = [];

  add(piece: string): void {
    this.length += piece.length;
    if (this.length > LINE_LENGTH_MAX) this.#pieces = [];
    else if (piece !== '') this.#pieces.push(piece);
  }

  /** @returns undefined for a line that is too long */
  take(): string | undefined {
    const line = this.length > LINE_LENGTH_MAX ? undefined : this.#pieces.join('');
    this.#pieces = [];
    this.length = 0;
    return line;
  }
}
