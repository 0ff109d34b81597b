import { LOOPBACK } from '../../../src/dispersy/candidate/loopback.js';
import type { Community } from '../../../src/dispersy/community/community.js';
import type { IntroductionRequest } from '../../../src/dispersy/introduction/introduction-payloads.js';
import type { Address } from '../../../src/network/address.js';
import type { SilentEndpoint } from './silent-endpoint.js';

const INTRODUCTION_REQUEST_ID = 246;

/** The introduction-requests that the community sent so far. */
export function requestsOf(
  community: Community,
  { sent }: SilentEndpoint,
): { readonly address: Address; readonly payload: IntroductionRequest }[] {
  return sent
    .filter(({ packet }) => packet[22] === INTRODUCTION_REQUEST_ID)
    .flatMap(({ address, packet }) => {
      const decoded = community.conversion.decode(LOOPBACK, packet);
      return decoded.kind === 'message' ? [{ address, payload: decoded.message.payload as IntroductionRequest }] : [];
    });
}
