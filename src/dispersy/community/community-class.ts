import type { Dispersy } from '../dispersy.js';
import type { Member } from '../identity/member.js';
import type { Community } from './community.js';

/** A class that extends `Community`, as its launcher and `Dispersy` see it. */
export interface CommunityClass<C extends Community = Community> {
  new (dispersy: Dispersy, masterMember: Member, myMember: Member): C;
  readonly name: string;
  getMasterMembers(dispersy: Dispersy): readonly Member[];
  initCommunity<D extends Community>(
    this: CommunityClass<D>,
    dispersy: Dispersy,
    masterMember: Member,
    myMember: Member,
    ...args: unknown[]
  ): D;
}
