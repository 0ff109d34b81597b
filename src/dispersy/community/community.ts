import { EventEmitter } from 'eventemitter3';
import type { Address } from '../../network/address.js';
import { GumbyError } from '../../runtime/errors.js';
import type { Candidate, CandidateCategory } from '../candidate/candidate.js';
import { CandidateTable } from '../candidate/candidate-table.js';
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
import { type Authentication, isSyncDistribution, type MemberAuthentication } from '../message/policies.js';
import type { Missing } from '../message/verdict.js';
import { MissingRequests } from '../missing/missing-requests.js';
import { Destruction, type DestructionDegree } from '../permission/destruction.js';
import type { PermissionGrant } from '../permission/permission.js';
import { type DynamicSettings, Permissions } from '../permission/permissions.js';
import { Undos } from '../permission/undos.js';
import { MessageReceiver } from '../receiving/message-receiver.js';
import { type SignatureRequestOptions, SignatureRequests } from '../signature/signature-requests.js';
import { CommunityStatistics } from '../statistics/community-statistics.js';
import { type LostMessage, MessageArchive } from '../store/message-archive.js';
import type { Store } from '../store/store.js';
import type { SyncStrategyName } from '../sync/sync-strategy.js';
import { Synchronizer } from '../sync/synchronizer.js';
import { KeepAlive } from '../walker/keep-alive.js';
import { Walker } from '../walker/walker.js';
import type { AnswerKind } from './answers.js';
import type { CommunityClass } from './community-class.js';
import { founderGrants } from './founder-grants.js';
import { GLOBAL_TIME_MAX, LamportClock } from './lamport-clock.js';
import { type CreateMessageOptions, MessageFactory } from './message-factory.js';
import { Outbox } from './outbox.js';

export interface CommunityEvents {
  /** A candidate got this mark: it answered us (`walk`), asked us (`stumble`), was introduced, or we were told of it. */
  candidate: (candidate: Candidate, category: CandidateCategory) => void;
  /** A peer that answered us named another one. */
  introduced: (candidate: Candidate, introducer: Candidate) => void;
  /** A peer answered our introduction-request, so many milliseconds after we sent it. */
  answered: (candidate: Candidate, responseTimeMs: number) => void;
  /** The community was destroyed, for all who are in it. */
  destroyed: (degree: DestructionDegree) => void;
  unloaded: () => void;
}

export interface StoreUpdateForwardOptions {
  /** Stores it, if it is a message to be synced. @default true */
  readonly store?: boolean;
  /** Hands it to its own handler. @default true for messages that are synced, false for direct ones */
  readonly update?: boolean;
  /** Sends it, as its destination says. @default true */
  readonly forward?: boolean;
}

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
  readonly candidates = new CandidateTable((candidate) => this.dispersy.forgetVoter(candidate));
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
  /** @internal */
  readonly outbox: Outbox;
  readonly #introductions: Introductions;
  readonly #missing: MissingRequests;
  readonly #destruction: Destruction;
  readonly #signatures: SignatureRequests;
  readonly #receiver: MessageReceiver;
  readonly #walker: Walker;
  readonly #keepAlive: KeepAlive;
  readonly #factory: MessageFactory;
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
      acceptableRange: () => (this.syncsByBloomFilter ? BigInt(this.acceptableGlobalTimeRange) : undefined),
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
    this.#factory = new MessageFactory(this);
    this.outbox = new Outbox(this);
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
    return this.conversion.communityVersion;
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
    return this.#factory.create(meta, payload, options);
  }

  /** Stores messages that were created here, hands them to their handler, and sends them; they are of one kind. */
  storeUpdateForward(messages: readonly Message[], options: StoreUpdateForwardOptions = {}): void {
    const { store = true, forward = true } = options;
    for (const message of messages)
      if (store && isSyncDistribution(message.meta.distribution))
        for (const lost of this.archive.keep(message)) this.forgetLost(lost);
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
  forward(message: Message, peers?: readonly Address[]): void {
    this.outbox.forward(message, peers);
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
   * @internal Sends a message that somebody else's packet asked for: no more than is allowed in a second, and without a
   * claim on time, so that our clock stands still.
   */
  answer<P, A extends Authentication>(
    kind: AnswerKind,
    meta: MetaMessage<P, A>,
    payload: NoInfer<P>,
    peer: Address,
  ): void {
    this.outbox.answers.send(kind, () => this.createMessage(meta, payload, { claimsTime: false }).packet, peer);
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

  /**
   * Takes back a stored message: one's own, or another's with the permission to undo it. Of a message that is undone
   * already it gives the first undo message, and creates nothing: a second one would be stored by everyone, for nothing.
   */
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
    this.candidates.clear();
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
    this.#receiver.stop();
    if (this.destroyed !== undefined) this.events.emit('destroyed', this.destroyed);
  }

  /**
   * @internal Introductions teach the time of others, so that theirs is always acceptable. That of an unsigned message
   * moves nothing, and whoever asks a newcomer who it is may be far ahead of it.
   */
  isAcceptableGlobalTime(globalTime: bigint, meta: MetaMessage): boolean {
    const isFree = meta.authentication.kind === 'none' || this.#introductions.messages.includes(meta);
    if (isFree) return globalTime <= GLOBAL_TIME_MAX;
    return this.lamportClock.isAcceptable(globalTime);
  }

  /** @internal */
  isAwaited(key: string): boolean {
    return this.#receiver.isAwaited(key);
  }

  /** @internal The message of this member and time that waits for the permission to be accepted. */
  findRefused(member: Member, globalTime: bigint): ReceivedMessage | undefined {
    return this.#receiver.findRefused(member, globalTime);
  }

  /** @internal Such a message was undone. */
  storeRefused(member: Member, globalTime: bigint, undone: bigint): void {
    this.#receiver.storeRefused(member, globalTime, undone);
  }

  /** @internal Resumes the packets that waited for this. */
  wake(key: string): void {
    this.#receiver.wake(key);
  }

  /** @internal A message was created here, or stored: whoever gets it from us may ask who signed it. */
  prepareToHandOn(message: ReceivedMessage): void {
    this.#missing.collect(message);
  }

  /** @internal */
  askFor(missing: Missing, peer: Address): void {
    this.#missing.ask(missing, peer);
  }

  /** @internal A message no longer stands, or stands again. */
  takeBackOrRedo(message: ReceivedMessage, isTakenBack: boolean): void {
    const { meta } = message;
    if (isTakenBack) this.#receiver.guard(meta.name, () => meta.undo(message));
    else this.#receiver.handle([message]);
  }

  /** @internal A message is stored no more, as if it had never come. */
  forgetLost({ message, stood }: LostMessage): void {
    this.#factory.forgetSequence(message);
    if (stood) this.takeBackOrRedo(message, true);
    this.undos.forget(message);
    this.permissions.forget(message);
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

  /** @internal The one that is spoken. */
  get conversion(): Conversion {
    const [first] = this.#conversions;
    if (first === undefined) throw notAttached(this);
    return first;
  }
}

const NO_BYTES = Buffer.alloc(0);

function ownMessage(meta: MetaMessage): MetaMessage {
  if (meta.id <= OWN_MESSAGE_ID_MAX) return meta;
  throw new GumbyError(
    'MESSAGE_DEFINITION_INVALID',
    `message "${meta.name}" (id ${meta.id}): ids above ${OWN_MESSAGE_ID_MAX} are for the built-in messages`,
    { context: { message: meta.name, id: meta.id } },
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
