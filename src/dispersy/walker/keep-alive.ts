import type { Timer } from '../../runtime/clock.js';
import type { Candidate } from '../candidate/candidate.js';
import type { CommunityContext } from '../contract/community-context.js';
import type { CommunityHost } from '../contract/community-host.js';
import { REQUEST_TIMEOUT_MS } from '../introduction/pending-request.js';

/** A request goes out early enough that its answer, or its time-out, comes before the mark is over. */
const AHEAD_MS = REQUEST_TIMEOUT_MS + 1_000;

export interface KeepAliveComponents {
  readonly context: Pick<CommunityContext, 'clock' | 'candidates'>;
  readonly host: Pick<CommunityHost, 'createIntroductionRequest'>;
}

/**
 * Keeps chosen candidates verified, although the walker visits candidates by chance. Each of them is sent a request that
 * asks for nothing but an answer, once before its mark is over; a candidate that does not answer is let go.
 */
export class KeepAlive {
  readonly #components: KeepAliveComponents;
  /** The timers by the candidate's address: until a candidate answers, it may be in no table, and be another object every time. */
  readonly #timers = new Map<string, Timer>();

  constructor(components: KeepAliveComponents) {
    this.#components = components;
  }

  has(candidate: Candidate): boolean {
    return this.#timers.has(candidate.key);
  }

  /** Adds a candidate; one that is not verified is asked at once. */
  add(candidate: Candidate): void {
    if (!this.has(candidate)) this.#schedule(candidate);
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #schedule(candidate: Candidate): void {
    const { clock } = this.#components.context;
    const delayMs = Math.max(0, this.#verifiedUntilMs(candidate) - AHEAD_MS - clock.nowMs());
    this.#timers.set(
      candidate.key,
      clock.schedule(delayMs, () => this.#refresh(candidate)),
    );
  }

  #refresh(candidate: Candidate): void {
    const { clock } = this.#components.context;
    // The walker may have asked the candidate, or the candidate us, in the meantime.
    if (this.#verifiedUntilMs(candidate) - AHEAD_MS > clock.nowMs()) {
      this.#schedule(candidate);
      return;
    }
    this.#components.host.createIntroductionRequest(candidate, { advice: false, sync: false });
    const timer = clock.schedule(AHEAD_MS, () => {
      if (this.#verifiedUntilMs(candidate) > clock.nowMs()) this.#schedule(candidate);
      else this.#timers.delete(candidate.key);
    });
    this.#timers.set(candidate.key, timer);
  }

  #verifiedUntilMs(candidate: Candidate): number {
    return this.#components.context.candidates.at(candidate).verifiedUntilMs();
  }
}
