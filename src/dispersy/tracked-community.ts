import { Community } from './community/community.js';
import type { Dispersy } from './dispersy.js';
import { Member } from './identity/member.js';
import type { Conversion } from './message/conversion.js';
import { DefaultConversion } from './message/default-conversion.js';
import { NoStore } from './store/no-store.js';
import type { Store } from './store/store.js';

/** A community as a tracker knows it: by id and version alone, without its master member's key. */
export class TrackedCommunity extends Community {
  override readonly enableCandidateWalker = false;
  override readonly enableBloomFilterSync = false;
  readonly #communityVersion: number;

  /** @param prefix - the 22 bytes with which its packets begin. */
  constructor(dispersy: Dispersy, prefix: Buffer, myMember: Member) {
    super(dispersy, Member.withoutKey(prefix.subarray(2)), myMember);
    this.#communityVersion = prefix[1] as number;
  }

  override initiateConversions(): readonly Conversion[] {
    return [new DefaultConversion(this, { communityVersion: this.#communityVersion })];
  }

  override unloadCommunity(): void {
    this.dispersy.detachCommunity(this);
  }

  /** A tracker keeps nothing of what it hears: anyone may tell it anything. */
  protected override openStore(): Store {
    return new NoStore();
  }
}
