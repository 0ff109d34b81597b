import { EventEmitter } from 'eventemitter3';
import type { Address } from '../../network/address.js';
import { GumbyError } from '../../runtime/errors.js';
import type { Candidate, CandidateCategory } from '../candidate/candidate.js';
import { CandidateTable } from '../candidate/candidate-table.js';
import type { Dispersy } from '../dispersy.js';
import { defaultMasterMember } from '../identity/master-member.js';
import type { MemberCache } from '../identity/member-cache.js';
import type { Member } from '../identity/member.js';
import type { Conversion } from '../message/conversion.js';
import type { Message } from '../message/message.js';
import { MessageRegistry } from '../message/message-registry.js';
import type { MetaMessage } from '../message/meta-message.js';
import type { Authentication } from '../message/policies.js';
import { CommunityStatistics } from '../statistics/community-statistics.js';
import { Walker } from '../walker/walker.js';
import type { CommunityClass } from './community-class.js';
import { Introductions } from './introductions.js';
import { LamportClock } from './lamport-clock.js';
import { MessageReceiver } from './message-receiver.js';

export interface CommunityEvents {
  /** A candidate got this mark: it answered us (`walk`), asked us (`stumble`), was introduced, or we were told of it. */
  candidate: (candidate: Candidate, category: CandidateCategory) => void;
  unloaded: () => void;
}

/**
 * An overlay. Its author extends this class and gives it conversions and messages; the rest – meeting peers, checking
 * signatures, logical time – is here.
 */
export abstract class Community {
  /** Whether this community looks for peers of its own accord. */
  readonly enableCandidateWalker: boolean = true;
  /** Whether it answers peers that look for others. */
  readonly enableCandidateWalkerResponses: boolean = true;

  readonly events = new EventEmitter<CommunityEvents>();
  readonly candidates = new CandidateTable();
  readonly statistics = new CommunityStatistics(this);
  /** Every kind of message, the built-in ones included. */
  readonly messages = new MessageRegistry();
  /** @internal */
  readonly lamportClock = new LamportClock();
  readonly #introductions: Introductions;
  readonly #receiver: MessageReceiver;
  readonly #walker = new Walker(this);
  #conversions: readonly Conversion[] = [];

  constructor(
    readonly dispersy: Dispersy,
    /** Its `mid` is the community's id, its key the root of all permissions. */
    readonly masterMember: Member,
    /** Who signs what is created here. */
    readonly myMember: Member,
  ) {
    this.#introductions = new Introductions(this);
    this.#receiver = new MessageReceiver(this);
  }

  /** The master members of all communities of this class. By default one, which follows from the class's name. */
  static getMasterMembers(_dispersy: Dispersy): readonly Member[] {
    return [defaultMasterMember(this.name)];
  }

  /** Joins the community of a given master member; `args` go to `initialize`. */
  static initCommunity<C extends Community>(
    this: CommunityClass<C>,
    dispersy: Dispersy,
    masterMember: Member,
    myMember: Member,
    ...args: unknown[]
  ): C {
    const community = new this(dispersy, masterMember, myMember);
    dispersy.attachCommunity(community, args);
    return community;
  }

  /** Founds a community with a master member of its own. */
  static createCommunity<C extends Community>(
    this: CommunityClass<C>,
    dispersy: Dispersy,
    myMember: Member,
    ...args: unknown[]
  ): C {
    return this.initCommunity(dispersy, dispersy.getNewMember(), myMember, ...args);
  }

  /** The versions spoken: the first one for what is sent, all of them for what is received. */
  abstract initiateConversions(): readonly Conversion[];

  /** The community's own messages, ids 1 to 230. */
  initiateMetaMessages(): readonly MetaMessage[] {
    return [];
  }

  /** Called once, when messages can be sent and before any arrive; gets what the launcher passed. */
  initialize(..._args: unknown[]): void {}

  /** Leaves the community. An override must call this one. */
  unloadCommunity(): void | Promise<void> {
    this.dispersy.detachCommunity(this);
  }

  /** The community id, 20 bytes. */
  get cid(): Buffer {
    return this.masterMember.mid;
  }

  /** Members are shared by all communities of an instance. */
  get members(): MemberCache {
    return this.dispersy.members;
  }

  /** The largest global time seen or claimed. */
  get globalTime(): bigint {
    return this.lamportClock.globalTime;
  }

