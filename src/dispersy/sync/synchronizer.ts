import type { Address } from '../../network/address.js';
import type { Candidate } from '../candidate/candidate.js';
import type { LamportClock } from '../community/lamport-clock.js';
import type { Answering } from '../contract/answering.js';
import type { CommunityContext } from '../contract/community-context.js';
import type { CommunitySettings } from '../contract/community-settings.js';
import { RateLimit } from '../rate-limit.js';
import { isSynced, type SyncDistribution } from '../message/policies.js';
import type { MetaMessage } from '../message/meta-message.js';
import type { Store, StoredMessage } from '../store/store.js';
import { BloomFilter, filterCapacity } from './bloom-filter.js';
import { SYNC_STRATEGIES } from './sync-strategy.js';
import type { SyncRequest } from './sync-request.js';

/** How often one filter is sent at most. */
const REUSED_MAX = 100;
/**
 * The share of requests without a filter, by the number of new filters in a row that brought nothing; after the last
 * entry the share stays the same. The shares are Dispersy's: the first two times the reason may be the peer that was
 * asked.
 */
const SKIP_SHARES = [0, 0, 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
/**
 * How many of our packets are tested against filters of others in a second: a filter that contains everything makes us
 * hash all our packets, without any use. The limit is some 75 ms of work a second.
 */
const TESTS_PER_SECOND_MAX = 50_000;
/** How many packets are tested for one request: several times as many as one filter holds. */
const TESTS_PER_REQUEST_MAX = 5_000;

interface CachedFilter {
  readonly request: SyncRequest;
  readonly capacity: number;
  count: number;
  timesUsed: number;
  /** The candidate that the filter was sent to last. */
  candidate: Candidate;
  answers: number;
}

export interface SynchronizerComponents {
  readonly context: Pick<CommunityContext, 'clock' | 'random' | 'messages' | 'communityStatistics'>;
  readonly settings: Pick<
    CommunitySettings,
    'syncStrategy' | 'syncBloomFilterErrorRate' | 'syncBloomFilterBits' | 'syncResponseLimitBytes'
  >;
  readonly store: Store;
  readonly lamportClock: Pick<LamportClock, 'globalTime'>;
  readonly answering: Pick<Answering, 'send'>;
}

/**
 * Bloom filter sync: says with an introduction-request which messages we have, and answers a request with the messages
 * that its sender misses.
 */
export class Synchronizer {
  readonly #components: SynchronizerComponents;
  readonly #testLimit: RateLimit;
  #cached: CachedFilter | undefined;
  #fruitless = 0;

  constructor(components: SynchronizerComponents) {
    this.#components = components;
    this.#testLimit = new RateLimit(components.context.clock, TESTS_PER_SECOND_MAX);
  }

  /** The request for this candidate; undefined when there is little hope to get anything. */
  claim(candidate: Candidate): SyncRequest | undefined {
    const { communityStatistics: statistics, random } = this.#components.context;
    const cached = this.#cached;
    if (cached !== undefined && cached.answers > 0) this.#fruitless = 0;
    // A filter that was sent again has brought something before.
    else if (cached?.timesUsed === 1) this.#fruitless++;
    if (cached !== undefined && isWorthKeeping(cached)) {
      cached.timesUsed++;
      cached.answers = 0;
      cached.candidate = candidate;
      statistics.syncBloomReuse++;
      statistics.syncBloomSend++;
      return cached.request;
    }
    this.#cached = undefined;
    const skipShare = SKIP_SHARES[Math.min(this.#fruitless, SKIP_SHARES.length - 1)] as number;
    if (random.float() < skipShare) {
      statistics.syncBloomSkip++;
      return undefined;
    }
    this.#cached = this.#create(candidate);
    statistics.syncBloomNew++;
    statistics.syncBloomSend++;
    return this.#cached.request;
  }

  /** Adds a message to the filter in use, which has to contain what came in since it was made, or we would be sent it again. */
  onStored(message: StoredMessage, from: Candidate): void {
    if (!message.isSynced) return;
    const cached = this.#cached;
    if (cached === undefined) return;
    // A candidate that was asked before it was known is another object by now.
    if (from.key === cached.candidate.key) cached.answers++;
    if (!isWithin(message, cached.request)) return;
    cached.request.filter.add(message.packet);
    cached.count++;
  }

  /** Sends the messages that the sender of the request misses, up to the community's limit of bytes. */
  answer(request: SyncRequest, asker: Address): void {
    const { settings, answering } = this.#components;
    const limitBytes = settings.syncResponseLimitBytes;
    let bytesLeft = limitBytes;
    let testsLeft = TESTS_PER_REQUEST_MAX;
    for (const meta of this.#kindsByPriority()) {
      for (const { packet } of this.#stored(meta, request)) {
        if (testsLeft-- <= 0 || !this.#testLimit.allow()) return;
        if (request.filter.has(packet)) continue;
        // A packet that is longer than the limit would never get across.
        if (packet.length > bytesLeft && bytesLeft < limitBytes) return;
        if (!answering.send('sync', packet, asker)) return;
        bytesLeft -= packet.length;
        if (bytesLeft <= 0) return;
      }
    }
  }

  #create(candidate: Candidate): CachedFilter {
    const { context, settings, store, lamportClock } = this.#components;
    const { random } = context;
    const bits = settings.syncBloomFilterBits;
    const { capacity, functions } = filterCapacity(bits, settings.syncBloomFilterErrorRate);
    const strategy = SYNC_STRATEGIES[settings.syncStrategy];
    const { messages, ...range } = strategy(store, capacity, lamportClock.globalTime, random);
    const prefix = random.integer(0, 255);
    const filter = new BloomFilter({ bits, functions, prefix });
    for (const { packet } of messages) filter.add(packet);
    return { request: { ...range, filter }, capacity, count: messages.length, timesUsed: 1, candidate, answers: 0 };
  }

  #kindsByPriority(): MetaMessage[] {
    return [...this.#components.context.messages]
      .map(({ meta }) => meta)
      .filter(({ distribution }) => isSynced(distribution))
      .sort((one, other) => priorityOf(other) - priorityOf(one));
  }

  #stored(meta: MetaMessage, request: SyncRequest): Iterable<StoredMessage> {
    const { context, store, lamportClock } = this.#components;
    const { pruning, direction } = meta.distribution as SyncDistribution;
    const oldest = pruning === undefined ? 1n : lamportClock.globalTime - BigInt(pruning.inactiveAfter) + 1n;
    const timeLow = request.timeLow > oldest ? request.timeLow : oldest;
    return store.inRange(meta.id, { ...request, timeLow }, direction, context.random);
  }
}

/**
 * Whether a filter is worth sending again: one that is more than half full errs often enough that a new filter, which
 * errs about other packets, is better.
 */
function isWorthKeeping({ answers, timesUsed, count, capacity }: CachedFilter): boolean {
  return answers > 0 && timesUsed < REUSED_MAX && count <= capacity / 2;
}

function priorityOf({ distribution }: MetaMessage): number {
  return distribution.kind === 'direct' ? 0 : distribution.priority;
}

function isWithin({ globalTime }: StoredMessage, { timeLow, timeHigh, modulo, offset }: SyncRequest): boolean {
  return globalTime >= timeLow && globalTime <= timeHigh && (globalTime + BigInt(offset)) % BigInt(modulo) === 0n;
}
