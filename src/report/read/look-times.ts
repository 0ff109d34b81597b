/** How often the overlay stack's statistics are written, if they have changed. */
const INTERVAL_S = 5;
/** How late a timer may be. */
const LATE_S = 0.5;
/** The entries of one look are written in less time than this. */
const ONE_LOOK_S = 0.5;

/**
 * The times at which an instance's overlay stack was measured, by the entries that were written then: their counts came
 * about since the look before.
 */
export class LookTimes {
  #lastS = -Infinity;
  #beforeS = -Infinity;

  /** @returns the stretch of time from the look before until this entry */
  stretchUntil(timeS: number): readonly [fromS: number, toS: number] {
    if (timeS - this.#lastS > ONE_LOOK_S) this.#beforeS = this.#lastS;
    this.#lastS = timeS;
    // If the entry before is older than one interval, nothing had changed at the look before, and nothing was written then.
    const isKnown = timeS - this.#beforeS <= INTERVAL_S + LATE_S;
    if (isKnown) return [this.#beforeS, timeS];
    // The first look is about the time since the session was started, which scenarios do after GO.
    return [Math.max(Math.min(0, timeS), timeS - INTERVAL_S), timeS];
  }
}
