import type { Address } from '../../../src/network/address.js';
import type { Candidate, CandidateCategory } from '../../../src/dispersy/candidate/candidate.js';
import { type Community, stackOf } from '../../../src/dispersy/community/community.js';
import type { Missing } from '../../../src/dispersy/message/check-result.js';

/** What tests reach of a community that its author cannot: the parts behind it. */
export const archiveOf = (community: Community) => stackOf(community).archive;

export const lamportClockOf = (community: Community) => stackOf(community).lamportClock;

export const timelineOf = (community: Community) => stackOf(community).timeline;

/** The conversion in which the community sends. */
export const conversionOf = (community: Community) => stackOf(community).conversions.current;

/** Lets the community know of a candidate in this way. */
export function mark(community: Community, candidate: Candidate, category: CandidateCategory): void {
  stackOf(community).discovery.mark(candidate, category);
}

/** Lets the community ask a peer for something that a packet lacks. */
export function askFor(community: Community, missing: Missing, peer: Address): void {
  stackOf(community).missingRequests.ask(missing, peer);
}

export function isKeptAlive(community: Community, candidate: Candidate): boolean {
  return stackOf(community).keepAlive.has(candidate);
}
