import type { Candidate, CandidateCategory } from '../candidate/candidate.js';
import type { DestructionDegree } from '../permission/destroy-payload.js';

export interface CommunityEvents {
  /** A candidate got a mark of this category: it answered us (`walk`), asked us (`stumble`), was introduced, or we were told of it. */
  candidate: (candidate: Candidate, category: CandidateCategory) => void;
  /** A peer that answered us named another one. */
  introduced: (candidate: Candidate, introducer: Candidate) => void;
  /** A peer answered our introduction-request, so many milliseconds after we sent it. */
  answered: (candidate: Candidate, responseTimeMs: number) => void;
  /** The community was destroyed, for all who are in it. */
  destroyed: (degree: DestructionDegree) => void;
  unloaded: () => void;
}
