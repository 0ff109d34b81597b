import type { Clock } from '../../runtime/clock.js';
import type { CandidateTable } from '../candidate/candidate-table.js';
import type { MessageRegistry } from '../message/message-registry.js';
import type { MessageCounts } from './message-counters.js';

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

  /** Every kind of message that has occurred, with its counts. */
  *occurred(): Generator<readonly [name: string, counts: MessageCounts]> {
    for (const { meta, counters } of this.#components.messages)
      if (counters.hasOccurred) yield [meta.name, counters.toJSON()];
  }

  /** The values of the community itself, under the names that Dispersy's logs use. */
  summary() {
    const { cid, name, clock, candidates, globalTime } = this.#components;
    const { walk: walked, stumble: stumbled, intro: introduced } = candidates.countsAt(clock.nowMs());
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
    };
  }

  /** The same with what is counted of each message: how many were received, sent, dropped, delayed, created, and the bytes. */
  toJSON() {
    const { messages } = this.#components;
    return {
      ...this.summary(),
      messages: Object.fromEntries([...messages].map(({ meta, counters }) => [meta.name, counters.toJSON()])),
    };
  }
}
