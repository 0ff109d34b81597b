import { type Address, NO_ADDRESS, sameAddress } from '../../network/address.js';
import { isUsableAddress, isUsableOrNone } from '../candidate/usable-address.js';
import type { Discovery } from '../candidate/discovery.js';
import type { LamportClock } from '../community/lamport-clock.js';
import type { Answering } from '../contract/answering.js';
import type { CommunityContext } from '../contract/community-context.js';
import type { CommunityHost } from '../contract/community-host.js';
import type { CommunitySettings } from '../contract/community-settings.js';
import type { IntroductionRequestOptions } from '../contract/introduction-request-options.js';
import type { Outgoing } from '../contract/outgoing.js';
import { BUILT_IN_IDS } from '../message/built-in-ids.js';
import type { Conversions } from '../message/conversions.js';
import type { Message, ReceivedMessage } from '../message/message.js';
import { MetaMessage } from '../message/meta-message.js';
import {
  candidateDestination,
  directDistribution,
  type MemberAuthentication,
  memberAuthentication,
  publicResolution,
} from '../message/policies.js';
import { drop, type CheckResult } from '../message/check-result.js';
import { RequestCache } from '../request-cache.js';
import type { Synchronizer } from '../sync/synchronizer.js';
import {
  type IntroductionRequest,
  introductionRequestPayloads,
  type IntroductionResponse,
  introductionResponsePayloads,
  type MessageStyle,
  VERSION_WITH_FREE_BYTES,
} from './introduction-payloads.js';
import {
  PENDING_REQUESTS_MAX,
  type PendingRequest,
  type PendingRequests,
  REQUEST_TIMEOUT_MS,
} from './pending-request.js';
import { Punctures } from './punctures.js';
import { screenPeer } from './screening.js';

type Request = ReceivedMessage<IntroductionRequest, MemberAuthentication>;
type Response = ReceivedMessage<IntroductionResponse, MemberAuthentication>;

export interface IntroductionsComponents {
  readonly context: Pick<
    CommunityContext,
    'myMember' | 'candidates' | 'clock' | 'random' | 'ownAddresses' | 'statistics'
  >;
  readonly settings: Pick<CommunitySettings, 'enableCandidateWalkerResponses' | 'syncsByBloomFilter'>;
  readonly host: Pick<
    CommunityHost,
    'events' | 'introductionRequestExtraBytes' | 'introductionResponseExtraBytes' | 'onIntroductionResponse'
  >;
  readonly conversions: Pick<Conversions, 'current'>;
  readonly lamportClock: Pick<LamportClock, 'next'>;
  readonly discovery: Discovery;
  readonly synchronizer: Pick<Synchronizer, 'claim' | 'answer'>;
  readonly outgoing: Pick<Outgoing, 'createMessage' | 'forward'>;
  readonly answering: Pick<Answering, 'hasRoom' | 'answer'>;
}

const INTRODUCTION_POLICIES = {
  authentication: memberAuthentication(),
  resolution: publicResolution(),
  distribution: directDistribution(),
  destination: candidateDestination(),
} as const;

/** How peers of a community meet: requests and their answers; `Punctures` opens the NATs in between. */
export class Introductions {
  readonly #components: IntroductionsComponents;
  readonly #pending: PendingRequests;
  readonly #punctures: Punctures;
  readonly #requests: Readonly<Record<MessageStyle, MetaMessage<IntroductionRequest, MemberAuthentication>>>;
  readonly #responses: Readonly<Record<MessageStyle, MetaMessage<IntroductionResponse, MemberAuthentication>>>;
  readonly messages: readonly MetaMessage[];

