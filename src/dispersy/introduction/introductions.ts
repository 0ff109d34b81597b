import { type Address, NO_ADDRESS, sameAddress } from '../../network/address.js';
import { isUsableAddress, isUsableOrNone } from '../candidate/usable-address.js';
import type { Community } from '../community/community.js';
import type { Message, ReceivedMessage } from '../message/message.js';
import { MetaMessage } from '../message/meta-message.js';
import {
  candidateDestination,
  directDistribution,
  type MemberAuthentication,
  memberAuthentication,
  publicResolution,
} from '../message/policies.js';
import { drop, type Verdict } from '../message/verdict.js';
import { RequestCache } from '../request-cache.js';
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

export interface IntroductionRequestOptions {
  /** Whether we want to be introduced to someone. @default true */
  readonly advice?: boolean;
  /** Whether we say what we have, so that we are sent what we miss. @default true, if the community syncs at all */
  readonly sync?: boolean;
}

const INTRODUCTION_POLICIES = {
  authentication: memberAuthentication(),
  resolution: publicResolution(),
  distribution: directDistribution(),
  destination: candidateDestination(),
} as const;

/** How peers of a community meet: requests and their answers; `Punctures` opens the NATs in between. */
export class Introductions {
  readonly #community: Community;
  readonly #pending: PendingRequests;
  readonly #punctures: Punctures;
  readonly #requests: Readonly<Record<MessageStyle, MetaMessage<IntroductionRequest, MemberAuthentication>>>;
  readonly #responses: Readonly<Record<MessageStyle, MetaMessage<IntroductionResponse, MemberAuthentication>>>;
  readonly messages: readonly MetaMessage[];

