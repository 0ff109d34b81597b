import type { ExecutionContext } from 'ava';
import { uint64, utf8, varbytes } from '../../../src/dispersy/codec/fields.js';
import { struct } from '../../../src/dispersy/codec/struct.js';
import { Community } from '../../../src/dispersy/community/community.js';
import type { Dispersy } from '../../../src/dispersy/dispersy.js';
import type { Member } from '../../../src/dispersy/identity/member.js';
import { DefaultConversion } from '../../../src/dispersy/message/default-conversion.js';
import type { Message, ReceivedMessage } from '../../../src/dispersy/message/message.js';
import { MetaMessage } from '../../../src/dispersy/message/meta-message.js';
import {
  candidateDestination,
  communityDestination,
  directDistribution,
  dynamicResolution,
  fullSyncDistribution,
  linearResolution,
  memberAuthentication,
  publicResolution,
} from '../../../src/dispersy/message/policies.js';
import { delayByMissingMessage, drop } from '../../../src/dispersy/message/check-result.js';
import type { Permission } from '../../../src/dispersy/permission/permission.js';
import type { Address } from '../../../src/network/address.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { defined } from './defined.js';
import { type Peer, pass } from './peers.js';
import { makeSeededPeer, makeSilentDispersy, seededMember } from './seeded-peers.js';
import type { SilentEndpoint } from './silent-endpoint.js';
import { archiveOf } from './inside.js';

interface Text {
  readonly text: string;
}

const PAYLOAD = struct({ text: utf8 });

const STORED = {
  authentication: memberAuthentication(),
  distribution: fullSyncDistribution(),
  destination: communityDestination(0),
  payload: PAYLOAD,
} as const;

/** A community with a text message of each way to be permitted; it does not walk, and pushes nothing of its own. */
export class GuardedCommunity extends Community {
  override readonly enableCandidateWalker: boolean = false;
  /** What was handled and not taken back since. */
  readonly standing: string[] = [];
  /** What was handled (+) and taken back (-), in this order. */
  readonly happened: string[] = [];

  readonly #handle = {
    handle: ({ payload: { text } }: ReceivedMessage<Text>) => {
      this.standing.push(text);
      this.happened.push(`+${text}`);
    },
  };

  readonly #handleAndUndo = {
    ...this.#handle,
    undo: ({ payload: { text } }: ReceivedMessage<Text>) => {
      this.standing.splice(this.standing.indexOf(text), 1);
      this.happened.push(`-${text}`);
    },
  };

  /** Everyone may send it. */
  readonly open = new MetaMessage({
    ...STORED,
    ...this.#handleAndUndo,
    id: 1,
    name: 'open',
    resolution: publicResolution(),
  });

  /** Who sends it needs a permission. */
  readonly guarded = new MetaMessage({
    ...STORED,
    ...this.#handleAndUndo,
    id: 2,
    name: 'guarded',
    resolution: linearResolution(),
  });

  /** As `open`, until a dynamic setting makes it as `guarded`. */
  readonly switched = new MetaMessage({
    ...STORED,
    ...this.#handleAndUndo,
    id: 3,
    name: 'switched',
    resolution: dynamicResolution(publicResolution(), linearResolution()),
  });

  /** Cannot be undone. */
  readonly final = new MetaMessage({
    ...STORED,
    ...this.#handle,
    id: 4,
    name: 'final',
    resolution: publicResolution(),
  });

  /** As `guarded`, but sent once and never stored. */
  readonly guardedDirect = new MetaMessage({
    ...STORED,
    ...this.#handle,
    id: 5,
    name: 'guarded direct',
    resolution: linearResolution(),
    distribution: directDistribution(),
    destination: candidateDestination(),
  });

  /** Each member's are numbered. */
  readonly numbered = new MetaMessage({
    ...STORED,
    ...this.#handleAndUndo,
    id: 6,
    name: 'numbered',
    resolution: publicResolution(),
    distribution: fullSyncDistribution({ sequenceNumbers: true }),
  });

  /** Makes no sense without the stored message that it names, which has to be of kind `open` or `reply`. */
  readonly reply = new MetaMessage({
    ...STORED,
    handle: (message) => this.#handle.handle(message),
    id: 7,
    name: 'reply',
    resolution: publicResolution(),
    payload: struct({ publicKey: varbytes, globalTime: uint64, text: utf8 }),
    check: ({ payload: { publicKey, globalTime } }) => {
      const member = this.members.byPublicKey(publicKey);
      if (member === undefined) return drop('unknown kind of public key');
      return archiveOf(this).find(member, globalTime) === undefined
        ? delayByMissingMessage(member, globalTime)
        : undefined;
    },
  });

  override initiateConversions() {
    return [new DefaultConversion(this)];
  }

  override initiateMetaMessages() {
    return [this.open, this.guarded, this.switched, this.final, this.guardedDirect, this.numbered, this.reply];
  }

  /** Creates a message, stores and handles it; it goes nowhere. */
  write(meta: MetaMessage<Text>, text: string, member: Member = this.myMember): Message<Text> {
    return this.create(meta, { text }, { member, forward: false });
  }

  /** The same, without asking whether anyone would accept it. */
  writeAnyway(meta: MetaMessage<Text>, text: string, member: Member = this.myMember): Message<Text> {
    return this.create(meta, { text }, { member, forward: false, checkPermission: false });
  }

  /** An undo message that nothing was asked about; it is not stored. */
  undoAnyway(target: Message, member = this.myMember): Message {
    const targetMember = defined(target.member);
    const isOwn = targetMember.mid.equals(member.mid);
    const { globalTime } = target;
    return this.createMessage(
      defined(this.messages.byName(isOwn ? 'undo-own' : 'undo-other')).meta,
      isOwn ? { globalTime } : { publicKey: targetMember.publicKey, globalTime },
      { member, checkPermission: false },
    );
  }

  /** Undoes what may be undone already, as somebody does who does not know. */
  undoAgain(target: Message, member = this.myMember): Message {
    const undo = this.undoAnyway(target, member);
    this.storeUpdateForward([undo], { forward: false });
    return undo;
  }

  writeReply(to: Message, text: string): Message {
    const { publicKey } = defined(to.member);
    return this.create(this.reply, { publicKey, globalTime: to.globalTime, text }, { forward: false });
  }

  /** Allows a member something. */
  allow(member: Member, message: MetaMessage, permissions: readonly Permission[], by?: Member): Message {
    return this.createAuthorize(grantsOf(member, message, permissions), by === undefined ? {} : { member: by });
  }

  /** Takes it from a member. */
  forbid(member: Member, message: MetaMessage, permissions: readonly Permission[], by?: Member): Message {
    return this.createRevoke(grantsOf(member, message, permissions), by === undefined ? {} : { member: by });
  }

  /** Why a stored message does not stand; 0 if it does; nothing if it is not there. */
  undoneOf({ member, globalTime }: Message): bigint | undefined {
    return archiveOf(this).find(defined(member), globalTime)?.undone;
  }

  sent(name: string): number {
    return defined(this.messages.byName(name)).counters.sent;
  }
}

