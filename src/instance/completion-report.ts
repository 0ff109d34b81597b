import type { Clock, Timer } from '../runtime/clock.js';
import type { InstanceEvent } from '../protocol/instance-protocol.js';

/**
 * Completed commands are reported together after this time: when all instances are told something at once, their reports would
 * take the cores from those that have not begun yet.
 */
const REPORT_DELAY_MS = 50;

/** Gathers the commands that went well, for one report. */
export class CompletionReport {
  #numbers: number[] = [];
  #latenessMs: number[] = [];
  #timer: Timer | undefined;
  readonly #clock: Clock;
  readonly #emit: (event: InstanceEvent) => void;

  constructor(clock: Clock, emit: (event: InstanceEvent) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  add(number: number, latenessMs: number): void {
    this.#numbers.push(number);
    this.#latenessMs.push(latenessMs);
    this.#timer ??= this.#clock.schedule(REPORT_DELAY_MS, () => this.flush(), { weak: true });
  }

  /** Reports at once the commands that have been gathered. */
  flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#numbers.length > 0)
      this.#emit({ type: 'commands-done', numbers: this.#numbers, latenessMs: this.#latenessMs });
    this.#numbers = [];
    this.#latenessMs = [];
  }
}
