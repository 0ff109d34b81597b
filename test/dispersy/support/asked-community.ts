import type { ExecutionContext } from 'ava';
import { utf8 } from '../../../src/dispersy/codec/fields.js';
import { struct } from '../../../src/dispersy/codec/struct.js';
import { Community } from '../../../src/dispersy/community/community.js';
import type { Dispersy } from '../../../src/dispersy/dispersy.js';
import type { Member } from '../../../src/dispersy/identity/member.js';
import { DefaultConversion } from '../../../src/dispersy/message/default-conversion.js';
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
  noAuthentication,
  publicResolution,
  type Resolution,
} from '../../../src/dispersy/message/policies.js';
import type { Address } from '../../../src/network/address.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { defined } from './defined.js';
import { foreignMember, makeSilentDispersy, seededMember } from './seeded-peers.js';
import { conversionOf, timelineOf } from './inside.js';

export type Text = MetaMessage<{ readonly text: string }>;

/** A community that has something to answer to every question there is. */
export class AskedCommunity extends Community {
  override readonly enableCandidateWalker: boolean = false;
  readonly handled: string[] = [];

  readonly open = this.#text(1, 'open', memberAuthentication(), publicResolution(), fullSyncDistribution());
  readonly numbered = this.#text(
    2,
    'numbered',
    memberAuthentication(),
    publicResolution(),
    fullSyncDistribution({ sequenceNumbers: true }),
  );
  readonly latest = this.#text(3, 'latest', memberAuthentication(), publicResolution(), lastSyncDistribution(1));
  readonly guarded = this.#text(4, 'guarded', memberAuthentication(), linearResolution(), fullSyncDistribution());
  readonly switched = this.#text(
    5,
    'switched',
    memberAuthentication(),
    dynamicResolution(publicResolution(), linearResolution()),
    fullSyncDistribution(),
  );
  readonly contract = this.#text(
    6,
    'contract',
    doubleMemberAuthentication('bin'),
    publicResolution(),
    fullSyncDistribution(),
  );
  /** Not signed. */
  readonly rumour = this.#text(7, 'rumour', noAuthentication(), publicResolution(), directDistribution());

  override initiateConversions() {
    return [new DefaultConversion(this)];
  }

  override initiateMetaMessages() {
    return [this.open, this.numbered, this.latest, this.guarded, this.switched, this.contract, this.rumour];
  }

  /** Creates a message, stores and handles it; it goes nowhere. */
  write(meta: Text, text: string, member: Member = this.myMember) {
    return this.create(meta, { text }, { member, forward: false });
  }

  /** A packet of any kind, at any time. */
  packetOf(name: string, payload: unknown, input: PacketInput = {}): Buffer {
    const { meta } = defined(this.messages.byName(name));
    const { members = [], globalTime = this.globalTime + 1n, ...more } = input;
    return conversionOf(this).encode(meta, { members, globalTime, payload, ...more });
  }

  #text(
    id: number,
    name: string,
    authentication: Authentication,
    resolution: Resolution,
    distribution: Distribution,
  ): Text {
    return new MetaMessage<{ readonly text: string }>({
      id,
      name,
      authentication,
      resolution,
      distribution,
      destination: distribution.kind === 'direct' ? candidateDestination() : communityDestination(0),
      payload: struct({ text: utf8 }),
      ...(authentication.kind === 'doubleMember' ? { allowSignature: ({ payload }) => payload } : {}),
      handle: ({ payload }) => void this.handled.push(payload.text),
      undo: ({ payload }) => void this.handled.splice(this.handled.indexOf(payload.text), 1),
    });
  }
}

export interface PacketInput {
  readonly members?: readonly Member[];
  readonly globalTime?: bigint;
  readonly sequenceNumber?: number;
  readonly policyIndex?: number;
}

export const SOURCE: Address = { host: '1.2.3.4', port: 7 };

/** The founder of such a community, without a network, and somebody else who asks; the founder has written something. */
export function makeAsked(t: ExecutionContext) {
  const clock = new ManualClock();
  const { dispersy, endpoint } = makeSilentDispersy(t, clock, { host: '5.6.7.8', port: 7759 });
  const community = AskedCommunity.createCommunity<AskedCommunity>(dispersy, seededMember('founder'));
  const asker = foreignMember(dispersy, 'asker');
  const receive = (packet: Buffer, source: Address = SOURCE) => dispersy.receive(source, packet);
  const written = {
    open: community.write(community.open, 'open'),
    guarded: community.write(community.guarded, 'guarded'),
    numbered: ['one', 'two', 'three'].map((text) => community.write(community.numbered, text)),
  };
  const { dispersy: elsewhere } = makeSilentDispersy(t, clock, SOURCE, 'asker');
  const askers = joinAsked(community, elsewhere, asker);
  return { clock, dispersy, endpoint, community, asker, askers, receive, written };
}

/** The same community, elsewhere: of its master member and its founder only the public keys are known there. */
export function joinAsked(community: AskedCommunity, dispersy: Dispersy, myMember: Member): AskedCommunity {
  dispersy.getMember({ publicKey: community.myMember.publicKey });
  const masterMember = defined(dispersy.getMember({ publicKey: community.masterMember.publicKey }));
  return dispersy.loadCommunity(AskedCommunity, { masterMember, myMember });
}

/** All that lasts of what a community has heard. What waits for ten seconds at most, and what is only counted, does not. */
export function lastingStateOf(community: Community) {
  const { candidates, dispersy, globalTime, messages, store } = community;
  const marks = ['walk', 'stumble', 'intro', 'discovered'] as const;
  const { members, ownAddresses } = dispersy;
  return {
    globalTime,
    members: members.size,
    wan: ownAddresses.wan,
    connectionType: ownAddresses.connectionType,
    candidates: [...candidates].map((each) => ({
      at: each.key,
      lan: each.lan,
      wan: each.wan,
      connectionType: each.connectionType,
      globalTime: each.globalTime,
      member: each.member?.toString(),
      markedMs: marks.map((mark) => each.markedMs(mark)),
    })),
    timeline: timelineOf(community).entries.length,
    stored: [...messages].flatMap(({ meta }) =>
      store.between(meta.id, 0n, 2n ** 53n).map(({ packet, undone }) => `${packet.toString('hex')} ${undone}`),
    ),
  };
}
