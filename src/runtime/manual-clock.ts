import type { Clock, Timer } from './clock.js';

interface Pending {
  readonly dueMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A clock that stands still until `advance` is called: for tests, and for whoever must step through time. */
export class ManualClock implements Clock {
  readonly earlyMs = 0;
  #nowMs = 0;
  #order = 0;
  readonly #pending = new Set<Pending>();

  constructor(private readonly epochMs = 1_700_000_000_000) {}

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.epochMs + this.#nowMs;
  }

  schedule(delayMs: number, callback: () => void): Timer {
    const pending = { dueMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, callback };
    this.#pending.add(pending);
    return { cancel: () => void this.#pending.delete(pending) };
  }

  scheduleTurn(callback: () => void): Timer {
    return this.schedule(0, callback);
  }

  /**
   * Fires the timers that are due now, but none that their callbacks add: this is one turn of an event loop, after which
   * promises may have theirs.
   */
  turn(): void {
    for (const pending of [...this.#pending].filter(({ dueMs }) => dueMs <= this.#nowMs))
      // A timer that an earlier callback has cancelled is not there any more.
      if (this.#pending.delete(pending)) pending.callback();
  }

  /** Timers not yet fired. */
  get pendingCount(): number {
    return this.#pending.size;
  }

  /** Moves time on by `durationMs`, firing what falls due in order of time, then of creation. */
  advance(durationMs: number): void {
    const endMs = this.#nowMs + durationMs;
    for (let next = this.#next(endMs); next !== undefined; next = this.#next(endMs)) {
      this.#pending.delete(next);
      this.#nowMs = next.dueMs;
      next.callback();
    }
    this.#nowMs = endMs;
  }

  #next(endMs: number): Pending | undefined {
    let best: Pending | undefined;
    for (const pending of this.#pending) {
      if (pending.dueMs > endMs) continue;
      if (
        best === undefined ||
        pending.dueMs < best.dueMs ||
        (pending.dueMs === best.dueMs && pending.order < best.order)
      )
        best = pending;
    }
    return best;
  }
}
