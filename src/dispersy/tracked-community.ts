import { Community } from './community/community.js';
import type { Dispersy } from './dispersy.js';
import type { Member } from './identity/member.js';
import type { Conversion } from './message/conversion.js';
import { DefaultConversion } from './message/default-conversion.js';

/** A community as a tracker knows it: by id and version alone, without its master member's key. */
export class TrackedCommunity extends Community {
  override readonly enableCandidateWalker = false;
  readonly #prefix: Buffer;

  /** @param prefix - of its packets, 22 bytes. */
  constructor(dispersy: Dispersy, prefix: Buffer, myMember: Member) {
    super(dispersy, myMember, myMember);
    // A copy: the view would keep the whole packet.
    this.#prefix = Buffer.from(prefix);
  }

  override get cid(): Buffer {
    return this.#prefix.subarray(2);
  }

  override initiateConversions(): readonly Conversion[] {
    return [new DefaultConversion(this, { communityVersion: this.#prefix[1] as number })];
  }

  override unloadCommunity(): void {
    this.dispersy.detachCommunity(this);
  }
}
