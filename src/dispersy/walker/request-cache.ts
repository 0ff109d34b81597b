import type { Clock } from '../../runtime/clock.js';
import type { Random } from '../../runtime/random.js';
import type { Candidate, CandidateCategory } from '../candidate/candidate.js';
import { LapsingSet } from '../lapsing-set.js';

/** An introduction-request of ours, remembered until its time is over so that late punctures still belong to something. */
export interface PendingRequest {
  readonly identifier: number;
  readonly candidate: Candidate;
  /** Why it was asked. */
  readonly category: CandidateCategory | undefined;
  answered: boolean;
  punctured: boolean;
}

/** A peer that has not answered by now will not; two walker steps of 5 s and some. */
const REQUEST_TIMEOUT_MS = 10_500;
/** The walker alone has three pending at most; the rest is for scenarios that ask everyone at once. */
const PENDING_MAX = 2048;

/** Introduction-requests by their identifier: 16 bits, random, unique while pending. */
export class RequestCache {
  readonly #pending = new Map<number, PendingRequest>();
  readonly #lapsing: LapsingSet<PendingRequest>;

  /** @param onTimeout - hears of every request that was not answered in time. */
  constructor(
    clock: Clock,
    private readonly random: Random,
    onTimeout: (request: PendingRequest) => void,
  ) {
    this.#lapsing = new LapsingSet(clock, REQUEST_TIMEOUT_MS, (request) => {
      this.#pending.delete(request.identifier);
      if (!request.answered) onTimeout(request);
    });
  }

  get size(): number {
    return this.#pending.size;
  }

  get(identifier: number): PendingRequest | undefined {
    return this.#pending.get(identifier);
  }

  /** Nothing when too many are pending. */
  add(candidate: Candidate, category: CandidateCategory | undefined): PendingRequest | undefined {
    if (this.#pending.size >= PENDING_MAX) return undefined;
    let identifier: number;
    do identifier = this.random.integer(0, 0xffff);
    while (this.#pending.has(identifier));
    const request: PendingRequest = { identifier, candidate, category, answered: false, punctured: false };
    this.#pending.set(identifier, request);
    this.#lapsing.add(request);
    return request;
  }

  clear(): void {
    this.#pending.clear();
    this.#lapsing.clear();
  }
}
