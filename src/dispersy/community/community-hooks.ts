import type { CommunityHost } from '../contract/community-host.js';
import type { CommunitySettings } from '../contract/community-settings.js';
import type { IntroductionResponse } from '../introduction/introduction-payloads.js';
import type { Conversion } from '../message/conversion.js';
import type { ReceivedMessage } from '../message/message.js';
import type { MetaMessage } from '../message/meta-message.js';
import type { MemberAuthentication } from '../message/policies.js';
import type { SyncStrategyName } from '../sync/sync-strategy.js';

type Settings = Omit<CommunitySettings, 'syncsByBloomFilter' | 'syncBloomFilterBits'>;
type Hooks = Pick<
  CommunityHost,
  | 'initiateConversions'
  | 'initiateMetaMessages'
  | 'introductionRequestExtraBytes'
  | 'introductionResponseExtraBytes'
  | 'onIntroductionResponse'
>;

/** The part of a community that its author overrides: settings, and methods that the community is asked or told things by. */
export abstract class CommunityHooks implements Settings, Hooks {
  /** Whether this community looks for peers of its own accord. */
  readonly enableCandidateWalker: boolean = true;
  /** Whether this community answers peers that look for others. */
  readonly enableCandidateWalkerResponses: boolean = true;
  /** Whether this community begins by asking every peer that it hears of, until it knows 15 peers. */
  readonly enableFastCandidateWalker: boolean = false;
  /** Whether introduction-requests say which messages we have, and are answered with the messages that their sender misses. */
  readonly enableBloomFilterSync: boolean = true;
  /** Which part of the messages a filter describes when it cannot describe all. */
  readonly syncStrategy: SyncStrategyName = 'largest';
  /** The share of missing messages that a full filter keeps from us, until the next one. */
  readonly syncBloomFilterErrorRate: number = 0.01;
  /** The largest answer to one sync request, in bytes. */
  readonly syncResponseLimitBytes: number = 5 * 1024;
  /** How far ahead of our global time, or of our peers', a message may be. */
  readonly acceptableGlobalTimeRange: number = 10_000;
  /** Whether a packet for this community loads it again after it was unloaded; see `Dispersy.defineAutoLoad`. */
  readonly autoLoad: boolean = true;

  /** The conversions, one for each version that the community understands: messages are sent by the first, and received by any. */
  abstract initiateConversions(): readonly Conversion[];

  /** The community's own messages, ids 1 to 230. */
  initiateMetaMessages(): readonly MetaMessage[] {
    return [];
  }

  /** Is called once, when messages can be sent and before any arrive, with the arguments that the launcher gave. */
  initialize(..._args: unknown[]): void {}

  /** From community version 2 on: free bytes at the end of our introduction-requests. */
  introductionRequestExtraBytes(): Buffer {
    return NO_BYTES;
  }

  /** From community version 2 on: free bytes at the end of our introduction-responses. */
  introductionResponseExtraBytes(): Buffer {
    return NO_BYTES;
  }

  /** Is called when a peer has answered a request of ours; the peer's candidate is marked already. */
  onIntroductionResponse(_message: ReceivedMessage<IntroductionResponse, MemberAuthentication>): void {}
}

const NO_BYTES = Buffer.alloc(0);
