import type { Clock } from '../runtime/clock.js';

/** Lets `perSecondMax` through in every second. */
export class RateLimit {
  #secondStartMs = -Infinity;
  #spent = 0;

  constructor(
    private readonly clock: Clock,
    private readonly perSecondMax: number,
  ) {}

  /** @param cost - how much of the second's share this takes. */
  allow(cost = 1): boolean {
    const nowMs = this.clock.nowMs();
    if (nowMs >= this.#secondStartMs + 1000) {
      this.#secondStartMs = nowMs;
      this.#spent = 0;
    }
    if (this.#spent + cost > this.perSecondMax) return false;
    this.#spent += cost;
    return true;
  }
}
