import type { Clock, Timer } from '../runtime/clock.js';
import type { CommandMessage } from '../protocol/instance-protocol.js';

/**
 * Commands that have been sent ahead of their time, in the order in which they are due. The coordinator sends them a little
 * early, so that at the moment itself hundreds of threads need only look at their clocks.
 */
export class CommandQueue {
  readonly #waiting: CommandMessage[] = [];
  readonly #clock: Clock;
  readonly #run: (message: CommandMessage) => void;
  #timer: Timer | undefined;

  constructor(clock: Clock, run: (message: CommandMessage) => void) {
    this.#clock = clock;
    this.#run = run;
  }

  /** Takes a command that is due no earlier than those before it. */
  push(message: CommandMessage): void {
    this.#waiting.push(message);
    if (this.#waiting.length === 1) this.#wait();
  }

  /** Forgets the commands that have not been run. */
  clear(): void {
    this.#timer?.cancel();
    this.#waiting.length = 0;
  }

  #wait(): void {
    const [next] = this.#waiting;
    if (next === undefined) return;
    const delayMs = next.dueMs - this.#clock.nowMs();
    if (delayMs <= this.#clock.earlyMs) this.#timer = this.#clock.scheduleTurn(() => this.#runDue());
    else this.#timer = this.#clock.schedule(delayMs, () => this.#runDue());
  }

  /** Runs one due command at a time, even when a late thread finds several: the promises of each get a turn before the next runs. */
  #runDue(): void {
    const [next] = this.#waiting;
    if (next !== undefined && next.dueMs <= this.#clock.nowMs() + this.#clock.earlyMs) {
      this.#waiting.shift();
      this.#run(next);
    }
    this.#wait();
  }
}