  get conversions(): readonly Conversion[] {
    return this.#conversions;
  }

  /** How many packets wait for a member to become known. */
  get delayedCount(): number {
    return this.#receiver.identities.delayedCount;
  }

  claimGlobalTime(): bigint {
    return this.lamportClock.claim();
  }

  /** Creates and signs a message at the next global time. */
  createMessage<P, A extends Authentication>(meta: MetaMessage<P, A>, payload: NoInfer<P>): Message<P, A> {
    const globalTime = this.claimGlobalTime();
    const packet = this.#conversion().encode(meta, this.myMember, globalTime, payload);
    this.dispersy.statistics.createdCount++;
    const counters = this.messages.byId(meta.id)?.counters;
    if (counters !== undefined) counters.created++;
    const member = (meta.authentication.kind === 'member' ? this.myMember : undefined) as Message<P, A>['member'];
    return { meta, member, globalTime, payload, packet };
  }

  /** Sends a message to these peers; by default to as many verified candidates as its destination says. */
  forward(message: Message, peers: readonly Address[] = this.#peersFor(message.meta)): void {
    const counters = this.messages.byId(message.meta.id)?.counters;
    for (const peer of peers) {
      this.dispersy.send(peer, message.packet);
      if (counters === undefined) continue;
      counters.sent++;
      counters.bytesSent += message.packet.length;
    }
  }

  /** `createMessage`, then `forward`. */
  send<P, A extends Authentication>(
    meta: MetaMessage<P, A>,
    payload: NoInfer<P>,
    peers?: readonly Address[],
  ): Message<P, A> {
    const message = this.createMessage(meta, payload);
    this.forward(message, peers);
    return message;
  }

  /** Tells the walker of an address where a peer may be. */
  addCandidate(address: Address): Candidate {
    const candidate = this.candidates.at(address);
    this.mark(candidate, 'discovered');
    return candidate;
  }

  /** Asks the peer at this address for an introduction now; nothing when too many answers are pending. */
  createIntroductionRequest(address: Address): Message | undefined {
    return this.#introductions.createRequest(address);
  }

  /** The candidates that are known to be there: they answered us or asked us a short while ago. */
  verifiedCandidates(): Candidate[] {
    return this.candidates.verified(this.dispersy.clock.nowMs());
  }

  /** @internal */
  mark(candidate: Candidate, category: CandidateCategory): void {
    const isNew = !this.candidates.has(candidate);
    if (!this.candidates.mark(candidate, category, this.dispersy.clock.nowMs())) return;
    if (isNew) this.dispersy.statistics.totalCandidatesDiscovered++;
    if (category === 'stumble') this.statistics.totalStumbledCandidates++;
    this.events.emit('candidate', candidate, category);
  }

  /** @internal Called by Dispersy when the community is attached. */
  start(trackers: readonly Address[]): void {
    for (const meta of [...this.#introductions.messages, ...this.#receiver.identities.messages])
      this.messages.add(meta);
    for (const meta of this.initiateMetaMessages()) this.messages.add(meta);
    this.#conversions = this.initiateConversions();
    for (const tracker of trackers) this.candidates.addTracker(tracker);
  }

  /** @internal */
  startWalking(): void {
    if (this.enableCandidateWalker) this.#walker.start();
  }

  /** @internal Called by Dispersy when the community is detached. */
  stop(): void {
    this.#walker.stop();
    this.#introductions.stop();
    this.#receiver.identities.stop();
    this.events.emit('unloaded');
  }

  /** @internal A packet with the prefix of one of the conversions. */
  receive(source: Address, packet: Buffer, conversion: Conversion): void {
    this.#receiver.receive(source, packet, conversion);
  }

  #conversion(): Conversion {
    const [first] = this.#conversions;
    if (first === undefined) throw notAttached(this);
    return first;
  }

  #peersFor({ destination }: MetaMessage): readonly Address[] {
    if (destination.kind === 'candidate') return [];
    return this.dispersy.random.shuffle(this.verifiedCandidates()).slice(0, destination.nodeCount);
  }
}

function notAttached(community: Community): GumbyError {
  const name = community.constructor.name;
  return new GumbyError(
    'SESSION_STATE',
    `community ${name} cannot send: it is not attached to a Dispersy, or its initiateConversions() gives none`,
    { context: { community: name } },
  );
}
