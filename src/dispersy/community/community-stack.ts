import type { Address } from '../../network/address.js';
import { Discovery } from '../candidate/discovery.js';
import type { CommunityContext } from '../contract/community-context.js';
import type { CommunityHost } from '../contract/community-host.js';
import type { CommunitySettings } from '../contract/community-settings.js';
import type { Outgoing } from '../contract/outgoing.js';
import type { Member } from '../identity/member.js';
import { Introductions } from '../introduction/introductions.js';
import { Conversions } from '../message/conversions.js';
import { MissingRequests } from '../missing/missing-requests.js';
import type { DestructionDegree } from '../permission/destroy-payload.js';
import { Destruction } from '../permission/destruction.js';
import { MessagePermissions } from '../permission/message-permissions.js';
import { PermissionProofs } from '../permission/permission-proofs.js';
import { PermissionMessages } from '../permission/permission-messages.js';
import { Reconsideration } from '../permission/reconsideration.js';
import { Timeline } from '../permission/timeline.js';
import { UndoRegister } from '../permission/undo-register.js';
import { UndoneMessages } from '../permission/undone-messages.js';
import { Undos } from '../permission/undos.js';
import { Admission } from '../receiving/admission.js';
import { AuthorCode } from '../receiving/author-code.js';
import { MessageJudge } from '../receiving/message-judge.js';
import { MessageKeeper } from '../receiving/message-keeper.js';
import { MessageReceiver } from '../receiving/message-receiver.js';
import { PacketOutcomes } from '../receiving/packet-outcomes.js';
import { WaitingPackets } from '../receiving/waiting-packets.js';
import { SignatureRequests } from '../signature/signature-requests.js';
import { type LostMessage, MessageArchive } from '../store/message-archive.js';
import type { Store } from '../store/store.js';
import { Synchronizer } from '../sync/synchronizer.js';
import { KeepAlive } from '../walker/keep-alive.js';
import { Walker } from '../walker/walker.js';
import { Answers } from './answers.js';
import { CommunityLife } from './community-life.js';
import { LamportClock } from './lamport-clock.js';
import { MessageFactory } from './message-factory.js';
import { Outbox } from './outbox.js';
import { OwnMessages } from './own-messages.js';

export interface CommunityStackComponents {
  readonly context: CommunityContext;
  readonly settings: CommunitySettings;
  readonly host: CommunityHost;
  /** The verbs of the community. */
  readonly outgoing: Outgoing;
  readonly store: Store;
  readonly send: (peer: Address, packet: Buffer) => void;
}

export type CommunityStack = ReturnType<typeof assembleCommunityStack>;

/**
 * Makes the parts of a community, each after those that it uses. Parts of one stage are given the same object, in which each
 * sees what its own interface names. What a part needs of a later one it gets as a function, which nobody calls before all
 * of them are there.
 */
export function assembleCommunityStack({ context, settings, host, outgoing, store, send }: CommunityStackComponents) {
  const { clock, members, messages, statistics } = context;
  const conversions = new Conversions(context.name);
  const lamportClock = new LamportClock({
    clock,
    acceptableRange: () => (settings.syncsByBloomFilter ? BigInt(settings.acceptableGlobalTimeRange) : undefined),
    peerTimes: () => host.verifiedCandidates().flatMap(({ globalTime }) => (globalTime > 0n ? [globalTime] : [])),
  });
  const outbox = new Outbox({ messages, host, send });
  const sendPacket = (packet: Buffer, peer: Address) => outbox.sendPacket(packet, peer);
  const answering = new Answers({ clock, statistics, outgoing, send: sendPacket });

  // These parts know the peers and the stored messages.
  const given = { context, settings, host, outgoing, store, clock, members, messages };
  const basis = { ...given, conversions, lamportClock, outbox, answering };
  const discovery = new Discovery(basis);
  const walker = new Walker(basis);
  const keepAlive = new KeepAlive(basis);
  const signatures = new SignatureRequests(basis);
  const archive = new MessageArchive(basis);
  const synchronizer = new Synchronizer(basis);
  archive.events.on('stored', (message, from) => synchronizer.onStored(message, from));
  const introductions = new Introductions({ ...basis, discovery, synchronizer });

  // These parts decide what is permitted, and what is undone.
  const author = new AuthorCode(context);
  const outcomes = new PacketOutcomes(statistics);
  const waiting = new WaitingPackets({
    clock,
    archive,
    outcomes,
    ask: (missing, peer) => missingRequests.ask(missing, peer),
    resume: (arrivals) => receiver.enqueue(arrivals),
  });
  const timeline = new Timeline(context.masterMember.mid);
  const register = new UndoRegister();
  const undoLookup = new UndoneMessages({ register, archive, messages, members, waiting });
  const permissions = new MessagePermissions({ timeline, undoLookup, answering });
  const proofs = new PermissionProofs({ timeline, undoLookup, messages, answering });

  // These parts carry out the effects of messages.
  const known = { ...basis, archive, outcomes, author, effects: author, waiting };
  const judging = { ...known, timeline, register, undoLookup, permissions, proofs };
  const missingRequests = new MissingRequests(judging);
  const reconsideration = new Reconsideration(judging);
  const judge = new MessageJudge(judging);
  const acting = {
    ...judging,
    identities: missingRequests,
    reconsideration,
    forget,
    storeRefused: (member: Member, globalTime: bigint, undoneAt: bigint) =>
      keeper.keepRefused(member, globalTime, undoneAt),
    isDestroyed: () => destruction.degree !== undefined,
    onDestroyed: (degree: DestructionDegree) => life.onDestroyed(degree),
  };
  const permissionMessages = new PermissionMessages(acting);
  const keeper = new MessageKeeper(acting);
  const undos = new Undos(acting);
  const destruction = new Destruction(acting);
  const factory = new MessageFactory(acting);
  const ownMessages = new OwnMessages(acting);

  // These parts lead from a packet to its handler, and from the first message to the last.
  const admission = new Admission({ ...known, judge, keeper });
  const receiver = new MessageReceiver({ ...known, admission, undos });
  const life = new CommunityLife({
    ...basis,
    receiver,
    introductions,
    missingRequests,
    permissionMessages,
    undos,
    destruction,
    signatures,
    walker,
    keepAlive,
  });

  /** Takes back everything that a message did which is stored no more, as if it had never come. */
  function forget({ message, stood }: LostMessage): void {
    factory.forgetSequence(message);
    if (stood) author.takeBack(message);
    undos.forget(message);
    timeline.forget(message);
  }

  return {
    answering,
    archive,
    conversions,
    destruction,
    discovery,
    factory,
    introductions,
    keepAlive,
    lamportClock,
    life,
    missingRequests,
    outbox,
    ownMessages,
    permissionMessages,
    receiver,
    signatures,
    synchronizer,
    timeline,
    undos,
    waiting,
  };
}
