import type { Community } from '../community/community.js';

/** What one community did, read from where it happened. */
export class CommunityStatistics {
  totalStumbledCandidates = 0;
  /** Filters that were made, sent again, sent in all, and requests that went without one. */
  syncBloomNew = 0;
  syncBloomReuse = 0;
  syncBloomSend = 0;
  syncBloomSkip = 0;

  constructor(private readonly community: Community) {}

  reset(): void {
    this.totalStumbledCandidates = 0;
    this.syncBloomNew = this.syncBloomReuse = this.syncBloomSend = this.syncBloomSkip = 0;
    for (const { counters } of this.community.messages) counters.reset();
  }

  /** Under the names that Dispersy's logs use; per message: what was received, sent, dropped, delayed, created, in bytes. */
  toJSON() {
    const { community } = this;
    const nowMs = community.dispersy.clock.nowMs();
    const count = (category: 'walk' | 'stumble' | 'intro') => community.candidates.countOf(category, nowMs);
    const [walked, stumbled, introduced] = [count('walk'), count('stumble'), count('intro')];
    return {
      cid: community.cid.toString('hex'),
      classification: community.constructor.name,
      global_time: Number(community.globalTime),
      sync_bloom_new: this.syncBloomNew,
      sync_bloom_reuse: this.syncBloomReuse,
      sync_bloom_send: this.syncBloomSend,
      sync_bloom_skip: this.syncBloomSkip,
      nr_candidates: walked + stumbled + introduced,
      nr_walked: walked,
      nr_stumbled: stumbled,
      nr_intro: introduced,
      total_stumbled_candidates: this.totalStumbledCandidates,
      messages: Object.fromEntries(
        [...community.messages].map(({ meta, counters }) => [
          meta.name,
          {
            received: counters.received,
            sent: counters.sent,
            dropped: counters.dropped,
            delayed: counters.delayed,
            created: counters.created,
            endpoint_recv: counters.bytesReceived,
            endpoint_send: counters.bytesSent,
          },
        ]),
      ),
    };
  }
}
