import type { SyncDirection } from '../store/store.js';

/**
 * The four policies of a message, as discriminated unions: how its sender is known, who may send it, how it is spread in
 * time, and to whom it goes.
 */
export type Authentication = NoAuthentication | MemberAuthentication | DoubleMemberAuthentication;

/** The message is not signed: anyone may have sent it. */
export interface NoAuthentication {
  readonly kind: 'none';
}

/** The message is signed by one member. */
export interface MemberAuthentication {
  readonly kind: 'member';
  readonly encoding: MemberEncoding;
}

/** The message is signed by two members; the second one signs when it is asked to. */
export interface DoubleMemberAuthentication {
  readonly kind: 'doubleMember';
  readonly encoding: MemberEncoding;
}

/**
 * `sha1`: 20 bytes, for members that the receiver knows or asks for. `bin`: the whole public key, led by its length.
 * `default`: `sha1` up to community version 1, `bin` from version 2 on.
 */
export type MemberEncoding = 'sha1' | 'bin' | 'default';

export type Resolution = SimpleResolution | DynamicResolution;

export type SimpleResolution = PublicResolution | LinearResolution;

/** Everyone may send the message. */
export interface PublicResolution {
  readonly kind: 'public';
}

/** Only members may send the message who were permitted to, by a chain of authorize messages from the community's master member. */
export interface LinearResolution {
  readonly kind: 'linear';
}

/** The resolution is one of several, at the start the first one; dynamic-settings messages switch it. */
export interface DynamicResolution {
  readonly kind: 'dynamic';
  readonly policies: readonly SimpleResolution[];
}

export type Distribution = DirectDistribution | SyncDistribution;

export type SyncDistribution = FullSyncDistribution | LastSyncDistribution;

/** The message is sent once and never stored. */
export interface DirectDistribution {
  readonly kind: 'direct';
  /** Whether packets of this kind carry a global time. The usual community messages of IPv8 do not. */
  readonly hasGlobalTime: boolean;
}

/** Every message of this kind is stored and synced. */
export interface FullSyncDistribution extends SyncOptions {
  readonly kind: 'fullSync';
  /** Numbers a member's messages of this kind 1, 2, 3, …: none can be missing unnoticed. */
  readonly sequenceNumbers: boolean;
}

/** Only the newest `historySize` messages of a member, or of a pair of members, are kept and synced. */
export interface LastSyncDistribution extends SyncOptions {
  readonly kind: 'lastSync';
  readonly historySize: number;
}

export interface SyncOptions {
  /** The order by global time in which peers get what they miss. */
  readonly direction: SyncDirection;
  /** The priority, 0 to 255: messages of a higher priority are synced first; those not above `UNSYNCED_PRIORITY_MAX` never are. */
  readonly priority: number;
  readonly pruning: Pruning | undefined;
}

/** Messages grow old with the community's global time. */
export interface Pruning {
  /** From this age on they are no longer synced. */
  readonly inactiveAfter: number;
  /** From this age on they are deleted. */
  readonly removedAfter: number;
}

/** Messages of this priority or a lower one are stored and never synced. */
export const UNSYNCED_PRIORITY_MAX = 32;

export type Destination = CandidateDestination | CommunityDestination | NHopCommunityDestination;

/** The message goes to the candidates that the sender names. */
export interface CandidateDestination {
  readonly kind: 'candidate';
}

/** The message goes to `nodeCount` verified candidates, chosen at random. */
export interface CommunityDestination {
  readonly kind: 'community';
  readonly nodeCount: number;
}

/** The message goes to `nodeCount` verified candidates, which send it on to as many, `depth` hops far. */
export interface NHopCommunityDestination {
  readonly kind: 'nHop';
  readonly nodeCount: number;
  /** 1 to 127. */
  readonly depth: number;
}

export const noAuthentication = (): NoAuthentication => ({ kind: 'none' });

export const memberAuthentication = (encoding: MemberEncoding = 'default'): MemberAuthentication => ({
  kind: 'member',
  encoding,
});

export const doubleMemberAuthentication = (encoding: MemberEncoding = 'default'): DoubleMemberAuthentication => ({
  kind: 'doubleMember',
  encoding,
});

export const publicResolution = (): PublicResolution => ({ kind: 'public' });

export const linearResolution = (): LinearResolution => ({ kind: 'linear' });

export const dynamicResolution = (...policies: readonly SimpleResolution[]): DynamicResolution => ({
  kind: 'dynamic',
  policies,
});

/** @param options - `hasGlobalTime`: false for the usual community messages of IPv8. @defaultValue true */
export const directDistribution = (options: { readonly hasGlobalTime?: boolean } = {}): DirectDistribution => ({
  kind: 'direct',
  hasGlobalTime: options.hasGlobalTime ?? true,
});

/** @param options - ascending, priority 127, no pruning and no sequence numbers unless they say otherwise. */
export const fullSyncDistribution = (
  options: Partial<Omit<FullSyncDistribution, 'kind'>> = {},
): FullSyncDistribution => ({ kind: 'fullSync', sequenceNumbers: false, ...SYNC_DEFAULTS, ...options });

/** @param options - ascending, priority 127 and no pruning unless they say otherwise. */
export const lastSyncDistribution = (
  historySize: number,
  options: Partial<SyncOptions> = {},
): LastSyncDistribution => ({ kind: 'lastSync', historySize, ...SYNC_DEFAULTS, ...options });

const SYNC_DEFAULTS: SyncOptions = { direction: 'ASC', priority: 127, pruning: undefined };

export const candidateDestination = (): CandidateDestination => ({ kind: 'candidate' });

export const communityDestination = (nodeCount: number): CommunityDestination => ({ kind: 'community', nodeCount });

export const nHopCommunityDestination = (nodeCount: number, depth: number): NHopCommunityDestination => ({
  kind: 'nHop',
  nodeCount,
  depth,
});

/** The policies of what is sent to one peer, unsigned, and kept by nobody. */
export const UNSIGNED_DIRECT_POLICIES = {
  authentication: noAuthentication(),
  resolution: publicResolution(),
  distribution: directDistribution(),
  destination: candidateDestination(),
} as const;

export function isSyncDistribution(distribution: Distribution): distribution is SyncDistribution {
  return distribution.kind !== 'direct';
}

export function hasSequenceNumbers(distribution: Distribution): boolean {
  return distribution.kind === 'fullSync' && distribution.sequenceNumbers;
}

/** Whether a message so distributed is handed out by bloom filter sync. */
export function isSynced(distribution: Distribution): boolean {
  return isSyncDistribution(distribution) && distribution.priority > UNSYNCED_PRIORITY_MAX;
}
