import { closeSync, openSync, writeSync } from 'node:fs';
import type { Clock } from '../runtime/clock.js';
import { GumbyError } from '../runtime/errors.js';

/** A value as it stands in a log line. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export interface StatisticsLogComponents {
  readonly clock: Clock;
}

/**
 * An instance's `statistics.log`: a line an entry, `UNIX_SECONDS ID KEY JSON`, as Gumby wrote it and its users' scripts
 * read it. Entries are written through, so that a crash loses none; the file is made with the first of them.
 */
export class StatisticsLog {
  #file: number | undefined;
  readonly #path: string;
  readonly #instanceId: number;
  readonly #clock: Clock;

  constructor(path: string, instanceId: number, components: StatisticsLogComponents) {
    this.#path = path;
    this.#instanceId = instanceId;
    this.#clock = components.clock;
  }

  /** @throws GumbyError OUTPUT_WRITE_FAILED naming the file, e.g. when the disk is full. */
  write(key: string, value: JsonValue): void {
    const line = `${(this.#clock.wallMs() / 1000).toFixed(3)} ${this.#instanceId} ${key} ${JSON.stringify(value)}\n`;
    try {
      this.#file ??= openSync(this.#path, 'a');
      writeSync(this.#file, line);
    } catch (cause) {
      throw new GumbyError('OUTPUT_WRITE_FAILED', `cannot write ${this.#path}: ${(cause as Error).message}`, {
        context: { file: this.#path },
        cause,
      });
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
