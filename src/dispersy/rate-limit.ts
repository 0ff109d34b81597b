import type { Clock } from '../runtime/clock.js';

/** Lets `perSecondMax` through in every second; once something was too much, nothing more passes until the second is over. */
export class RateLimit {
  #secondStartMs = -Infinity;
  #spent = 0;

  constructor(
    private readonly clock: Clock,
    private readonly perSecondMax: number,
  ) {}

  /** Whether anything at all is let through now. */
  get hasRoom(): boolean {
    this.#renew();
    return this.#spent < this.perSecondMax;
  }

  /** @param cost - the part of the second's share that this takes. */
  allow(cost = 1): boolean {
    this.#renew();
    const isAllowed = this.#spent + cost <= this.perSecondMax;
    this.#spent = isAllowed ? this.#spent + cost : this.perSecondMax;
    return isAllowed;
  }

  #renew(): void {
    const nowMs = this.clock.nowMs();
    if (nowMs < this.#secondStartMs + 1000) return;
    this.#secondStartMs = nowMs;
    this.#spent = 0;
  }
}
