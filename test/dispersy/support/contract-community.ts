import { uint32, utf8 } from '../../../src/dispersy/codec/fields.js';
import { struct } from '../../../src/dispersy/codec/struct.js';
import { Community } from '../../../src/dispersy/community/community.js';
import type { Member } from '../../../src/dispersy/identity/member.js';
import { DefaultConversion } from '../../../src/dispersy/message/default-conversion.js';
import type { Message, ReceivedMessage } from '../../../src/dispersy/message/message.js';
import { MetaMessage } from '../../../src/dispersy/message/meta-message.js';
import {
  communityDestination,
  type Distribution,
  doubleMemberAuthentication,
  fullSyncDistribution,
  lastSyncDistribution,
  linearResolution,
  publicResolution,
  type Resolution,
} from '../../../src/dispersy/message/policies.js';
import { conversionOf } from './inside.js';

export interface Terms {
  readonly price: number;
  readonly text: string;
}

export type Contract = MetaMessage<Terms>;

/** Contracts between two members, which the second one signs as its `decide` says; it does not walk. */
export class ContractCommunity extends Community {
  override readonly enableCandidateWalker: boolean = false;
  /** What was handled. */
  readonly agreed: Terms[] = [];
  /** As what we were asked to sign. */
  readonly offered: Terms[] = [];
  decide: (terms: Terms) => Terms | undefined = (terms) => terms;

  readonly short = this.#contract(1, 'short', 'sha1', fullSyncDistribution());
  readonly long = this.#contract(2, 'long', 'bin', fullSyncDistribution());
  readonly latest = this.#contract(3, 'latest', 'bin', lastSyncDistribution(1));
  readonly guarded = this.#contract(4, 'guarded', 'bin', fullSyncDistribution(), linearResolution());

  override initiateConversions() {
    return [new DefaultConversion(this)];
  }

  override initiateMetaMessages() {
    return [this.short, this.long, this.latest, this.guarded];
  }

  /** A contract that the first of two members has signed. */
  offer(meta: Contract, secondMember: Member, price: number, member: Member = this.myMember): Message<Terms> {
    return this.createMessage(meta, { price, text: `for ${price}` }, { member, secondMember });
  }

  /** One that both have signed, if the keys of both are here. */
  packetAt(globalTime: number, meta: Contract, members: readonly [Member, Member], price: number): Buffer {
    return conversionOf(this).encode(meta, {
      members,
      globalTime: BigInt(globalTime),
      payload: { price, text: `for ${price}` },
    });
  }

  #contract(
    id: number,
    name: string,
    encoding: 'sha1' | 'bin',
    distribution: Distribution,
    resolution: Resolution = publicResolution(),
  ): Contract {
    return new MetaMessage({
      id,
      name,
      authentication: doubleMemberAuthentication(encoding),
      resolution,
      distribution,
      destination: communityDestination(0),
      payload: struct({ price: uint32, text: utf8 }),
      handle: ({ payload }) => void this.agreed.push(payload),
      allowSignature: ({ payload }: ReceivedMessage<Terms>) => {
        this.offered.push(payload);
        return this.decide(payload);
      },
    });
  }
}
