import type { Address } from '../../network/address.js';
import { Discovery } from '../candidate/discovery.js';
import type { CommunityContext } from '../contract/community-context.js';
import type { CommunityHost } from '../contract/community-host.js';
import type { CommunitySettings } from '../contract/community-settings.js';
import type { Outgoing } from '../contract/outgoing.js';
import { Introductions } from '../introduction/introductions.js';
import { Conversions } from '../message/conversions.js';
import { MissingRequests } from '../missing/missing-requests.js';
import { Destruction } from '../permission/destruction.js';
import { MessagePermissions } from '../permission/message-permissions.js';
import { PermissionProofs } from '../permission/permission-proofs.js';
import { Permissions } from '../permission/permissions.js';
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
 * Makes the parts of a community, each after those that it uses. What a part needs of a later one it gets as a function,
 * which nobody calls before all of them are there.
 */
export function assembleCommunityStack({ context, settings, host, outgoing, store, send }: CommunityStackComponents) {
  const { clock, members, messages, statistics } = context;
  const conversions = new Conversions(context.name);
  const lamportClock = new LamportClock({
    clock,
    acceptableRange: () => (settings.syncsByBloomFilter ? BigInt(settings.acceptableGlobalTimeRange) : undefined),
    peerTimes: () =>
      host
        .verifiedCandidates()
        .map(({ globalTime }) => globalTime)
        .filter((globalTime) => globalTime > 0n),
  });
  const outbox = new Outbox({ messages, host, send });
  const answering = new Answers({
    clock,
    statistics,
    outgoing,
    send: (packet, peer) => outbox.sendPacket(packet, peer),
  });
  const discovery = new Discovery({ context, host });

  const archive = new MessageArchive({ store, messages, members, conversions, lamportClock });
  const synchronizer = new Synchronizer({ context, settings, store, lamportClock, answering });
  archive.events.on('stored', (message, from) => synchronizer.onStored(message, from));

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
  const undone = new UndoneMessages({ register, archive, messages, members, waiting });
  const messagePermissions = new MessagePermissions({ timeline, undone, answering });
  const proofs = new PermissionProofs({ timeline, messages, undone, answering });
  const reconsideration = new Reconsideration({
    archive,
    lamportClock,
    messages,
    permissions: messagePermissions,
    undone,
    effects: author,
  });
  const permissions = new Permissions({
    timeline,
    messages,
    archive,
    lamportClock,
    permissions: messagePermissions,
    reconsideration,
    outgoing,
    waiting,
  });

  const missingRequests = new MissingRequests({ context, archive, outgoing, answering, waiting, proofs });
  const keeper = new MessageKeeper({ archive, messages, outcomes, waiting, identities: missingRequests, forget });
  const undos = new Undos({
    register,
    undone,
    members,
    timeline,
    archive,
    lamportClock,
    permissions: messagePermissions,
    reconsideration,
    outgoing,
    answering,
    waiting,
    effects: author,
    storeRefused: (member, globalTime, undoneAt) => keeper.keepRefused(member, globalTime, undoneAt),
  });
  const destruction = new Destruction({
    archive,
    lamportClock,
    proofs,
    outgoing,
    answering,
    outbox,
    onDestroyed: (degree) => life.onDestroyed(degree),
  });

  const factory = new MessageFactory({
    context,
    conversions,
    lamportClock,
    timeline,
    permissions: messagePermissions,
    store,
    identities: missingRequests,
    isDestroyed: () => destruction.degree !== undefined,
  });
  const ownMessages = new OwnMessages({ archive, author, waiting, outgoing, forget });
  const judge = new MessageJudge({ context, lamportClock, archive, permissions: messagePermissions, undone });
  const admission = new Admission({
    context,
    judge,
    waiting,
    archive,
    keeper,
    lamportClock,
    answering,
    outcomes,
    author,
  });
  const receiver = new MessageReceiver({ context, admission, waiting, author, outcomes, outbox, undos });

  const introductions = new Introductions({
    context,
    settings,
    host,
    conversions,
    lamportClock,
    discovery,
    synchronizer,
    outgoing,
    answering,
  });
  const signatures = new SignatureRequests({ context, conversions, outgoing, answering });
  const walker = new Walker({ context, host });
  const keepAlive = new KeepAlive({ context, host });

  const life = new CommunityLife({
    context,
    settings,
    host,
    conversions,
    lamportClock,
    store,
    receiver,
    introductions,
    missingRequests,
    permissions,
    undos,
    destruction,
    signatures,
    walker,
    keepAlive,
  });

  /** A message is stored no more, as if it had never come. */
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
    permissions,
    receiver,
    signatures,
    synchronizer,
    timeline,
    undos,
    waiting,
  };
}
