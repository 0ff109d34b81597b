import { EventEmitter } from 'eventemitter3';
import type { Address } from '../../network/address.js';
import { GumbyError } from '../../runtime/errors.js';
import type { Candidate, CandidateCategory } from '../candidate/candidate.js';
import { CandidateTable } from '../candidate/candidate-table.js';
import { LOOPBACK } from '../candidate/loopback.js';
import type { Dispersy } from '../dispersy.js';
import { defaultMasterMember } from '../identity/master-member.js';
import type { MemberCache } from '../identity/member-cache.js';
import type { Member } from '../identity/member.js';
import type { IntroductionResponse } from '../introduction/introduction-payloads.js';
import { type IntroductionRequestOptions, Introductions } from '../introduction/introductions.js';
import { type Conversion, PREFIX_BYTES } from '../message/conversion.js';
import type { Message, ReceivedMessage } from '../message/message.js';
import { MessageRegistry } from '../message/message-registry.js';
import type { MetaMessage } from '../message/meta-message.js';
import {
  type Authentication,
  hasSequenceNumbers,
  isSyncDistribution,
  type MemberAuthentication,
} from '../message/policies.js';
import { withDepth } from '../message/signatures.js';
import type { Missing } from '../message/verdict.js';
import { MissingRequests } from '../missing/missing-requests.js';
import { Destruction, type DestructionDegree } from '../permission/destruction.js';
import type { PermissionGrant } from '../permission/permission.js';
import { type DynamicSettings, Permissions } from '../permission/permissions.js';
import { Undos } from '../permission/undos.js';
import { RateLimit } from '../rate-limit.js';
import { MessageReceiver } from '../receiving/message-receiver.js';
import { type SignatureRequestOptions, SignatureRequests } from '../signature/signature-requests.js';
import { CommunityStatistics } from '../statistics/community-statistics.js';
import { MessageArchive } from '../store/message-archive.js';
import type { Store } from '../store/store.js';
import type { SyncStrategyName } from '../sync/sync-strategy.js';
import { Synchronizer } from '../sync/synchronizer.js';
import { KeepAlive } from '../walker/keep-alive.js';
import { Walker } from '../walker/walker.js';
import type { CommunityClass } from './community-class.js';
import { founderGrants } from './founder-grants.js';
import { LamportClock } from './lamport-clock.js';

export interface CommunityEvents {
  /** A candidate got this mark: it answered us (`walk`), asked us (`stumble`), was introduced, or we were told of it. */
  candidate: (candidate: Candidate, category: CandidateCategory) => void;
  /** The community was destroyed, for all who are in it. */
  destroyed: (degree: DestructionDegree) => void;
  unloaded: () => void;
}

export interface CreateMessageOptions {
  /** Who signs. @default the community's `myMember` */
  readonly member?: Member;
  /** The other member of a double signed message; a signature request asks it to sign. */
  readonly secondMember?: Member;
  /** Whether to throw when the member is not permitted to send it, so that nobody would accept it. @default true */
  readonly checkPermission?: boolean;
}

export interface StoreUpdateForwardOptions {
  /** Stores it, if it is a message to be synced. @default true */
  readonly store?: boolean;
  /** Hands it to its own handler. @default true for messages that are synced, false for direct ones */
  readonly update?: boolean;
  /** Sends it, as its destination says. @default true */
  readonly forward?: boolean;
}

/** Bytes in answer to unsigned requests for what is missing, each second: anyone can make us send them to anyone. */
const ANSWER_BYTES_PER_SECOND_MAX = 1024 * 1024;
/** Above are the built-in messages. */
const OWN_MESSAGE_ID_MAX = 230;
/** An introduction-request with a filter has to fit a packet of 1,500 bytes, with all that is around it. */
const PACKET_BYTES = 1500;
const AROUND_FILTER_BYTES = 60 + 8 + 51 + 21 + 30;

/**
 * An overlay. Its author extends this class and gives it conversions and messages; the rest – meeting peers, checking
 * signatures and permissions, logical time, storing and spreading – is here.
 */
