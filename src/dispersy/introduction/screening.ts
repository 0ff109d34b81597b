import { type Address, sameAddress } from '../../network/address.js';
import { isUsableAddress, isUsableOrNone } from '../candidate/usable-address.js';
import type { CommunityContext } from '../contract/community-context.js';
import type { ReceivedMessage } from '../message/message.js';
import type { MemberAuthentication } from '../message/policies.js';
import { drop, type CheckResult } from '../message/check-result.js';

type FromPeer = ReceivedMessage<{ readonly sourceLan: Address; readonly sourceWan: Address }, MemberAuthentication>;

/** Refuses messages that come from ourselves, or from an address where no peer can be. */
export function screenPeer(
  { myMember, ownAddresses }: Pick<CommunityContext, 'myMember' | 'ownAddresses'>,
  { member, candidate, payload }: FromPeer,
): CheckResult {
  if (member.mid.equals(myMember.mid) || sameAddress(candidate, ownAddresses.lan))
    return drop('message from ourselves');
  const isUsable = isUsableAddress(candidate) && isUsableOrNone(payload.sourceLan) && isUsableOrNone(payload.sourceWan);
  return isUsable ? undefined : drop('invalid address');
}
