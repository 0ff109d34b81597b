import type { CandidateTable } from '../candidate/candidate-table.js';
import type { CommunityContext } from '../contract/community-context.js';
import type { Member } from '../identity/member.js';
import type { MessageRegistry } from '../message/message-registry.js';
import { CommunityStatistics } from '../statistics/community-statistics.js';

type FromDispersy = Pick<CommunityContext, 'clock' | 'random' | 'logger' | 'ownAddresses' | 'statistics' | 'members'>;

interface Source {
  readonly dispersy: FromDispersy;
  readonly masterMember: Member;
  readonly myMember: Member;
  readonly messages: MessageRegistry;
  readonly candidates: CandidateTable;
}

/** Makes the context of a community: where it is and what it consists of, for its parts. */
export function contextOf(community: Source, globalTime: () => bigint): CommunityContext {
  const { dispersy, masterMember, myMember, messages, candidates } = community;
  const { clock, random, logger, ownAddresses, statistics, members } = dispersy;
  const { name } = community.constructor;
  const cid = masterMember.mid;
  return {
    name,
    masterMember,
    myMember,
    members,
    messages,
    candidates,
    clock,
    random,
    logger,
    ownAddresses,
    statistics,
    communityStatistics: new CommunityStatistics({ cid, name, clock, candidates, messages, globalTime }),
  };
}