export abstract class Community {
  /** Whether this community looks for peers of its own accord. */
  readonly enableCandidateWalker: boolean = true;
  /** Whether it answers peers that look for others. */
  readonly enableCandidateWalkerResponses: boolean = true;
  /** Whether it begins by asking everyone it hears of, until it knows 15 peers. */
  readonly enableFastCandidateWalker: boolean = false;
  /** Whether introduction-requests say what we have, and are answered with what their sender misses. */
  readonly enableBloomFilterSync: boolean = true;
  /** Which part of the messages a filter describes that cannot describe all. */
  readonly syncStrategy: SyncStrategyName = 'largest';
  /** The share of missing messages that a full filter keeps from us, until the next one. */
  readonly syncBloomFilterErrorRate: number = 0.01;
  /** What one answer to a sync request takes at most, in bytes. */
  readonly syncResponseLimitBytes: number = 5 * 1024;
  /** How far ahead of our global time, or of our peers', a message may be. */
  readonly acceptableGlobalTimeRange: number = 10_000;
  /** Whether a packet for it loads it again after it was unloaded; see `Dispersy.defineAutoLoad`. */
  readonly autoLoad: boolean = true;

  readonly events = new EventEmitter<CommunityEvents>();
  readonly candidates = new CandidateTable();
  readonly statistics = new CommunityStatistics(this);
  /** Every kind of message, the built-in ones included. */
  readonly messages = new MessageRegistry();
  /** @internal */
  readonly lamportClock: LamportClock;
  /** @internal */
  readonly archive: MessageArchive;
  /** @internal */
  readonly permissions: Permissions;
  /** @internal */
  readonly undos: Undos;
  /** @internal */
  readonly synchronizer: Synchronizer;
  readonly #introductions: Introductions;
  readonly #missing: MissingRequests;
  readonly #destruction: Destruction;
  readonly #signatures: SignatureRequests;
  readonly #receiver: MessageReceiver;
  readonly #walker: Walker;
  readonly #keepAlive: KeepAlive;
  readonly #answerLimit: RateLimit;
  /** The last sequence number that was used, also by messages that are not stored yet. */
  readonly #sequenceNumbers = new Map<string, number>();
  #conversions: readonly Conversion[] = [];

