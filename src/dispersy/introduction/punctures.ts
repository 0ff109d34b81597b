import type { Address } from '../../network/address.js';
import { sameAddress } from '../../network/address.js';
import type { Candidate } from '../candidate/candidate.js';
import { isUsableAddress } from '../candidate/usable-address.js';
import type { Community } from '../community/community.js';
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
import { drop, type Verdict } from '../message/verdict.js';
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

/** Lets a peer that was introduced send first to the one that will ask it, so that NATs let that one's packets in. */
export class Punctures {
  readonly #community: Community;
  readonly #pending: PendingRequests;
  readonly #requests: Readonly<Record<MessageStyle, MetaMessage<PunctureRequest>>>;
  readonly #punctures: Readonly<Record<MessageStyle, MetaMessage<Puncture, MemberAuthentication>>>;
  readonly messages: readonly MetaMessage[];

  constructor(community: Community, pending: PendingRequests) {
    this.#community = community;
    this.#pending = pending;
    this.#requests = { old: this.#requestOf('old', 250), new: this.#requestOf('new', 232) };
    this.#punctures = { old: this.#punctureOf('old', 249), new: this.#punctureOf('new', 231) };
    this.messages = [...Object.values(this.#requests), ...Object.values(this.#punctures)];
  }

  /** Asks the introduced peer to send a puncture to the one it was introduced to, in that one's style: so IPv8 does it too. */
  request(introduced: Candidate, { lan, wan }: Candidate, identifier: number, style: MessageStyle): void {
    const payload = { walkerLan: lan, walkerWan: wan, identifier };
    this.#community.answer('puncture-request', this.#requests[style], payload, introduced);
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
        const { lan: sourceLan, wan: sourceWan } = this.#community.dispersy.ownAddresses;
        const puncture = { sourceLan, sourceWan, identifier: payload.identifier };
        this.#community.answer('puncture', this.#punctures[style], puncture, this.#walkerOf(payload));
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
    return this.#community.dispersy.ownAddresses.choose(walkerLan, walkerWan);
  }

  #screenRequest({ payload }: Request): Verdict {
    const { dispersy, enableCandidateWalkerResponses, outbox } = this.#community;
    if (!enableCandidateWalkerResponses) return drop('introductions are switched off');
    const walker = this.#walkerOf(payload);
    if (!isUsableAddress(walker)) return drop('invalid address');
    if (sameAddress(walker, dispersy.ownAddresses.lan)) return drop('message from ourselves');
    return outbox.answers.hasRoom('puncture') ? undefined : drop('too many puncture requests');
  }

  #screenPuncture(message: PunctureMessage): Verdict {
    if (this.#pending.get(message.payload.identifier)?.punctured !== false) return drop('unknown identifier');
    return screenPeer(this.#community, message);
  }

  #onPuncture({ payload, candidate }: PunctureMessage): void {
    const request = this.#pending.get(payload.identifier);
    if (request !== undefined) request.punctured = true;
    this.#community.mark(candidate, 'intro');
  }
}
