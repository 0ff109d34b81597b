import { type Address, NO_ADDRESS, sameAddress } from '../../network/address.js';
import { isUsableAddress, isUsableOrNone } from '../candidate/usable-address.js';
import type { CodecValue } from '../codec/codec.js';
import type { Message, ReceivedMessage } from '../message/message.js';
import { MetaMessage } from '../message/meta-message.js';
import {
  candidateDestination,
  directDistribution,
  type MemberAuthentication,
  memberAuthentication,
  noAuthentication,
  publicResolution,
} from '../message/policies.js';
import { drop, type Verdict } from '../message/verdict.js';
import { type PendingRequest, RequestCache } from '../walker/request-cache.js';
import type { Community } from './community.js';
import {
  type IntroductionRequest,
  introductionRequestPayload,
  type IntroductionResponse,
  introductionResponsePayload,
  puncturePayload,
  punctureRequestPayload,
} from './introduction-payloads.js';
import { RateLimit } from './rate-limit.js';

type Request = ReceivedMessage<IntroductionRequest, MemberAuthentication>;
type Response = ReceivedMessage<IntroductionResponse, MemberAuthentication>;
type Puncture = ReceivedMessage<CodecValue<typeof puncturePayload>, MemberAuthentication>;
type PunctureRequest = ReceivedMessage<CodecValue<typeof punctureRequestPayload>>;

/**
 * A puncture-request is not signed and makes us sign and send to whomever it names. A peer is introduced to others a few
 * times in five seconds at most.
 */
const PUNCTURES_PER_SECOND_MAX = 20;

const POLICIES = {
  resolution: publicResolution(),
  distribution: directDistribution(),
  destination: candidateDestination(),
};

/** How peers of a community meet: requests, their answers, and the punctures that open NATs in between. */
export class Introductions {
  readonly #community: Community;
  readonly #pending: RequestCache;
  readonly #punctures: RateLimit;

