/** The overlay stack's statistics are written so often, if they have changed. */
const INTERVAL_S = 5;
/** A timer may be so late. */
const LATE_S = 0.5;
/** What is written at one look takes less. */
const ONE_LOOK_S = 0.5;

/** When an instance's overlay stack was looked at, by the entries that were written then: what is in them came about since the look before. */
export class LookTimes {
  #lastS = -Infinity;
  #beforeS = -Infinity;

  /** @returns from the look before until this entry */
  stretchUntil(timeS: number): readonly [fromS: number, toS: number] {
    if (timeS - this.#lastS > ONE_LOOK_S) this.#beforeS = this.#lastS;
    this.#lastS = timeS;
    // Where nothing had changed nothing was written at the look before.
    const isKnown = timeS - this.#beforeS <= INTERVAL_S + LATE_S;
    if (isKnown) return [this.#beforeS, timeS];
    // The first look is at what was done since the session was started, which scenarios do after GO.
    return [Math.max(Math.min(0, timeS), timeS - INTERVAL_S), timeS];
  }
}
