import { utf8 } from '../../../src/dispersy/codec/fields.js';
import { struct } from '../../../src/dispersy/codec/struct.js';
import { Community } from '../../../src/dispersy/community/community.js';
import type { Member } from '../../../src/dispersy/identity/member.js';
import { DefaultConversion } from '../../../src/dispersy/message/default-conversion.js';
import { MetaMessage } from '../../../src/dispersy/message/meta-message.js';
import {
  communityDestination,
  type Distribution,
  fullSyncDistribution,
  lastSyncDistribution,
  memberAuthentication,
  publicResolution,
} from '../../../src/dispersy/message/policies.js';
import { conversionOf } from './inside.js';

export const FORK_KINDS = ['plain', 'numbered', 'counted', 'latest'] as const;
export type ForkKind = (typeof FORK_KINDS)[number];

/** How many of `latest` are kept. */
export const HISTORY_SIZE = 2;

/** A message of any place in time and in its sequence, as a member that forked would sign it. */
export interface Forked {
  readonly kind: ForkKind;
  readonly time: number;
  /** Of the numbered kinds. */
  readonly number?: number;
  readonly text: string;
}

/** A community that knows at any time which of its texts stand; it does not walk. */
export class ForkCommunity extends Community {
  override readonly enableCandidateWalker: boolean = false;
  readonly standing: string[] = [];
  readonly happened: string[] = [];

  readonly kinds = {
    plain: this.#kind(1, 'plain', fullSyncDistribution()),
    numbered: this.#kind(2, 'numbered', fullSyncDistribution({ sequenceNumbers: true })),
    counted: this.#kind(3, 'counted', fullSyncDistribution({ sequenceNumbers: true })),
    latest: this.#kind(4, 'latest', lastSyncDistribution(HISTORY_SIZE)),
    last: this.#kind(5, 'last', lastSyncDistribution(1)),
    batched: this.#kind(6, 'batched', fullSyncDistribution(), { maxWindowMs: 100 }),
  };

  override initiateConversions() {
    return [new DefaultConversion(this)];
  }

  override initiateMetaMessages() {
    return Object.values(this.kinds);
  }

  packetOf(
    { kind, time, number = 0, text }: Omit<Forked, 'kind'> & { kind: keyof ForkCommunity['kinds'] },
    by: Member,
  ) {
    const input = { members: [by], globalTime: BigInt(time), sequenceNumber: number, payload: { text } };
    return conversionOf(this).encode(this.kinds[kind], input);
  }

  /** All that is stored and synced, as hexadecimal packets. */
  stored(): string[] {
    return Object.values(this.kinds)
      .flatMap(({ id }) => this.store.between(id, 0n, 2n ** 53n))
      .map(({ packet }) => packet.toString('hex'))
      .sort();
  }

  #kind(id: number, name: string, distribution: Distribution, batch?: { readonly maxWindowMs: number }) {
    return new MetaMessage<{ readonly text: string }>({
      id,
      name,
      authentication: memberAuthentication('bin'),
      resolution: publicResolution(),
      distribution,
      destination: communityDestination(0),
      payload: struct({ text: utf8 }),
      ...(batch === undefined ? {} : { batch }),
      handle: ({ payload: { text } }) => {
        this.standing.push(text);
        this.happened.push(`+${text}`);
      },
      undo: ({ payload: { text } }) => {
        this.standing.splice(this.standing.indexOf(text), 1);
        this.happened.push(`-${text}`);
      },
    });
  }
}
