import type { CommunityContext } from '../contract/community-context.js';
import type { CommunityHost } from '../contract/community-host.js';
import type { Candidate, CandidateCategory } from './candidate.js';

export interface DiscoveryComponents {
  readonly context: Pick<CommunityContext, 'candidates' | 'clock' | 'statistics' | 'communityStatistics'>;
  readonly host: Pick<CommunityHost, 'events'>;
}

/** Notes how a community came to know of its candidates, and tells its listeners. */
export class Discovery {
  readonly #components: DiscoveryComponents;

  constructor(components: DiscoveryComponents) {
    this.#components = components;
  }

  mark(candidate: Candidate, category: CandidateCategory): void {
    const { context, host } = this.#components;
    const { candidates, clock, statistics, communityStatistics } = context;
    const isNew = !candidates.has(candidate);
    if (!candidates.mark(candidate, category, clock.nowMs())) return;
    if (isNew) statistics.totalCandidatesDiscovered++;
    if (category === 'stumble') communityStatistics.totalStumbledCandidates++;
    host.events.emit('candidate', candidate, category);
  }
}