  constructor(community: Community) {
    const { clock, random } = community.dispersy;
    this.#community = community;
    this.#pending = new RequestCache<PendingRequest>(clock, random, PENDING_REQUESTS_MAX, (request) =>
      this.#onTimeout(request),
    );
    this.#punctures = new Punctures(community, this.#pending);
    this.#requests = { old: this.#requestOf('old', 246), new: this.#requestOf('new', 234) };
    this.#responses = { old: this.#responseOf('old', 245), new: this.#responseOf('new', 233) };
    this.messages = [...Object.values(this.#requests), ...Object.values(this.#responses), ...this.#punctures.messages];
  }

  /** Asks the peer at this address. Nothing when too many requests are pending. */
  createRequest(destination: Address, options: IntroductionRequestOptions = {}): Message | undefined {
    const { candidates, dispersy, synchronizer } = this.#community;
    const candidate = candidates.at(destination);
    const nowMs = dispersy.clock.nowMs();
    const category = candidate.categoryAt(nowMs);
    const request = { candidate, category, sentMs: nowMs, answered: false, punctured: false };
    const identifier = this.#pending.add(request, REQUEST_TIMEOUT_MS, this.#preferredIdentifier());
    if (identifier === undefined) return undefined;
    candidate.stepped(nowMs);
    dispersy.statistics.walkAttempt++;
    const syncs = options.sync !== false && !candidate.isTracker && this.#community.syncsByBloomFilter;
    const payload: IntroductionRequest = {
      ...this.#aboutUs(candidate),
      advice: options.advice ?? true,
      identifier,
      sync: syncs ? synchronizer.claim(candidate) : undefined,
      extraBytes: this.#freeBytes(this.#community.introductionRequestExtraBytes()),
    };
    // A step is no event of the community: its time stands still, but for IPv8, whose identifiers are times.
    const claimsTime = this.#community.communityVersion >= VERSION_WITH_FREE_BYTES;
    const message = this.#community.createMessage(this.#requests.old, payload, { claimsTime });
    this.#community.forward(message, [candidate]);
    return message;
  }

  stop(): void {
    this.#pending.clear();
  }

  /** IPv8's identifiers are those of the message: its global time, modulo 65,536. */
  #preferredIdentifier(): number | undefined {
    if (this.#community.communityVersion < VERSION_WITH_FREE_BYTES) return undefined;
    return Number(BigInt.asUintN(16, this.#community.lamportClock.next));
  }

  #freeBytes(bytes: Buffer): Buffer {
    return this.#community.communityVersion < VERSION_WITH_FREE_BYTES ? NO_BYTES : bytes;
  }

  #aboutUs(destination: Address) {
    const { lan, wan, connectionType } = this.#community.dispersy.ownAddresses;
    const supportsNewStyle = this.#community.communityVersion >= VERSION_WITH_FREE_BYTES;
    return { destination, sourceLan: lan, sourceWan: wan, connectionType, supportsNewStyle };
  }

  #requestOf(style: MessageStyle, id: number): MetaMessage<IntroductionRequest, MemberAuthentication> {
    return new MetaMessage({
      ...INTRODUCTION_POLICIES,
      id,
      name: style === 'old' ? 'introduction-request' : 'new-introduction-request',
      payload: introductionRequestPayloads[style],
      screen: (message: Request) => screenPeer(this.#community, message),
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
    const { dispersy, enableCandidateWalkerResponses, syncsByBloomFilter, synchronizer } = this.#community;
    dispersy.statistics.incomingIntro++;
    this.#locate(message);
    this.#community.mark(candidate, 'stumble');
    this.#vote(message);
    if (enableCandidateWalkerResponses) this.#respond(message, style);
    if (payload.sync !== undefined && syncsByBloomFilter) synchronizer.answer(payload.sync, candidate);
  }

  #respond({ payload, candidate }: Request, style: MessageStyle): void {
    const { candidates, dispersy } = this.#community;
    const { identifier } = payload;
    const first = dispersy.random.float() < 0.5 ? 'walk' : 'stumble';
    // New style requests have no flag for it.
    const introduced =
      payload.advice || style === 'new'
        ? candidates.chooseIntroduction(candidate, first, dispersy.clock.nowMs())
        : undefined;
    const answer: IntroductionResponse = {
      ...this.#aboutUs(candidate),
      introducedLan: introduced?.lan ?? NO_ADDRESS,
      introducedWan: introduced?.wan ?? NO_ADDRESS,
      introducedSupportsNewStyle: introduced?.supportsNewStyle ?? false,
      peerLimitReached: false,
      identifier,
      extraBytes: this.#freeBytes(this.#community.introductionResponseExtraBytes()),
    };
    this.#community.answer('introduction', this.#responses[style], answer, candidate);
    if (introduced !== undefined) this.#punctures.request(introduced, candidate, identifier, style);
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
    return screenPeer(this.#community, message);
  }

  #onResponse(message: Response): void {
    const { payload, candidate } = message;
    const { candidates, dispersy } = this.#community;
    const request = this.#pending.get(payload.identifier);
    if (request !== undefined) {
      request.answered = true;
      this.#community.events.emit('answered', candidate, dispersy.clock.nowMs() - request.sentMs);
    }
    dispersy.statistics.walkSuccess++;
    // One that was in no table when it was asked is another object now, and must know that it was.
    if (request?.candidate.key === candidate.key) candidate.absorb(request.candidate);
    this.#locate(message);
    this.#community.mark(candidate, 'walk');
    this.#vote(message);
    const introduced = dispersy.ownAddresses.choose(payload.introducedLan, payload.introducedWan);
    if (isUsableAddress(introduced)) {
      const introducedCandidate = candidates.at(introduced);
      // Of a peer that spoke to us itself we know better than this third one.
      if (!candidates.has(introduced))
        introducedCandidate.locate({ lan: payload.introducedLan, wan: payload.introducedWan }, 'unknown');
      this.#community.mark(introducedCandidate, 'intro');
      this.#community.events.emit('introduced', introducedCandidate, candidate);
    }
    this.#community.onIntroductionResponse(message);
  }

  #locate({ candidate, payload, globalTime, member }: Request | Response): void {
    const { dispersy, candidates } = this.#community;
    const { ownAddresses } = dispersy;
    candidate.locate(ownAddresses.correct(candidate, payload.sourceLan, payload.sourceWan), payload.connectionType);
    candidate.supportsNewStyle ||= payload.supportsNewStyle;
    candidate.globalTime = globalTime;
    candidate.member = member;
    candidates.merge(candidate);
  }

  /** A vote ends with its voter, so that only a candidate has one. */
  #vote({ candidate, payload }: Request | Response): void {
    const { candidates, dispersy } = this.#community;
    if (candidates.has(candidate)) dispersy.ownAddresses.vote(payload.destination, candidate);
  }

  #onTimeout({ candidate, category, answered }: PendingRequest): void {
    if (answered) return;
    this.#community.dispersy.statistics.walkFail.add(candidate.key);
    if (category !== undefined) candidate.unmark(category);
  }
}

const NO_BYTES = Buffer.alloc(0);