  constructor(
    readonly dispersy: Dispersy,
    /** Its `mid` is the community's id, its key the root of all permissions. */
    readonly masterMember: Member,
    /** Who signs what is created here. */
    readonly myMember: Member,
  ) {
    this.lamportClock = new LamportClock({
      clock: dispersy.clock,
      acceptableRange: () => (this.enableBloomFilterSync ? BigInt(this.acceptableGlobalTimeRange) : undefined),
      peerTimes: () =>
        this.verifiedCandidates()
          .map(({ globalTime }) => globalTime)
          .filter((globalTime) => globalTime > 0n),
    });
    this.archive = new MessageArchive(this, this.openStore());
    this.permissions = new Permissions(this);
    this.undos = new Undos(this);
    this.synchronizer = new Synchronizer(this);
    this.#introductions = new Introductions(this);
    this.#missing = new MissingRequests(this);
    this.#destruction = new Destruction(this);
    this.#signatures = new SignatureRequests(this);
    this.#receiver = new MessageReceiver(this);
    this.#walker = new Walker(this);
    this.#keepAlive = new KeepAlive(this);
    this.#answerLimit = new RateLimit(dispersy.clock, ANSWER_BYTES_PER_SECOND_MAX);
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

  /**
   * Founds a community with a master member of its own, which at once permits `myMember` everything that needs a
   * permission.
   */
  static createCommunity<C extends Community>(
    this: CommunityClass<C>,
    dispersy: Dispersy,
    myMember: Member,
    ...args: unknown[]
  ): C {
    const community = this.initCommunity(dispersy, dispersy.getNewMember(), myMember, ...args);
    community.createAuthorize(founderGrants(community.messages, myMember), { member: community.masterMember });
    return community;
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

  /** From community version 2 on: free bytes at the end of our introduction-requests. */
  introductionRequestExtraBytes(): Buffer {
    return NO_BYTES;
  }

  /** From community version 2 on: free bytes at the end of our introduction-responses. */
  introductionResponseExtraBytes(): Buffer {
    return NO_BYTES;
  }

  /** A peer answered a request of ours; it is marked already. */
  onIntroductionResponse(_message: ReceivedMessage<IntroductionResponse, MemberAuthentication>): void {}

  /** The size of a filter in bits: what fits an introduction-request of 1,500 bytes beside our signature. */
  get syncBloomFilterBits(): number {
    return (PACKET_BYTES - AROUND_FILTER_BYTES - this.myMember.signatureLength) * 8;
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

  /** What was stored here: created, received, or left by an earlier session. */
  get store(): Store {
    return this.archive.store;
  }

  get conversions(): readonly Conversion[] {
    return this.#conversions;
  }

  /** That of what is sent. */
  get communityVersion(): number {
    return this.#conversion().communityVersion;
  }

  /** Filters are a matter of community versions below 2. */
  get syncsByBloomFilter(): boolean {
    return this.enableBloomFilterSync && this.communityVersion < 2;
  }

  /** How many packets wait for something that is missing. */
  get delayedCount(): number {
    return this.#receiver.delayedCount;
  }

  /** How many packets wait for others of their kind. */
  get batchedCount(): number {
    return this.#receiver.batchedCount;
  }

  /** How the community was destroyed, if it was. */
  get destroyed(): DestructionDegree | undefined {
    return this.#destruction.degree;
  }

  claimGlobalTime(): bigint {
    return this.lamportClock.claim();
  }

  /**
   * Creates and signs a message at the next global time. It is neither stored nor sent.
   * @throws GumbyError PERMISSION_MISSING when the member may not send it; PARAMETER_INVALID for a payload that its codec
   * cannot carry
   */
  createMessage<P, A extends Authentication>(
    meta: MetaMessage<P, A>,
    payload: NoInfer<P>,
    options: CreateMessageOptions = {},
  ): Message<P, A> {
    const { member, secondMember, sequenceNumber, policyIndex, ...rest } = this.#fieldsOf(meta, options);
    const { globalTime } = rest;
    const members = [member, secondMember].filter((each) => each !== undefined);
    const packet = this.#conversion().encode(meta as MetaMessage<P>, {
      members,
      globalTime,
      payload,
      sequenceNumber,
      policyIndex,
    });
    const fields = { meta, secondMember, sequenceNumber, policyIndex, payload, packet, candidate: LOOPBACK, ...rest };
    const message = { ...fields, member: member as Message<P, A>['member'] };
    if (options.checkPermission !== false && !this.permissions.isPermitted(message)) throw notPermitted(message);
    if (member !== undefined && sequenceNumber > 0)
      this.#sequenceNumbers.set(sequenceKey(meta, member), sequenceNumber);
    this.dispersy.statistics.createdCount++;
    const counters = this.messages.byId(meta.id)?.counters;
    if (counters !== undefined) counters.created++;
    return message;
  }

  /** Stores messages that were created here, hands them to their handler, and sends them; they are of one kind. */
  storeUpdateForward(messages: readonly Message[], options: StoreUpdateForwardOptions = {}): void {
    const { store = true, forward = true } = options;
    for (const message of messages)
      if (store && isSyncDistribution(message.meta.distribution)) this.archive.keep(message);
    const [first] = messages;
    if (first !== undefined && (options.update ?? isSyncDistribution(first.meta.distribution)))
      this.#receiver.handle(messages);
    for (const message of messages) {
      this.#receiver.wakeFor(message);
      if (forward) this.forward(message);
    }
  }

  /** `createMessage`, then `storeUpdateForward`. */
  create<P, A extends Authentication>(
    meta: MetaMessage<P, A>,
    payload: NoInfer<P>,
    options: CreateMessageOptions & StoreUpdateForwardOptions = {},
  ): Message<P, A> {
    const message = this.createMessage(meta, payload, options);
    this.storeUpdateForward([message], options);
    return message;
  }

  /** Sends a message to these peers; by default to as many verified candidates as its destination says. */
  forward(message: Message, peers: readonly Address[] = this.#peersFor(message.meta)): void {
    const { meta, packet, depth, depthOffset } = message;
    if (meta.destination.kind !== 'nHop') {
      for (const peer of peers) this.sendStored(meta, packet, peer);
      return;
    }
    if (depth <= 0) return;
    const lowered = withDepth(packet, depthOffset, depth - 1);
    for (const peer of peers) this.sendStored(meta, lowered, peer);
  }

  /** `create`, but sent to these peers. */
  send<P, A extends Authentication>(
    meta: MetaMessage<P, A>,
    payload: NoInfer<P>,
    peers?: readonly Address[],
  ): Message<P, A> {
    const message = this.create(meta, payload, { forward: false });
    this.forward(message, peers);
    return message;
  }

  /**
   * Gives permissions to members.
   * @param options - `member`: who gives them. @defaultValue the community's `myMember`
   */
  createAuthorize(grants: readonly PermissionGrant[], options: { readonly member?: Member } = {}): Message {
    return this.permissions.createAuthorize(grants, options.member ?? this.myMember);
  }

  /** Takes permissions from members. */
  createRevoke(grants: readonly PermissionGrant[], options: { readonly member?: Member } = {}): Message {
    return this.permissions.createRevoke(grants, options.member ?? this.myMember);
  }

  /** Takes back a stored message: one's own, or another's with the permission to undo it. */
  createUndo(message: Message, options: { readonly member?: Member } = {}): Message {
    if (!message.meta.canBeUndone)
      throw new GumbyError('PARAMETER_INVALID', `message "${message.meta.name}" has no undo, so it cannot be undone`);
    return this.undos.create(message, options.member ?? this.myMember);
  }

  /** Switches messages of dynamic resolution to other ones of their policies, from the next global time on. */
  createDynamicSettings(policies: DynamicSettings, options: { readonly member?: Member } = {}): Message {
    return this.permissions.createDynamicSettings(policies, options.member ?? this.myMember);
  }

  /** Ends the community for all who are in it. */
  createDestroyCommunity(degree: DestructionDegree, options: { readonly member?: Member } = {}): Message {
    return this.#destruction.create(degree, options.member ?? this.myMember);
  }

  /** Asks the second member of a message that we created for its signature; then it is stored, handled and sent. */
  createSignatureRequest<P>(message: Message<P>, peer: Address, options: SignatureRequestOptions<P>): void {
    this.#signatures.create(message, peer, options);
  }

  /** Tells the walker of an address where a peer may be. */
  addCandidate(address: Address): Candidate {
    const candidate = this.candidates.at(address);
    this.mark(candidate, 'discovered');
    return candidate;
  }

  /** Asks the peer at this address for an introduction now; nothing when too many answers are pending. */
  createIntroductionRequest(address: Address, options: IntroductionRequestOptions = {}): Message | undefined {
    return this.#introductions.createRequest(address, options);
  }

  /** The candidates that are known to be there: they answered us or asked us a short while ago. */
  verifiedCandidates(): Candidate[] {
    return this.candidates.verified(this.dispersy.clock.nowMs());
  }

  /** Verified candidates in a random order; the first ones of it are a fair choice. */
  randomCandidates(): Candidate[] {
    return this.dispersy.random.shuffle(this.verifiedCandidates());
  }

  /** All candidates whose best mark is this one, trackers left out. */
  candidatesOf(category: CandidateCategory): Candidate[] {
    const nowMs = this.dispersy.clock.nowMs();
    return [...this.candidates].filter((each) => !each.isTracker && each.categoryAt(nowMs) === category);
  }

  /** Keeps a candidate verified for as long as it answers. */
  keepAlive(candidate: Candidate): void {
    this.#keepAlive.add(candidate);
  }

  /** @internal */
  isKeptAlive(candidate: Candidate): boolean {
    return this.#keepAlive.has(candidate);
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
    for (const { messages } of [
      this.#introductions,
      this.#missing,
      this.permissions,
      this.undos,
      this.#destruction,
      this.#signatures,
    ])
      for (const meta of messages) this.messages.add(meta);
    for (const meta of this.initiateMetaMessages()) this.messages.add(ownMessage(meta));
    this.#conversions = this.initiateConversions();
    for (const tracker of trackers) this.candidates.addTracker(tracker);
    this.#load();
  }

  /** @internal */
  startWalking(): void {
    if (this.destroyed !== undefined) return;
    if (this.enableCandidateWalker) this.#walker.start();
    if (this.enableFastCandidateWalker) this.#walker.startFast();
  }

  /** @internal Called by Dispersy when the community is detached. */
  stop(): void {
    this.#walker.stop();
    this.#keepAlive.stop();
    this.#introductions.stop();
    this.#signatures.stop();
    this.#receiver.stop();
    this.archive.store.close();
    this.events.emit('unloaded');
  }

  /** @internal A packet with the prefix of one of the conversions. @returns why it is not taken */
  receive(source: Address, packet: Buffer, conversion: Conversion): string | undefined {
    if (this.destroyed === undefined) {
      this.#receiver.receive(source, packet, conversion);
      return undefined;
    }
    this.#destruction.sendProof(source);
    return 'community was destroyed';
  }

  /** @internal */
  onDestroyed(): void {
    this.#walker.stop();
    this.#keepAlive.stop();
    if (this.destroyed !== undefined) this.events.emit('destroyed', this.destroyed);
  }

  /** @internal Introductions teach the time of others, so that theirs is always acceptable. */
  isAcceptableGlobalTime(globalTime: bigint, meta: MetaMessage): boolean {
    if (this.#introductions.messages.includes(meta)) return globalTime < 2n ** 63n;
    return this.lamportClock.isAcceptable(globalTime);
  }

  /** @internal */
  isAwaited(key: string): boolean {
    return this.#receiver.isAwaited(key);
  }

  /** @internal Resumes the packets that waited for this. */
  wake(key: string): void {
    this.#receiver.wake(key);
  }

  /** @internal */
  askFor(missing: Missing, peer: Address): void {
    this.#missing.ask(missing, peer);
  }

  /** @internal Sends on an n-hop message that was received. */
  relay(message: ReceivedMessage): void {
    const others = this.#peersFor(message.meta, message.candidate);
    this.forward(message, others);
  }

  /** @internal A message no longer stands, or stands again. */
  takeBackOrRedo(message: ReceivedMessage, isTakenBack: boolean): void {
    const { meta } = message;
    if (isTakenBack) this.#receiver.guard(meta.name, () => meta.undo(message));
    else this.#receiver.handle([message]);
  }

  /** @internal A packet that exists already. */
  sendStored(meta: MetaMessage, packet: Buffer, peer: Address): void {
    this.dispersy.send(peer, packet);
    const counters = this.messages.byId(meta.id)?.counters;
    if (counters === undefined) return;
    counters.sent++;
    counters.bytesSent += packet.length;
  }

  /** @internal A packet in answer to a request that anyone may have made: only so many bytes a second. */
  sendAnswer(packet: Buffer, peer: Address): void {
    const meta = this.messages.byId(packet[PREFIX_BYTES] as number)?.meta;
    if (meta !== undefined && this.#answerLimit.allow(packet.length)) this.sendStored(meta, packet, peer);
  }

  /** @internal The conversion whose prefix a packet of this community has. */
  conversionFor(packet: Buffer): Conversion | undefined {
    return this.#conversions.find(({ prefix }) => prefix.equals(packet.subarray(0, PREFIX_BYTES)));
  }

  /** Where the messages are kept. */
  protected openStore(): Store {
    return this.dispersy.openStore(this.cid.toString('hex'));
  }

  /** Goes on from what an earlier session stored. */
  #load(): void {
    const { store } = this.archive;
    if (store.size === 0) return;
    this.lamportClock.resume(store.latestGlobalTime);
    this.permissions.load();
    this.undos.load();
    this.#destruction.load();
  }

  #fieldsOf<P, A extends Authentication>(meta: MetaMessage<P, A>, options: CreateMessageOptions) {
    const { authentication, distribution, resolution, destination } = meta;
    const member = authentication.kind === 'none' ? undefined : (options.member ?? this.myMember);
    const secondMember = authentication.kind === 'doubleMember' ? options.secondMember : undefined;
    if (authentication.kind === 'doubleMember' && secondMember === undefined)
      throw new GumbyError('PARAMETER_INVALID', `message "${meta.name}" is signed by two: name its secondMember`);
    const hasGlobalTime = distribution.kind !== 'direct' || distribution.hasGlobalTime;
    const globalTime = hasGlobalTime ? this.claimGlobalTime() : 0n;
    const isNumbered = member !== undefined && hasSequenceNumbers(distribution);
    const conversion = this.#conversion();
    return {
      member,
      secondMember,
      globalTime,
      sequenceNumber: isNumbered ? this.#nextSequenceNumber(meta as MetaMessage, member) : 0,
      policyIndex: resolution.kind === 'dynamic' ? this.permissions.timeline.policyIndexAt(meta.id, globalTime) : 0,
      depth: destination.kind === 'nHop' ? destination.depth : 0,
      depthOffset:
        destination.kind === 'nHop'
          ? conversion.depthOffsetOf(meta as MetaMessage, membersFrom(member, secondMember))
          : -1,
    };
  }

  #nextSequenceNumber(meta: MetaMessage, member: Member): number {
    const stored = this.archive.store.lastSequenceNumber(meta.id, member.mid);
    return Math.max(stored, this.#sequenceNumbers.get(sequenceKey(meta, member)) ?? 0) + 1;
  }

  #conversion(): Conversion {
    const [first] = this.#conversions;
    if (first === undefined) throw notAttached(this);
    return first;
  }

