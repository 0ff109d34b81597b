import { type Address, sameAddress } from '../../network/address.js';
import type { Candidate } from '../candidate/candidate.js';
import { isUsableAddress } from '../candidate/usable-address.js';
import type { Answering } from '../contract/answering.js';
import type { CommunityContext } from '../contract/community-context.js';
import type { CommunitySettings } from '../contract/community-settings.js';
import type { Discovery } from '../candidate/discovery.js';
import { BUILT_IN_IDS } from '../message/built-in-ids.js';
import type { ReceivedMessage } from '../message/message.js';
import { MetaMessage } from '../message/meta-message.js';
import {
  candidateDestination,
  directDistribution,
  type MemberAuthentication,
  memberAuthentication,
  noAuthentication,
  publicResolution,
} from '../message/policies.js';
import { drop, type CheckResult } from '../message/check-result.js';
import {
  type MessageStyle,
  type Puncture,
  puncturePayloads,
  type PunctureRequest,
  punctureRequestPayloads,
} from './introduction-payloads.js';
import type { PendingRequests } from './pending-request.js';
import { screenPeer } from './screening.js';

type Request = ReceivedMessage<PunctureRequest>;
type PunctureMessage = ReceivedMessage<Puncture, MemberAuthentication>;

const PUNCTURE_POLICIES = {
  resolution: publicResolution(),
  distribution: directDistribution(),
  destination: candidateDestination(),
} as const;

export interface PuncturesComponents {
  readonly context: Pick<CommunityContext, 'myMember' | 'ownAddresses'>;
  readonly settings: Pick<CommunitySettings, 'enableCandidateWalkerResponses'>;
  readonly discovery: Pick<Discovery, 'mark'>;
  readonly answering: Pick<Answering, 'hasRoom' | 'answer'>;
}

/** Lets a peer that was introduced send first to the peer that will ask it, so that NATs let the asking peer's packets in. */
export class Punctures {
  readonly #components: PuncturesComponents;
  readonly #pending: PendingRequests;
  readonly #requests: Readonly<Record<MessageStyle, MetaMessage<PunctureRequest>>>;
  readonly #punctures: Readonly<Record<MessageStyle, MetaMessage<Puncture, MemberAuthentication>>>;
  readonly messages: readonly MetaMessage[];

  constructor(components: PuncturesComponents, pending: PendingRequests) {
    this.#components = components;
    this.#pending = pending;
    this.#requests = {
      old: this.#requestOf('old', BUILT_IN_IDS.punctureRequest),
      new: this.#requestOf('new', BUILT_IN_IDS.newPunctureRequest),
    };
    this.#punctures = {
      old: this.#punctureOf('old', BUILT_IN_IDS.puncture),
      new: this.#punctureOf('new', BUILT_IN_IDS.newPuncture),
    };
    this.messages = [...Object.values(this.#requests), ...Object.values(this.#punctures)];
  }

  /** Asks the introduced peer to send a puncture to the peer that it was introduced to, in the latter's style, as IPv8 does. */
  request(introduced: Candidate, { lan, wan }: Candidate, identifier: number, style: MessageStyle): void {
    const payload = { walkerLan: lan, walkerWan: wan, identifier };
    this.#components.answering.answer('puncture-request', this.#requests[style], payload, introduced);
  }

  #requestOf(style: MessageStyle, id: number): MetaMessage<PunctureRequest> {
    return new MetaMessage({
      ...PUNCTURE_POLICIES,
      id,
      name: style === 'old' ? 'puncture-request' : 'new-puncture-request',
      authentication: noAuthentication(),
      payload: punctureRequestPayloads[style],
      screen: (message: Request) => this.#screenRequest(message),
      handle: ({ payload }: Request) => {
        const { lan: sourceLan, wan: sourceWan } = this.#components.context.ownAddresses;
        const puncture = { sourceLan, sourceWan, identifier: payload.identifier };
        this.#components.answering.answer('puncture', this.#punctures[style], puncture, this.#walkerOf(payload));
      },
    });
  }

  #punctureOf(style: MessageStyle, id: number): MetaMessage<Puncture, MemberAuthentication> {
    return new MetaMessage({
      ...PUNCTURE_POLICIES,
      id,
      name: style === 'old' ? 'puncture' : 'new-puncture',
      authentication: memberAuthentication(),
      payload: puncturePayloads[style],
      screen: (message: PunctureMessage) => this.#screenPuncture(message),
      handle: (message: PunctureMessage) => this.#onPuncture(message),
    });
  }

  #walkerOf({ walkerLan, walkerWan }: PunctureRequest): Address {
    return this.#components.context.ownAddresses.choose(walkerLan, walkerWan);
  }

  #screenRequest({ payload }: Request): CheckResult {
    const { context, settings, answering } = this.#components;
    if (!settings.enableCandidateWalkerResponses) return drop('introductions are switched off');
    const walker = this.#walkerOf(payload);
    if (!isUsableAddress(walker)) return drop('invalid address');
    if (sameAddress(walker, context.ownAddresses.lan)) return drop('message from ourselves');
    return answering.hasRoom('puncture') ? undefined : drop('too many puncture requests');
  }

  #screenPuncture(message: PunctureMessage): CheckResult {
    if (this.#pending.get(message.payload.identifier)?.punctured !== false) return drop('unknown identifier');
    return screenPeer(this.#components.context, message);
  }

  #onPuncture({ payload, candidate }: PunctureMessage): void {
    const request = this.#pending.get(payload.identifier);
    if (request !== undefined) request.punctured = true;
    this.#components.discovery.mark(candidate, 'intro');
  }
}
