import { type Clock, every, type Timer } from '../../runtime/clock.js';

/** Fails a stage in which nothing moves any more. */
export class ProgressWatch {
  /** Rejects once `limitMs` passed without a `touch`; never resolves. */
  readonly stalled: Promise<never>;
  #lastMs: number;
  readonly #clock: Clock;
  readonly #timer: Timer;

  /** @param describe - makes the error, at the moment of the stall */
  constructor(clock: Clock, limitMs: number, describe: () => Error) {
    this.#clock = clock;
    this.#lastMs = clock.nowMs();
    let reject!: (error: Error) => void;
    this.stalled = new Promise<never>((_, rejectStalled) => (reject = rejectStalled));
    // A race with the promise hears of the stall; without one the rejection is nobody's error.
    this.stalled.catch(() => {});
    this.#timer = every(clock, Math.min(1000, limitMs), () => {
      if (clock.nowMs() - this.#lastMs < limitMs) return;
      this.end();
      reject(describe());
    });
  }

  touch(): void {
    this.#lastMs = this.#clock.nowMs();
  }

  end(): void {
    this.#timer.cancel();
  }
}