function grantsOf(member: Member, message: MetaMessage, permissions: readonly Permission[]) {
  return permissions.map((permission) => ({ member, message, permission }));
}

/** The same community, elsewhere: of its master member only the public key is known there. */
export function join(founder: GuardedCommunity, dispersy: Dispersy, name: string): GuardedCommunity {
  const masterMember = defined(dispersy.getMember({ publicKey: founder.masterMember.publicKey }));
  return dispersy.loadCommunity(GuardedCommunity, { masterMember, myMember: seededMember(name) });
}

export interface GuardedPeer extends Peer {
  readonly community: GuardedCommunity;
}

/** The founder of a community and one who joined it; nothing is sent that a test does not send. */
export async function makeGuardedPair(t: ExecutionContext) {
  const clock = new ManualClock();
  const one = await makeSeededPeer(t, clock, 'founder');
  const founder = {
    ...one,
    community: GuardedCommunity.createCommunity<GuardedCommunity>(one.dispersy, seededMember('founder')),
  };
  const addPeer = async (name: string): Promise<GuardedPeer> => {
    const peer = await makeSeededPeer(t, clock, name);
    return { ...peer, community: join(founder.community, peer.dispersy, name) };
  };
  const joiner = await addPeer('joiner');
  /** Lets all datagrams arrive and be answered, and then time pass. */
  const settle = (durationMs = 1) => pass(clock, durationMs);
  return { clock, founder, joiner, addPeer, settle };
}

/** Where packets of a test seem to come from. */
export const SOURCE: Address = { host: '127.0.0.1', port: 7 };

/** The same without a network: what the founder creates gets to the joiner when the test says so. */
export function makeSilentPair(t: ExecutionContext) {
  const clock = new ManualClock();
  const { dispersy } = makeSilentDispersy(t, clock);
  const founder = GuardedCommunity.createCommunity(dispersy, seededMember('founder'));
  const addJoiner = (name: string) => {
    const { dispersy: other, endpoint } = makeSilentDispersy(t, clock);
    const joiner = join(founder, other, name);
    const receive = (...messages: readonly { readonly packet: Buffer }[]) => {
      for (const { packet } of messages) other.receive(SOURCE, packet);
    };
    /** As if it had met these members before, who are the founder's other ones. */
    const meet = (...members: readonly Member[]) => {
      for (const member of members) {
        dispersy.members.add(member);
        other.getMember({ publicKey: member.publicKey });
      }
    };
    meet(founder.myMember);
    const asked = (id: number) => sentOf(endpoint, id);
    return {
      joiner,
      receive,
      meet,
      statistics: other.statistics,
      asked,
      sentOf: (name: string) => asked(defined(joiner.messages.byName(name)).meta.id),
    };
  };
  return { clock, founder, founding: foundingOf(founder), addJoiner, ...addJoiner('joiner') };
}

/** The message by which the master member permitted its founder everything. */
export function foundingOf(founder: GuardedCommunity): { readonly packet: Buffer } {
  const [founding] = founder.store.between(243, 0n, 1n);
  return defined(founding);
}

function sentOf({ sent }: SilentEndpoint, id: number): readonly Buffer[] {
  return sent.map(({ packet }) => packet).filter((packet) => packet[22] === id);
}
