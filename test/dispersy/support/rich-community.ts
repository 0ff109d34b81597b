import { uint32, utf8 } from '../../../src/dispersy/codec/fields.js';
import { struct } from '../../../src/dispersy/codec/struct.js';
import { Community } from '../../../src/dispersy/community/community.js';
import { DefaultConversion } from '../../../src/dispersy/message/default-conversion.js';
import type { ReceivedMessage } from '../../../src/dispersy/message/message.js';
import { MetaMessage } from '../../../src/dispersy/message/meta-message.js';
import {
  type Authentication,
  candidateDestination,
  communityDestination,
  directDistribution,
  type Distribution,
  doubleMemberAuthentication,
  dynamicResolution,
  fullSyncDistribution,
  lastSyncDistribution,
  linearResolution,
  memberAuthentication,
  nHopCommunityDestination,
  noAuthentication,
  publicResolution,
  type Resolution,
} from '../../../src/dispersy/message/policies.js';

/** What the messages have in common: a number and a text. */
export interface RichPayload {
  readonly number: number;
  readonly text: string;
}

/** A community with a message of every combination of policies that makes sense. */
export class RichCommunity extends Community {
  readonly handled: string[] = [];
  readonly undone: string[] = [];

  readonly own: readonly MetaMessage<RichPayload>[] = [...combinations()].map(
    ([authentication, resolution, distribution, name], index) =>
      this.#define(index + 1, name, authentication, resolution, distribution),
  );

  override initiateConversions() {
    return [new DefaultConversion(this)];
  }

  override initiateMetaMessages(): readonly MetaMessage[] {
    return this.own;
  }

  #define(
    id: number,
    name: string,
    authentication: Authentication,
    resolution: Resolution,
    distribution: Distribution,
  ): MetaMessage<RichPayload> {
    const isDirect = distribution.kind === 'direct';
    const destinations = [communityDestination(2), nHopCommunityDestination(2, 2)] as const;
    const show = ({ payload }: ReceivedMessage<RichPayload>) => `${name} ${payload.text}`;
    return new MetaMessage<RichPayload>({
      id,
      name,
      authentication,
      resolution,
      distribution,
      destination: isDirect && id % 3 === 0 ? candidateDestination() : destinations[id % 2 === 0 ? 0 : 1],
      payload: struct({ number: uint32, text: utf8 }),
      ...(id % 5 === 0 ? { batch: { maxWindowMs: 500 } } : {}),
      ...(authentication.kind === 'doubleMember'
        ? { allowSignature: ({ payload }: { payload: RichPayload }) => payload }
        : {}),
      handle: (message) => void this.handled.push(show(message)),
      undo: (message) => void this.undone.push(show(message)),
    });
  }
}

/** The same in community version 2. */
export class SecondRichCommunity extends RichCommunity {
  override initiateConversions() {
    return [new DefaultConversion(this, { communityVersion: 2 })];
  }
}

function* combinations(): Iterable<readonly [Authentication, Resolution, Distribution, string]> {
  const resolutions = [
    publicResolution(),
    linearResolution(),
    dynamicResolution(publicResolution(), linearResolution()),
  ];
  const distributions = [
    directDistribution(),
    fullSyncDistribution(),
    fullSyncDistribution({ sequenceNumbers: true, direction: 'DESC' }),
    fullSyncDistribution({ direction: 'RANDOM', pruning: { inactiveAfter: 50, removedAfter: 100 } }),
    lastSyncDistribution(2),
  ];
  yield [noAuthentication(), publicResolution(), directDistribution(), 'none direct'];
  yield [
    memberAuthentication('bin'),
    publicResolution(),
    directDistribution({ hasGlobalTime: false }),
    'timeless direct',
  ];
  for (const authentication of [
    memberAuthentication(),
    memberAuthentication('bin'),
    doubleMemberAuthentication(),
    doubleMemberAuthentication('bin'),
  ])
    for (const resolution of resolutions)
      for (const [index, distribution] of distributions.entries()) {
        if (authentication.kind === 'doubleMember' && index === 2) continue;
        const encoding = authentication.encoding;
        yield [
          authentication,
          resolution,
          distribution,
          `${authentication.kind} ${encoding} ${resolution.kind} ${index}`,
        ];
      }
}
