import type { Random } from '../../runtime/random.js';
import type { Candidate, CandidateCategory } from '../candidate/candidate.js';

/** The share of steps that revisit a peer that answered us before. */
const WALK_SHARE = 0.475;
/** The share of steps to peers that asked us or that were introduced to us. */
const STUMBLE_OR_INTRO_SHARE = 0.475;

/**
 * The candidate of the walker's next step: by chance revisit, follow an introduction, or try an address we were told of,
 * each time the one that was marked longest ago. A category without eligible candidates gives way to the next.
 */
export function chooseCandidate(candidates: Iterable<Candidate>, nowMs: number, random: Random): Candidate | undefined {
  const oldest = oldestEligible(candidates, nowMs);
  const share = random.float();
  const indirect: readonly CandidateCategory[] = random.float() < 0.5 ? ['stumble', 'intro'] : ['intro', 'stumble'];
  const order: readonly CandidateCategory[] =
    share < WALK_SHARE
      ? ['walk', ...indirect, 'discovered']
      : share < WALK_SHARE + STUMBLE_OR_INTRO_SHARE
        ? [...indirect, 'walk', 'discovered']
        : ['discovered', 'walk', ...indirect];
  const category = order.find((each) => oldest[each] !== undefined);
  return category && oldest[category];
}

function oldestEligible(candidates: Iterable<Candidate>, nowMs: number): Partial<Record<CandidateCategory, Candidate>> {
  const oldest: Partial<Record<CandidateCategory, Candidate>> = {};
  for (const candidate of candidates) {
    const category = candidate.categoryAt(nowMs);
    if (category === undefined) continue;
    const best = oldest[category];
    const isOlder = best === undefined || candidate.markedMs(category) < best.markedMs(category);
    if (isOlder && candidate.isEligibleAt(nowMs)) oldest[category] = candidate;
  }
  return oldest;
}
