import { LOOPBACK } from '../../../src/dispersy/candidate/loopback.js';
import type { Community } from '../../../src/dispersy/community/community.js';
import type { Member } from '../../../src/dispersy/identity/member.js';
import type {
  IntroductionRequest,
  IntroductionResponse,
  PunctureRequest,
} from '../../../src/dispersy/introduction/introduction-payloads.js';
import { type Address, NO_ADDRESS } from '../../../src/network/address.js';
import type { SilentEndpoint } from './silent-endpoint.js';
import { conversionOf } from './inside.js';

interface From {
  readonly source: Address;
  /** Who signs it. @default a new member of the community's own Dispersy, so that nobody has to be asked who it is */
  readonly member?: Member;
}

/** Lets the community receive an introduction-request from somewhere. */
export function receiveRequest(community: Community, request: From & Partial<IntroductionRequest>): void {
  const { source, member, ...payload } = request;
  receive(community, 'introduction-request', source, member, {
    destination: community.dispersy.ownAddresses.lan,
    sourceLan: source,
    sourceWan: source,
    advice: true,
    connectionType: 'unknown',
    supportsNewStyle: false,
    identifier: 1,
    extraBytes: Buffer.alloc(0),
    ...payload,
  });
}

/** Lets the community receive an introduction-response, by default without an introduction. */
export function receiveResponse(community: Community, response: From & Partial<IntroductionResponse>): void {
  const { source, member, ...payload } = response;
  receive(community, 'introduction-response', source, member, {
    destination: community.dispersy.ownAddresses.lan,
    sourceLan: source,
    sourceWan: source,
    introducedLan: NO_ADDRESS,
    introducedWan: NO_ADDRESS,
    connectionType: 'unknown',
    supportsNewStyle: false,
    introducedSupportsNewStyle: false,
    peerLimitReached: false,
    identifier: 1,
    extraBytes: Buffer.alloc(0),
    ...payload,
  });
}

function receive(
  community: Community,
  name: string,
  source: Address,
  member: Member | undefined,
  payload: IntroductionRequest | IntroductionResponse,
): void {
  const { dispersy, messages, globalTime } = community;
  const meta = messages.byName(name)?.meta;
  if (meta === undefined) throw new Error(`no message "${name}"`);
  const members = [member ?? dispersy.getNewMember()];
  dispersy.receive(source, conversionOf(community).encode(meta, { members, globalTime: globalTime + 1n, payload }));
}

interface Payloads {
  readonly 'introduction-request': IntroductionRequest;
  readonly 'introduction-response': IntroductionResponse;
  readonly 'puncture-request': PunctureRequest;
}

/** The messages of this name that the community sent so far, and to whom. */
export function sentBy<Name extends keyof Payloads>(
  community: Community,
  { sent }: SilentEndpoint,
  name: Name,
): { readonly address: Address; readonly payload: Payloads[Name] }[] {
  const id = community.messages.byName(name)?.meta.id;
  return sent
    .filter(({ packet }) => packet[22] === id)
    .flatMap(({ address, packet }) => {
      const decoded = conversionOf(community).decode(LOOPBACK, packet);
      return decoded.kind === 'message' ? [{ address, payload: decoded.message.payload as Payloads[Name] }] : [];
    });
}
