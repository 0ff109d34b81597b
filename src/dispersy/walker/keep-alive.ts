import type { Timer } from '../../runtime/clock.js';
import type { Candidate } from '../candidate/candidate.js';
import type { Community } from '../community/community.js';
import { REQUEST_TIMEOUT_MS } from '../introduction/pending-request.js';

/** A request goes out early enough that its answer, or its time-out, comes before the mark is over. */
const AHEAD_MS = REQUEST_TIMEOUT_MS + 1_000;

/**
 * Keeps chosen candidates verified, although the walker goes where chance leads it: each is asked once, for nothing,
 * before its mark is over. One that does not answer is let go.
 */
export class KeepAlive {
  readonly #community: Community;
  /** By the candidate's address: until it answers, it may be in no table, and be another object every time. */
  readonly #timers = new Map<string, Timer>();

  constructor(community: Community) {
    this.#community = community;
  }

  has(candidate: Candidate): boolean {
    return this.#timers.has(candidate.key);
  }

  /** A candidate that is not verified is asked at once. */
  add(candidate: Candidate): void {
    if (!this.has(candidate)) this.#schedule(candidate);
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #schedule(candidate: Candidate): void {
    const { clock } = this.#community.dispersy;
    const delayMs = Math.max(0, this.#verifiedUntilMs(candidate) - AHEAD_MS - clock.nowMs());
    this.#timers.set(
      candidate.key,
      clock.schedule(delayMs, () => this.#refresh(candidate)),
    );
  }

  #refresh(candidate: Candidate): void {
    const { clock } = this.#community.dispersy;
    // The walker may have been there, or the candidate here, in the meantime.
    if (this.#verifiedUntilMs(candidate) - AHEAD_MS > clock.nowMs()) {
      this.#schedule(candidate);
      return;
    }
    this.#community.createIntroductionRequest(candidate, { advice: false, sync: false });
    const timer = clock.schedule(AHEAD_MS, () => {
      if (this.#verifiedUntilMs(candidate) > clock.nowMs()) this.#schedule(candidate);
      else this.#timers.delete(candidate.key);
    });
    this.#timers.set(candidate.key, timer);
  }

  #verifiedUntilMs(candidate: Candidate): number {
    return this.#community.candidates.at(candidate).verifiedUntilMs();
  }
}
