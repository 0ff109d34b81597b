import type { Clock, Timer } from '../runtime/clock.js';
import type { Random } from '../runtime/random.js';

interface Entry<T> {
  readonly item: T;
  readonly timer: Timer;
}

/** Requests that wait for an answer, by an identifier of 16 bits, which is random, and unique while the request is pending. */
export class RequestCache<T> {
  readonly #pending = new Map<number, Entry<T>>();

  /** @param onTimeout - hears of every request whose time is over. */
  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly sizeMax: number,
    private readonly onTimeout: (item: T) => void,
  ) {}

  get size(): number {
    return this.#pending.size;
  }

  get(identifier: number): T | undefined {
    return this.#pending.get(identifier)?.item;
  }

  /**
   * @param preferred - the identifier, if it is free.
   * @returns the identifier; undefined when too many are pending.
   */
  add(item: T, timeoutMs: number, preferred?: number): number | undefined {
    if (this.#pending.size >= this.sizeMax) return undefined;
    let identifier = preferred ?? this.random.integer(0, 0xffff);
    while (this.#pending.has(identifier)) identifier = this.random.integer(0, 0xffff);
    const timer = this.clock.schedule(timeoutMs, () => {
      this.#pending.delete(identifier);
      this.onTimeout(item);
    });
    this.#pending.set(identifier, { item, timer });
    return identifier;
  }

  /** Takes the request out: it is pending no more. */
  take(identifier: number): T | undefined {
    const entry = this.#pending.get(identifier);
    this.#pending.delete(identifier);
    entry?.timer.cancel();
    return entry?.item;
  }

  clear(): void {
    for (const { timer } of this.#pending.values()) timer.cancel();
    this.#pending.clear();
  }
}