  readonly #request = new MetaMessage({
    ...POLICIES,
    id: 246,
    name: 'introduction-request',
    authentication: memberAuthentication(),
    payload: introductionRequestPayload,
    screen: (message: Request) => this.#screenPeer(message) ?? this.#screenSender(message),
    handle: (message: Request) => this.#onRequest(message),
  });

  readonly #response = new MetaMessage({
    ...POLICIES,
    id: 245,
    name: 'introduction-response',
    authentication: memberAuthentication(),
    payload: introductionResponsePayload,
    screen: (message: Response) => this.#screenResponse(message),
    handle: (message: Response) => this.#onResponse(message),
  });

  readonly #punctureRequest = new MetaMessage({
    ...POLICIES,
    id: 250,
    name: 'puncture-request',
    authentication: noAuthentication(),
    payload: punctureRequestPayload,
    screen: (message: PunctureRequest) => this.#screenPunctureRequest(message),
    handle: (message: PunctureRequest) => this.#onPunctureRequest(message),
  });

  readonly #puncture = new MetaMessage({
    ...POLICIES,
    id: 249,
    name: 'puncture',
    authentication: memberAuthentication(),
    payload: puncturePayload,
    screen: (message: Puncture) => this.#screenPuncture(message),
    handle: (message: Puncture) => this.#onPuncture(message),
  });

  readonly messages: readonly MetaMessage[] = [this.#request, this.#response, this.#punctureRequest, this.#puncture];

  constructor(community: Community) {
    const { clock, random } = community.dispersy;
    this.#community = community;
    this.#pending = new RequestCache(clock, random, (request) => this.#onTimeout(request));
    this.#punctures = new RateLimit(clock, PUNCTURES_PER_SECOND_MAX);
  }

  /** Nothing when too many requests are pending. */
  createRequest(destination: Address): Message | undefined {
    const { candidates, dispersy } = this.#community;
    const candidate = candidates.at(destination);
    const nowMs = dispersy.clock.nowMs();
    const request = this.#pending.add(candidate, candidate.categoryAt(nowMs));
    if (request === undefined) return undefined;
    candidate.stepped(nowMs);
    dispersy.statistics.walkAttempt++;
    const payload = { ...this.#aboutUs(destination), advice: true, identifier: request.identifier };
    return this.#community.send(this.#request, payload, [candidate]);
  }

  stop(): void {
    this.#pending.clear();
  }

  #aboutUs(destination: Address) {
    const { lan, wan, connectionType } = this.#community.dispersy.ownAddresses;
    return { destination, sourceLan: lan, sourceWan: wan, connectionType };
  }

  #screenPeer({ member, candidate }: Request | Response | Puncture): Verdict {
    const { myMember, dispersy } = this.#community;
    if (member === myMember || sameAddress(candidate, dispersy.ownAddresses.lan)) return drop('message from ourselves');
    return isUsableAddress(candidate) ? undefined : drop('invalid address');
  }

  #screenSender({ payload }: Request | Response | Puncture): Verdict {
    return isUsableOrNone(payload.sourceLan) && isUsableOrNone(payload.sourceWan) ? undefined : drop('invalid address');
  }

  #onRequest(message: Request): void {
    const { payload, candidate } = message;
    const { candidates, dispersy, enableCandidateWalkerResponses } = this.#community;
    dispersy.statistics.incomingIntro++;
    this.#locate(message);
    this.#community.mark(candidate, 'stumble');
    if (!enableCandidateWalkerResponses) return;
    const first = dispersy.random.float() < 0.5 ? 'walk' : 'stumble';
    const introduced = payload.advice
      ? candidates.chooseIntroduction(candidate, first, dispersy.clock.nowMs())
      : undefined;
    const { identifier } = payload;
    const answer: IntroductionResponse = {
      ...this.#aboutUs(candidate),
      introducedLan: introduced?.lan ?? NO_ADDRESS,
      introducedWan: introduced?.wan ?? NO_ADDRESS,
      identifier,
    };
    this.#community.send(this.#response, answer, [candidate]);
    if (introduced === undefined) return;
    const walker = { walkerLan: candidate.lan, walkerWan: candidate.wan, identifier };
    this.#community.send(this.#punctureRequest, walker, [introduced]);
  }

  #screenResponse(message: Response): Verdict {
    const { payload, candidate } = message;
    const { ownAddresses, statistics } = this.#community.dispersy;
    if (this.#pending.get(payload.identifier)?.answered !== false) {
      statistics.invalidResponseIdentifier++;
      return drop('unknown identifier');
    }
    const introduced = ownAddresses.choose(payload.introducedLan, payload.introducedWan);
    if (!isUsableOrNone(introduced)) return drop('invalid introduced address');
    if (sameAddress(introduced, ownAddresses.lan) || sameAddress(introduced, candidate))
      return drop('introduced to ourselves or to the sender');
    return this.#screenPeer(message) ?? this.#screenSender(message);
  }

  #onResponse(message: Response): void {
    const { payload, candidate } = message;
    const { candidates, dispersy } = this.#community;
    const request = this.#pending.get(payload.identifier);
    if (request !== undefined) request.answered = true;
    dispersy.statistics.walkSuccess++;
    this.#locate(message);
    this.#community.mark(candidate, 'walk');
    const introduced = dispersy.ownAddresses.choose(payload.introducedLan, payload.introducedWan);
    if (!isUsableAddress(introduced)) return;
    const introducedCandidate = candidates.at(introduced);
    // Of a peer that spoke to us itself we know better than this third one.
    if (!candidates.has(introduced))
      introducedCandidate.locate({ lan: payload.introducedLan, wan: payload.introducedWan }, 'unknown');
    this.#community.mark(introducedCandidate, 'intro');
  }

  #locate({ candidate, payload }: Request | Response): void {
    const { ownAddresses } = this.#community.dispersy;
    candidate.locate(ownAddresses.correct(candidate, payload.sourceLan, payload.sourceWan), payload.connectionType);
  }

  #screenPunctureRequest({ payload }: PunctureRequest): Verdict {
    const { dispersy, enableCandidateWalkerResponses } = this.#community;
    if (!enableCandidateWalkerResponses) return drop('introductions are switched off');
    const walker = dispersy.ownAddresses.choose(payload.walkerLan, payload.walkerWan);
    if (!isUsableAddress(walker)) return drop('invalid address');
    if (sameAddress(walker, dispersy.ownAddresses.lan)) return drop('message from ourselves');
    return this.#punctures.allow() ? undefined : drop('too many puncture requests');
  }

  #onPunctureRequest({ payload }: PunctureRequest): void {
    const { ownAddresses } = this.#community.dispersy;
    const walker = ownAddresses.choose(payload.walkerLan, payload.walkerWan);
    const { lan: sourceLan, wan: sourceWan } = ownAddresses;
    const puncture = { sourceLan, sourceWan, identifier: payload.identifier };
    this.#community.send(this.#puncture, puncture, [walker]);
  }

  #screenPuncture(message: Puncture): Verdict {
    if (this.#pending.get(message.payload.identifier)?.punctured !== false) return drop('unknown identifier');
    return this.#screenPeer(message) ?? this.#screenSender(message);
  }

  #onPuncture({ payload, candidate }: Puncture): void {
    const request = this.#pending.get(payload.identifier);
    if (request !== undefined) request.punctured = true;
    this.#community.mark(candidate, 'intro');
  }

  #onTimeout({ candidate, category }: PendingRequest): void {
    this.#community.dispersy.statistics.walkFail.add(candidate.key);
    if (category !== undefined) candidate.unmark(category);
  }
}
