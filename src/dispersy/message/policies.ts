/**
 * The four policies of a message, as discriminated unions: how its sender is known, who may send it, how it is spread in
 * time, and to whom it goes.
 */
export type Authentication = NoAuthentication | MemberAuthentication;

/** Not signed: anyone may have sent it. */
export interface NoAuthentication {
  readonly kind: 'none';
}

/** Signed by one member. */
export interface MemberAuthentication {
  readonly kind: 'member';
  readonly encoding: MemberEncoding;
}

/**
 * `sha1`: 20 bytes, for members that the receiver knows or asks for. `bin`: the whole public key, led by its length.
 * `default`: `sha1` up to community version 1, `bin` from version 2 on.
 */
export type MemberEncoding = 'sha1' | 'bin' | 'default';

export type Resolution = PublicResolution;

/** Everyone may send it. */
export interface PublicResolution {
  readonly kind: 'public';
}

export type Distribution = DirectDistribution | LastSyncDistribution;

/** Sent once and never stored. */
export interface DirectDistribution {
  readonly kind: 'direct';
}

/** Only the newest `historySize` of a member count. */
export interface LastSyncDistribution {
  readonly kind: 'lastSync';
  readonly historySize: number;
}

export type Destination = CandidateDestination | CommunityDestination;

/** To the candidates that the sender names. */
export interface CandidateDestination {
  readonly kind: 'candidate';
}

/** To `nodeCount` verified candidates, chosen at random. */
export interface CommunityDestination {
  readonly kind: 'community';
  readonly nodeCount: number;
}

export const noAuthentication = (): NoAuthentication => ({ kind: 'none' });

export const memberAuthentication = (encoding: MemberEncoding = 'default'): MemberAuthentication => ({
  kind: 'member',
  encoding,
});

export const publicResolution = (): PublicResolution => ({ kind: 'public' });

export const directDistribution = (): DirectDistribution => ({ kind: 'direct' });

export const lastSyncDistribution = (historySize: number): LastSyncDistribution => ({ kind: 'lastSync', historySize });

export const candidateDestination = (): CandidateDestination => ({ kind: 'candidate' });

export const communityDestination = (nodeCount: number): CommunityDestination => ({ kind: 'community', nodeCount });
