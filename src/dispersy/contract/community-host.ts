import type { EventEmitter } from 'eventemitter3';
import type { Address } from '../../network/address.js';
import type { Candidate } from '../candidate/candidate.js';
import type { IntroductionResponse } from '../introduction/introduction-payloads.js';
import type { Conversion } from '../message/conversion.js';
import type { Message, ReceivedMessage } from '../message/message.js';
import type { MetaMessage } from '../message/meta-message.js';
import type { MemberAuthentication } from '../message/policies.js';
import type { CommunityEvents } from './community-events.js';
import type { IntroductionRequestOptions } from './introduction-request-options.js';

/** The part of a community that its parts may use: its author's hooks, and the methods that its author may have overridden. */
export interface CommunityHost {
  readonly events: EventEmitter<CommunityEvents>;
  initiateMetaMessages(): readonly MetaMessage[];
  initiateConversions(): readonly Conversion[];
  introductionRequestExtraBytes(): Buffer;
  introductionResponseExtraBytes(): Buffer;
  onIntroductionResponse(message: ReceivedMessage<IntroductionResponse, MemberAuthentication>): void;
  createIntroductionRequest(address: Address, options?: IntroductionRequestOptions): Message | undefined;
  /** The candidates that are known to be there. */
  verifiedCandidates(): Candidate[];
  /** The verified candidates in a random order. */
  randomCandidates(): Candidate[];
}
