import { Community } from './community/community.js';
import type { Dispersy } from './dispersy.js';
import { Member } from './identity/member.js';
import type { Conversion } from './message/conversion.js';
import { DefaultConversion } from './message/default-conversion.js';

/**
 * An overlay that peers of IPv8 take part in: community version 2, no sync, and no walk of its own – walking strategies
 * take the steps. Messages that IPv8 sends by `ez_send` have `directDistribution({ hasGlobalTime: false })` here.
 */
export abstract class IPv8Community extends Community {
  /** IPv8's `community_id`, 20 bytes. @defaultValue an id that follows from the class's name */
  static readonly communityId: Buffer | undefined;

  override readonly enableCandidateWalker: boolean = false;
  override readonly enableBloomFilterSync: boolean = false;

  static override getMasterMembers(dispersy: Dispersy): readonly Member[] {
    return this.communityId === undefined ? super.getMasterMembers(dispersy) : [Member.withoutKey(this.communityId)];
  }

  override initiateConversions(): readonly Conversion[] {
    return [new DefaultConversion(this, { communityVersion: 2 })];
  }
}
