import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import type { Random } from '../../runtime/random.js';
import type { CandidateTable } from '../candidate/candidate-table.js';
import type { OwnAddresses } from '../candidate/own-addresses.js';
import type { MemberCache } from '../identity/member-cache.js';
import type { Member } from '../identity/member.js';
import type { MessageRegistry } from '../message/message-registry.js';
import type { CommunityStatistics } from '../statistics/community-statistics.js';
import type { DispersyStatistics } from '../statistics/dispersy-statistics.js';

/** Where a community is and what it consists of. It does not change, so that parts may keep the values that they need. */
export interface CommunityContext {
  /** The name of the community's class, for errors and logs. */
  readonly name: string;
  readonly masterMember: Member;
  readonly myMember: Member;
  /** The members of all communities of the instance. */
  readonly members: MemberCache;
  /** Every kind of message, once the community was started. */
  readonly messages: MessageRegistry;
  readonly candidates: CandidateTable;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly ownAddresses: OwnAddresses;
  /** The statistics of the instance's whole stack. */
  readonly statistics: DispersyStatistics;
  readonly communityStatistics: CommunityStatistics;
}
