import { closeSync, openSync } from 'node:fs';
import type { Clock } from '../runtime/clock.js';
import { GumbyError, toError } from '../runtime/errors.js';
import { LogBuffer } from './log-buffer.js';
import { formatLogLine, type JsonValue } from './log-line.js';

export interface StatisticsLogComponents {
  readonly clock: Clock;
  /** Where lines are kept until they are written. @default memory of its own */
  readonly buffer?: LogBuffer;
}

/** In the instance's directory. */
export const STATISTICS_FILE = 'statistics.log';

/** Who writes now and then finds each line in the file at once; who writes much, all of some seconds together. */
const FLUSH_INTERVAL_MS = 5_000;

/**
 * An instance's `statistics.log`: a line an entry, as Gumby wrote it and its users' scripts read it. The file is made with the first entry. Entries are gathered for some seconds while more come; those that still
 * wait when the instance ends, however it ends, are in memory that outlives it, and are written then.
 */
export class StatisticsLog {
  #file: number | undefined;
  #flushedMs = -Infinity;
  #closed = false;
  readonly #path: string;
  readonly #instanceId: number;
  readonly #clock: Clock;
  readonly #buffer: LogBuffer;

  constructor(path: string, instanceId: number, components: StatisticsLogComponents) {
    this.#path = path;
    this.#instanceId = instanceId;
    this.#clock = components.clock;
    this.#buffer = components.buffer ?? new LogBuffer();
  }

  /**
   * After the end of the instance nothing is written any more.
   * @param wallMs - of the entry, in Unix time @default now
   * @param key - a word
   * @throws GumbyError OUTPUT_WRITE_FAILED naming the file, e.g. when the disk is full; PARAMETER_INVALID for what is no entry
   */
  write(key: string, value: JsonValue, wallMs = this.#clock.wallMs()): void {
    if (this.#closed) return;
    const line = formatLogLine({ wallS: wallMs / 1000, id: this.#instanceId, key, value });
    if (!this.#buffer.append(line)) {
      this.flush();
      if (!this.#buffer.append(line)) this.#guarded((file) => this.#buffer.writeThrough(file, line));
    }
    if (this.#clock.nowMs() >= this.#flushedMs + FLUSH_INTERVAL_MS) this.flush();
  }

  /** @throws GumbyError OUTPUT_WRITE_FAILED */
  flush(): void {
    this.#flushedMs = this.#clock.nowMs();
    if (this.#buffer.pendingBytes > 0) this.#guarded((file) => this.#buffer.flush(file));
  }

  /** @throws GumbyError OUTPUT_WRITE_FAILED */
  close(): void {
    this.#closed = true;
    try {
      this.flush();
    } finally {
      if (this.#file !== undefined) closeSync(this.#file);
      this.#file = undefined;
    }
  }

  #guarded(write: (file: number) => void): void {
    try {
      this.#file ??= openSync(this.#path, 'a');
      write(this.#file);
    } catch (cause) {
      throw new GumbyError('OUTPUT_WRITE_FAILED', `cannot write ${this.#path}: ${toError(cause).message}`, {
        context: { file: this.#path },
        cause,
      });
    }
  }
}