  #peersFor({ destination }: MetaMessage, except?: Candidate): readonly Address[] {
    if (destination.kind === 'candidate') return [];
    const others = this.randomCandidates().filter((candidate) => candidate !== except);
    return others.slice(0, destination.nodeCount);
  }
}

const NO_BYTES = Buffer.alloc(0);

function membersFrom(...members: readonly (Member | undefined)[]): Member[] {
  return members.filter((member) => member !== undefined);
}

function sequenceKey(meta: { readonly id: number }, { mid }: Member): string {
  return `${meta.id} ${mid.toString('latin1')}`;
}

function ownMessage(meta: MetaMessage): MetaMessage {
  if (meta.id <= OWN_MESSAGE_ID_MAX) return meta;
  throw new GumbyError(
    'MESSAGE_DEFINITION_INVALID',
    `message "${meta.name}" (id ${meta.id}): ids above ${OWN_MESSAGE_ID_MAX} are for the built-in messages`,
    { context: { message: meta.name, id: meta.id } },
  );
}

function notPermitted({ meta, member }: Message): GumbyError {
  return new GumbyError(
    'PERMISSION_MISSING',
    `member ${member?.toString() ?? 'unknown'} is not permitted to send "${meta.name}" now: nobody would accept it; ` +
      'whoever holds the permission can give it with createAuthorize',
    { context: { message: meta.name } },
  );
}

function notAttached(community: Community): GumbyError {
  const name = community.constructor.name;
  return new GumbyError(
    'SESSION_STATE',
    `community ${name} cannot send: it is not attached to a Dispersy, or its initiateConversions() gives none`,
    { context: { community: name } },
  );
}