  constructor(components: IntroductionsComponents) {
    const { clock, random } = components.context;
    this.#components = components;
    this.#pending = new RequestCache<PendingRequest>(clock, random, PENDING_REQUESTS_MAX, (request) =>
      this.#onTimeout(request),
    );
    this.#punctures = new Punctures(components, this.#pending);
    this.#requests = {
      old: this.#requestOf('old', BUILT_IN_IDS.introductionRequest),
      new: this.#requestOf('new', BUILT_IN_IDS.newIntroductionRequest),
    };
    this.#responses = {
      old: this.#responseOf('old', BUILT_IN_IDS.introductionResponse),
      new: this.#responseOf('new', BUILT_IN_IDS.newIntroductionResponse),
    };
    this.messages = [...Object.values(this.#requests), ...Object.values(this.#responses), ...this.#punctures.messages];
  }

  /** Asks the peer at this address. @returns the request; undefined when too many are pending */
  createRequest(destination: Address, options: IntroductionRequestOptions = {}): Message | undefined {
    const { context, settings, host, synchronizer, outgoing } = this.#components;
    const candidate = context.candidates.at(destination);
    const nowMs = context.clock.nowMs();
    const category = candidate.categoryAt(nowMs);
    const request = { candidate, category, sentMs: nowMs, answered: false, punctured: false };
    const identifier = this.#pending.add(request, REQUEST_TIMEOUT_MS, this.#preferredIdentifier());
    if (identifier === undefined) return undefined;
    candidate.stepped(nowMs);
    context.statistics.walkAttempt++;
    const syncs = options.sync !== false && !candidate.isTracker && settings.syncsByBloomFilter;
    const payload: IntroductionRequest = {
      ...this.#aboutUs(candidate),
      advice: options.advice ?? true,
      identifier,
      sync: syncs ? synchronizer.claim(candidate) : undefined,
      extraBytes: this.#freeBytes(host.introductionRequestExtraBytes()),
    };
    // A step is no event of the community, so that the community's time stands still; not so for IPv8, whose identifiers are times.
    const message = outgoing.createMessage(this.#requests.old, payload, { claimsTime: this.#hasFreeBytes });
    outgoing.forward(message, [candidate]);
    return message;
  }

  stop(): void {
    this.#pending.clear();
  }

  /** The identifier of an IPv8 request is the global time of its message, modulo 65,536. */
  #preferredIdentifier(): number | undefined {
    return this.#hasFreeBytes ? Number(BigInt.asUintN(16, this.#components.lamportClock.next)) : undefined;
  }

  get #hasFreeBytes(): boolean {
    return this.#components.conversions.current.communityVersion >= VERSION_WITH_FREE_BYTES;
  }

  #freeBytes(bytes: Buffer): Buffer {
    return this.#hasFreeBytes ? bytes : NO_BYTES;
  }

  #aboutUs(destination: Address) {
    const { lan, wan, connectionType } = this.#components.context.ownAddresses;
    return { destination, sourceLan: lan, sourceWan: wan, connectionType, supportsNewStyle: this.#hasFreeBytes };
  }

  #requestOf(style: MessageStyle, id: number): MetaMessage<IntroductionRequest, MemberAuthentication> {
    return new MetaMessage({
      ...INTRODUCTION_POLICIES,
      id,
      name: style === 'old' ? 'introduction-request' : 'new-introduction-request',
      payload: introductionRequestPayloads[style],
      screen: (message: Request) => screenPeer(this.#components.context, message),
      handle: (message: Request) => this.#onRequest(message, style),
    });
  }

  #responseOf(style: MessageStyle, id: number): MetaMessage<IntroductionResponse, MemberAuthentication> {
    return new MetaMessage({
      ...INTRODUCTION_POLICIES,
      id,
      name: style === 'old' ? 'introduction-response' : 'new-introduction-response',
      payload: introductionResponsePayloads[style],
      screen: (message: Response) => this.#screenResponse(message),
      handle: (message: Response) => this.#onResponse(message),
    });
  }

  #onRequest(message: Request, style: MessageStyle): void {
    const { payload, candidate } = message;
    const { context, settings, discovery, synchronizer } = this.#components;
    context.statistics.incomingIntro++;
    this.#locate(message);
    discovery.mark(candidate, 'stumble');
    this.#vote(message);
    if (settings.enableCandidateWalkerResponses) this.#respond(message, style);
    if (payload.sync !== undefined && settings.syncsByBloomFilter) synchronizer.answer(payload.sync, candidate);
  }

  #respond({ payload, candidate }: Request, style: MessageStyle): void {
    const { context, host, answering } = this.#components;
    const { candidates, random, clock } = context;
    const { identifier } = payload;
    const first = random.float() < 0.5 ? 'walk' : 'stumble';
    // New style requests have no flag for advice.
    const introduced =
      payload.advice || style === 'new' ? candidates.chooseIntroduction(candidate, first, clock.nowMs()) : undefined;
    const answer: IntroductionResponse = {
      ...this.#aboutUs(candidate),
      introducedLan: introduced?.lan ?? NO_ADDRESS,
      introducedWan: introduced?.wan ?? NO_ADDRESS,
      introducedSupportsNewStyle: introduced?.supportsNewStyle ?? false,
      peerLimitReached: false,
      identifier,
      extraBytes: this.#freeBytes(host.introductionResponseExtraBytes()),
    };
    answering.answer('introduction', this.#responses[style], answer, candidate);
    if (introduced !== undefined) this.#punctures.request(introduced, candidate, identifier, style);
  }

  #screenResponse(message: Response): CheckResult {
    const { payload, candidate } = message;
    const { ownAddresses, statistics } = this.#components.context;
    if (this.#pending.get(payload.identifier)?.answered !== false) {
      statistics.invalidResponseIdentifier++;
      return drop('unknown identifier');
    }
    const introduced = ownAddresses.choose(payload.introducedLan, payload.introducedWan);
    if (!isUsableOrNone(introduced)) return drop('invalid introduced address');
    if (sameAddress(introduced, ownAddresses.lan) || sameAddress(introduced, candidate))
      return drop('introduced to ourselves or to the sender');
    return screenPeer(this.#components.context, message);
  }

  #onResponse(message: Response): void {
    const { payload, candidate } = message;
    const { context, host, discovery } = this.#components;
    const { candidates, clock, ownAddresses, statistics } = context;
    const request = this.#pending.get(payload.identifier);
    if (request !== undefined) {
      request.answered = true;
      host.events.emit('answered', candidate, clock.nowMs() - request.sentMs);
    }
    statistics.walkSuccess++;
    // A candidate that was in no table when it was asked is another object now, and must know that it was asked.
    if (request?.candidate.key === candidate.key) candidate.absorb(request.candidate);
    this.#locate(message);
    discovery.mark(candidate, 'walk');
    this.#vote(message);
    const introduced = ownAddresses.choose(payload.introducedLan, payload.introducedWan);
    if (isUsableAddress(introduced)) {
      const introducedCandidate = candidates.at(introduced);
      // The address of a peer that spoke to us itself is known better to us than to this third peer.
      if (!candidates.has(introduced))
        introducedCandidate.locate({ lan: payload.introducedLan, wan: payload.introducedWan }, 'unknown');
      discovery.mark(introducedCandidate, 'intro');
      host.events.emit('introduced', introducedCandidate, candidate);
    }
    host.onIntroductionResponse(message);
  }

  #locate({ candidate, payload, globalTime, member }: Request | Response): void {
    const { candidates, ownAddresses } = this.#components.context;
    candidate.locate(ownAddresses.correct(candidate, payload.sourceLan, payload.sourceWan), payload.connectionType);
    candidate.supportsNewStyle ||= payload.supportsNewStyle;
    candidate.globalTime = globalTime;
    candidate.member = member;
    candidates.merge(candidate);
  }

  /** A vote ends with its voter, so that only a candidate has one. */
  #vote({ candidate, payload }: Request | Response): void {
    const { candidates, ownAddresses } = this.#components.context;
    if (candidates.has(candidate)) ownAddresses.vote(payload.destination, candidate);
  }

  #onTimeout({ candidate, category, answered }: PendingRequest): void {
    if (answered) return;
    this.#components.context.statistics.walkFail.add(candidate.key);
    if (category !== undefined) candidate.unmark(category);
  }
}

const NO_BYTES = Buffer.alloc(0);
