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
  readonly #timers = new Map<Candidate, Timer>();

  constructor(community: Community) {
    this.#community = community;
  }

  has(candidate: Candidate): boolean {
    return this.#timers.has(candidate);
  }

  /** A candidate that is not verified is asked at once. */
  add(candidate: Candidate): void {
    if (this.#timers.has(candidate)) return;
    this.#schedule(candidate);
  }

  delete(candidate: Candidate): void {
    this.#timers.get(candidate)?.cancel();
    this.#timers.delete(candidate);
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #schedule(candidate: Candidate): void {
    const { clock } = this.#community.dispersy;
    const delayMs = Math.max(0, candidate.verifiedUntilMs() - AHEAD_MS - clock.nowMs());
    this.#timers.set(
      candidate,
      clock.schedule(delayMs, () => this.#refresh(candidate)),
    );
  }

  #refresh(candidate: Candidate): void {
    const { clock } = this.#community.dispersy;
    const nowMs = clock.nowMs();
    // The walker may have been there, or the candidate here, in the meantime.
    if (candidate.verifiedUntilMs() - AHEAD_MS > nowMs) {
      this.#schedule(candidate);
      return;
    }
    this.#community.createIntroductionRequest(candidate, { advice: false, sync: false });
    const timer = clock.schedule(AHEAD_MS, () => {
      if (candidate.verifiedUntilMs() > clock.nowMs()) this.#schedule(candidate);
      else this.#timers.delete(candidate);
    });
    this.#timers.set(candidate, timer);
  }
}
