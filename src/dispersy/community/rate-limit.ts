import type { Clock } from '../../runtime/clock.js';

/** Lets `perSecondMax` through in every second. */
export class RateLimit {
  #secondStartMs = -Infinity;
  #count = 0;

  constructor(
    private readonly clock: Clock,
    private readonly perSecondMax: number,
  ) {}

  allow(): boolean {
    const nowMs = this.clock.nowMs();
    if (nowMs >= this.#secondStartMs + 1000) {
      this.#secondStartMs = nowMs;
      this.#count = 0;
    }
    return ++this.#count <= this.perSecondMax;
  }
}
