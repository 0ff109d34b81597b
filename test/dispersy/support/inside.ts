import type { Address } from '../../../src/network/address.js';
import type { Candidate, CandidateCategory } from '../../../src/dispersy/candidate/candidate.js';
import { type Community, communityStackOf } from '../../../src/dispersy/community/community.js';
import type { Missing } from '../../../src/dispersy/message/check-result.js';

/** What tests reach of a community that its author cannot: the parts behind it. */
export const archiveOf = (community: Community) => communityStackOf(community).archive;

export const lamportClockOf = (community: Community) => communityStackOf(community).lamportClock;

export const timelineOf = (community: Community) => communityStackOf(community).timeline;

/** The conversion in which the community sends. */
export const conversionOf = (community: Community) => communityStackOf(community).conversions.current;

/** Lets the community know of a candidate in this way. */
export function mark(community: Community, candidate: Candidate, category: CandidateCategory): void {
  communityStackOf(community).discovery.mark(candidate, category);
}

/** Lets the community ask a peer for something that a packet lacks. */
export function askFor(community: Community, missing: Missing, peer: Address): void {
  communityStackOf(community).missingRequests.ask(missing, peer);
}

export function isKeptAlive(community: Community, candidate: Candidate): boolean {
  return communityStackOf(community).keepAlive.has(candidate);
}
