import type { Candidate, CandidateCategory } from '../candidate/candidate.js';
import type { RequestCache } from '../request-cache.js';

/** An introduction-request of ours, remembered until its time is over so that late punctures still belong to something. */
export interface PendingRequest {
  readonly candidate: Candidate;
  /** Why it was asked. */
  readonly category: CandidateCategory | undefined;
  /** On the monotonic clock. */
  readonly sentMs: number;
  answered: boolean;
  punctured: boolean;
}

export type PendingRequests = RequestCache<PendingRequest>;

/** A peer that has not answered by now will not; two walker steps of 5 s and some. */
export const REQUEST_TIMEOUT_MS = 10_500;
/** The walker alone has three pending at most; the rest is for scenarios that ask everyone at once. */
export const PENDING_REQUESTS_MAX = 2048;
