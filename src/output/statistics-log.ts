import { closeSync, openSync } from 'node:fs';
import type { Clock } from '../runtime/clock.js';
import { GumbyError } from '../runtime/errors.js';
import { LogBuffer } from './log-buffer.js';
import type { JsonValue } from '../runtime/json-value.js';
import { formatLogLine } from './log-line.js';
import { orWriteFailed } from './write-output-file.js';

export interface StatisticsLogComponents {
  /** The clock that entries are dated by. */
  readonly clock: Clock;
  /** The machine's clock, by which lines are gathered: whoever reads the file meanwhile waits in real time. @default `clock` */
  readonly machine?: Clock;
  /** The buffer in which lines are kept until they are written. @default memory of its own */
  readonly buffer?: LogBuffer;
}

/** Writes entries of the keys that its owner has reserved. */
export type KeyWriter = (key: string, value: JsonValue, wallMs?: number) => void;

/** A key has no spaces, which would end it, and no characters that end a line or cannot be written. */
const KEY = /^[^\s\p{C}]+$/u;

/** The file lies in the instance's directory. */
export const STATISTICS_FILE = 'statistics.log';

/** How long lines are gathered: a line after a pause is in the file at once, and of many lines those of some seconds are written together. */
const FLUSH_INTERVAL_MS = 5_000;

/**
 * An instance's `statistics.log`: one line for each entry, as Gumby wrote it and its users' scripts read it. The file
 * is made with the first entry. Entries are gathered for some seconds while more come; entries that still wait when the
 * instance ends, however it ends, are in memory that outlives the instance, and are written then.
 */
export class StatisticsLog {
  #flushedMs = -Infinity;
  #closed = false;
  /** The owners of reserved keys, by key. */
  readonly #owners = new Map<string, string>();
  readonly #path: string;
  readonly #instanceId: number;
  readonly #clock: Clock;
  readonly #machine: Clock;
  readonly #buffer: LogBuffer;

  constructor(path: string, instanceId: number, components: StatisticsLogComponents) {
    this.#path = path;
    this.#instanceId = instanceId;
    this.#clock = components.clock;
    this.#machine = components.machine ?? components.clock;
    this.#buffer = components.buffer ?? new LogBuffer();
  }

  /**
   * Writes an entry; after the end of the instance nothing is written any more. @param wallMs - the entry's time, in
   * Unix time @default now @param key - a word
   * @throws GumbyError OUTPUT_WRITE_FAILED naming the file, e.g. when the disk is full; PARAMETER_INVALID for a key that cannot
   * stand in the log, or that somebody else has reserved
   */
  write(key: string, value: JsonValue, wallMs?: number): void {
    const owner = this.#owners.get(key);
    if (owner !== undefined)
      throw new GumbyError('PARAMETER_INVALID', `"${key}" is a key of ${owner}: entries of your own need another one`);
    if (!KEY.test(key))
      throw new GumbyError(
        'PARAMETER_INVALID',
        `${JSON.stringify(key.slice(0, 100))} cannot be a key of the log: a key is text without spaces and control characters`,
      );
    this.#write(key, value, wallMs);
  }

  /**
   * Keeps keys for one owner, such as a module that several experiments share, so that nobody else's entries are taken for
   * its own.
   * @returns a function that writes entries of these keys
   * @throws GumbyError PARAMETER_INVALID when another owner has one of them
   */
  reserve(owner: string, keys: readonly string[]): KeyWriter {
    for (const key of keys) {
      const other = this.#owners.get(key) ?? owner;
      if (other !== owner) throw new GumbyError('PARAMETER_INVALID', `"${key}" is a key of ${other} already`);
      this.#owners.set(key, owner);
    }
    return (key, value, wallMs) => this.#write(key, value, wallMs);
  }

  #write(key: string, value: JsonValue, wallMs = this.#clock.wallMs()): void {
    if (this.#closed) return;
    const line = formatLogLine({ wallS: wallMs / 1000, id: this.#instanceId, key, value });
    if (!this.#buffer.append(line)) {
      this.flush();
      if (!this.#buffer.append(line)) this.#guarded((file) => this.#buffer.writeThrough(file, line));
    }
    if (this.#machine.nowMs() >= this.#flushedMs + FLUSH_INTERVAL_MS) this.flush();
  }

  /** @throws GumbyError OUTPUT_WRITE_FAILED */
  flush(): void {
    this.#flushedMs = this.#machine.nowMs();
    if (this.#buffer.pendingBytes > 0) this.#guarded((file) => this.#buffer.flush(file));
  }

  /** @throws GumbyError OUTPUT_WRITE_FAILED */
  close(): void {
    this.#closed = true;
    this.flush();
  }

  #guarded(write: (file: number) => void): void {
    orWriteFailed(this.#path, () => {
      // The file is opened anew each time: ten thousand instances in one process cannot each keep a file open.
      const file = openSync(this.#path, 'a');
      try {
        write(file);
      } finally {
        closeSync(file);
      }
    });
  }
}
