import type { SyncStrategyName } from '../sync/sync-strategy.js';

/**
 * The settings that the author of a community decides. Parts read a setting whenever they use it and never keep it, because the class
 * of the author assigns its fields after the parts were made.
 */
export interface CommunitySettings {
  /** Whether the community looks for peers of its own accord. */
  readonly enableCandidateWalker: boolean;
  /** Whether the community answers peers that look for others. */
  readonly enableCandidateWalkerResponses: boolean;
  /** Whether the community begins by asking every peer that it hears of. */
  readonly enableFastCandidateWalker: boolean;
  /** Whether introduction-requests carry filters, which community versions from 2 on never do. */
  readonly syncsByBloomFilter: boolean;
  readonly syncStrategy: SyncStrategyName;
  readonly syncBloomFilterErrorRate: number;
  readonly syncBloomFilterBits: number;
  readonly syncResponseLimitBytes: number;
  readonly acceptableGlobalTimeRange: number;
}
