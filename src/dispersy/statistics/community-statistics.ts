import type { Clock } from '../../runtime/clock.js';
import type { CandidateTable } from '../candidate/candidate-table.js';
import type { MessageRegistry } from '../message/message-registry.js';

export interface CommunityStatisticsComponents {
  readonly cid: Buffer;
  /** The name of the community's class. */
  readonly name: string;
  readonly clock: Clock;
  readonly candidates: CandidateTable;
  readonly messages: MessageRegistry;
  readonly globalTime: () => bigint;
}

/** The statistics of one community; values that its parts hold are read from there. */
export class CommunityStatistics {
  totalStumbledCandidates = 0;
  /** How many filters were made, sent again, and sent in all, and how many requests went without one. */
  syncBloomNew = 0;
  syncBloomReuse = 0;
  syncBloomSend = 0;
  syncBloomSkip = 0;

  readonly #components: CommunityStatisticsComponents;

  constructor(components: CommunityStatisticsComponents) {
    this.#components = components;
  }

  reset(): void {
    this.totalStumbledCandidates = 0;
    this.syncBloomNew = this.syncBloomReuse = this.syncBloomSend = this.syncBloomSkip = 0;
    for (const { counters } of this.#components.messages) counters.reset();
  }

  /**
   * The values under the names that Dispersy's logs use; per message: how many were received, sent, dropped, delayed,
   * created, and the bytes.
   */
  toJSON() {
    const { cid, name, clock, candidates, messages, globalTime } = this.#components;
    const nowMs = clock.nowMs();
    const count = (category: 'walk' | 'stumble' | 'intro') => candidates.countOf(category, nowMs);
    const [walked, stumbled, introduced] = [count('walk'), count('stumble'), count('intro')];
    return {
      cid: cid.toString('hex'),
      classification: name,
      global_time: Number(globalTime()),
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
        [...messages].map(({ meta, counters }) => [
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
