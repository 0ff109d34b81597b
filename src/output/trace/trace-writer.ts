import { closeSync, openSync } from 'node:fs';
import { orWriteFailed, writeAll } from '../write-output-file.js';
import { formatTraceLine, type TraceEvent } from './trace-line.js';

/** Lines are written together: a call of the system for each event would take more than the event. */
const BUFFER_CHARS = 1 << 17;

/** Writes a thread's part of the trace. */
export class TraceWriter {
  readonly #file: string;
  readonly #descriptor: number;
  #buffer = '';

  /** @throws GumbyError OUTPUT_WRITE_FAILED */
  constructor(file: string) {
    this.#file = file;
    this.#descriptor = orWriteFailed(file, () => openSync(file, 'w'));
  }

  /** @param bytes - what came with the event @throws GumbyError OUTPUT_WRITE_FAILED */
  note(event: Omit<TraceEvent, 'hash'>, bytes?: Uint8Array): void {
    this.#buffer += formatTraceLine({ ...event, hash: bytes === undefined ? '' : hashOf(bytes) });
    if (this.#buffer.length >= BUFFER_CHARS) this.flush();
  }

  /** @throws GumbyError OUTPUT_WRITE_FAILED */
  flush(): void {
    const bytes = Buffer.from(this.#buffer);
    this.#buffer = '';
    orWriteFailed(this.#file, () => writeAll(this.#descriptor, bytes));
  }

  close(): void {
    this.flush();
    closeSync(this.#descriptor);
  }
}

/** FNV-1a with 32 bits (Fowler, Noll, Vo): fast, and enough to see that two packets differ. */
export function hashOf(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < bytes.length; index++) hash = Math.imul(hash ^ (bytes[index] as number), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
