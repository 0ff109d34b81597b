import type { Candidate, CandidateCategory } from '../candidate/candidate.js';
import type { RequestCache } from '../request-cache.js';

/** An introduction-request of ours. It is remembered until its time is over, so that late punctures still belong to a request. */
export interface PendingRequest {
  readonly candidate: Candidate;
  /** The category of the candidate for which it was asked. */
  readonly category: CandidateCategory | undefined;
  /** When the request was sent, on the monotonic clock. */
  readonly sentMs: number;
  answered: boolean;
  punctured: boolean;
}

export type PendingRequests = RequestCache<PendingRequest>;

/** A peer that has not answered by now will not; the time is two walker steps of 5 s and a little more. */
export const REQUEST_TIMEOUT_MS = 10_500;
/** How many requests are pending at most: the walker alone has three; the rest is for scenarios that ask everyone at once. */
export const PENDING_REQUESTS_MAX = 2048;
