import type { Clock, Timer } from '../runtime/clock.js';

/** Items that wait for something for an equal time each, with one timer for all of them. */
export class LapsingSet<T> {
  /** The items in order of insertion, which is the order in which they lapse. */
  readonly #dueMs = new Map<T, number>();
  #timer: Timer | undefined;

  /** @param onLapse - gets each item whose time is over; the item is no longer in the set by then. */
  constructor(
    private readonly clock: Clock,
    private readonly lifetimeMs: number,
    private readonly onLapse: (item: T) => void,
  ) {}

  get size(): number {
    return this.#dueMs.size;
  }

  /** The item that lapses next. */
  get oldest(): T | undefined {
    return this.#dueMs.keys().next().value;
  }

  /** The item that lapses next comes first. */
  [Symbol.iterator](): Iterator<T> {
    return this.#dueMs.keys();
  }

  add(item: T): void {
    this.#dueMs.set(item, this.clock.nowMs() + this.lifetimeMs);
    this.#timer ??= this.clock.schedule(this.lifetimeMs, this.#lapse);
  }

  delete(item: T): void {
    this.#dueMs.delete(item);
  }

  /** Takes all items out, so that none lapses any more. */
  clear(): void {
    this.#dueMs.clear();
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  readonly #lapse = (): void => {
    this.#timer = undefined;
    const nowMs = this.clock.nowMs();
    for (const [item, dueMs] of this.#dueMs) {
      if (dueMs > nowMs) {
        this.#timer ??= this.clock.schedule(dueMs - nowMs, this.#lapse);
        return;
      }
      this.#dueMs.delete(item);
      this.onLapse(item);
    }
  };
}
