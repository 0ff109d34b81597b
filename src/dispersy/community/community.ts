import { EventEmitter } from 'eventemitter3';
import type { Address } from '../../network/address.js';
import { GumbyError } from '../../runtime/errors.js';
import type { Candidate, CandidateCategory } from '../candidate/candidate.js';
import { CandidateTable } from '../candidate/candidate-table.js';
import type { CommunityEvents } from '../contract/community-events.js';
import type { CommunityHost } from '../contract/community-host.js';
import type { CommunitySettings } from '../contract/community-settings.js';
import type { IntroductionRequestOptions } from '../contract/introduction-request-options.js';
import type { CreateMessageOptions, StoreUpdateForwardOptions } from '../contract/message-options.js';
import type { Outgoing } from '../contract/outgoing.js';
import type { CommunityClass, Dispersy } from '../dispersy.js';
import { defaultMasterMember } from '../identity/master-member.js';
import type { MemberCache } from '../identity/member-cache.js';
import type { Member } from '../identity/member.js';
import type { Conversion } from '../message/conversion.js';
import type { Message } from '../message/message.js';
import { MessageRegistry } from '../message/message-registry.js';
import type { MetaMessage } from '../message/meta-message.js';
import type { Authentication } from '../message/policies.js';
import type { DestructionDegree } from '../permission/destroy-payload.js';
import type { DynamicSettings } from '../permission/dynamic-settings.js';
import type { PermissionGrant } from '../permission/permission.js';
import type { SignatureRequestOptions } from '../signature/signature-requests.js';
import type { CommunityStatistics } from '../statistics/community-statistics.js';
import type { Store } from '../store/store.js';
import { filterBitsBeside } from '../sync/filter-bits.js';
import { CommunityHooks } from './community-hooks.js';
import { assembleCommunityStack, type CommunityStack } from './community-stack.js';
import { contextOf } from './context-of.js';
import { founderGrants } from './founder-grants.js';

let readStack: (community: Community) => CommunityStack;

/**
 * An overlay. Its author extends this class and gives it conversions and messages; the rest – meeting peers, checking
 * signatures and permissions, logical time, storing and spreading – is done by the parts behind it. `CommunityHooks` has
 * what an author overrides; here is what the author calls.
 */
export abstract class Community extends CommunityHooks implements CommunitySettings, CommunityHost, Outgoing {
  readonly events = new EventEmitter<CommunityEvents>();
  readonly candidates = new CandidateTable();
  readonly statistics: CommunityStatistics;
  /** Every kind of message, the built-in ones included. */
  readonly messages = new MessageRegistry();
  readonly #stack: CommunityStack;

  static {
    readStack = (community) => community.#stack;
  }

  constructor(
    readonly dispersy: Dispersy,
    /** The master member: its `mid` is the community's id, its key the root of all permissions. */
    readonly masterMember: Member,
    /** The member who signs the messages that are created here. */
    readonly myMember: Member,
  ) {
    super();
    const context = contextOf(this, () => this.globalTime);
    this.statistics = context.communityStatistics;
    this.#stack = assembleCommunityStack({
      context,
      settings: this,
      host: this,
      outgoing: this,
      store: this.openStore(),
      send: (peer, packet) => dispersy.send(peer, packet),
    });
  }

  /** The master members of all communities of this class. By default there is one, which follows from the class's name. */
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

  /** Leaves the community. An override must call this one. */
  unloadCommunity(): void | Promise<void> {
    this.dispersy.detachCommunity(this);
  }

  /** Opens the store in which the messages are kept. */
  protected openStore(): Store {
    return this.dispersy.openStore(this.cid.toString('hex'));
  }

  /** The size of a filter in bits: as large as fits an introduction-request of 1,500 bytes beside our signature. */
  get syncBloomFilterBits(): number {
    return filterBitsBeside(this.myMember.signatureLength);
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
    return this.#stack.lamportClock.globalTime;
  }

  /** The stored messages: they were created here, received, or left by an earlier session. */
  get store(): Store {
    return this.#stack.archive.store;
  }

  get conversions(): readonly Conversion[] {
    return this.#stack.conversions.all;
  }

  /** The version of the community in which messages are sent. */
  get communityVersion(): number {
    return this.#stack.conversions.current.communityVersion;
  }

  /** Filters are a matter of community versions below 2. */
  get syncsByBloomFilter(): boolean {
    return this.enableBloomFilterSync && this.communityVersion < 2;
  }

  /** How many packets wait for something that is missing. */
  get delayedCount(): number {
    return this.#stack.waiting.size;
  }

  /** How many packets wait for others of their kind. */
  get batchedCount(): number {
    return this.#stack.receiver.batchedCount;
  }

  /** How the community was destroyed, if it was. */
  get destroyed(): DestructionDegree | undefined {
    return this.#stack.destruction.degree;
  }

  claimGlobalTime(): bigint {
    return this.#stack.lamportClock.claim();
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
    return this.#stack.factory.create(meta, payload, options);
  }

  /** Stores messages that were created here, hands them to their handler, and sends them; they are of one kind. */
  storeUpdateForward(messages: readonly Message[], options: StoreUpdateForwardOptions = {}): void {
    this.#stack.ownMessages.storeUpdateForward(messages, options);
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
    this.#stack.outbox.forward(message, peers);
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
   * @param options - `member`: the member who gives them. @defaultValue the community's `myMember`
   */
  createAuthorize(grants: readonly PermissionGrant[], options: { readonly member?: Member } = {}): Message {
    return this.#stack.permissionMessages.createAuthorize(grants, options.member ?? this.myMember);
  }

  /** Takes permissions from members. */
  createRevoke(grants: readonly PermissionGrant[], options: { readonly member?: Member } = {}): Message {
    return this.#stack.permissionMessages.createRevoke(grants, options.member ?? this.myMember);
  }

  /**
   * Takes back a stored message: one's own, or another member's with the permission to undo it. If the message is
   * undone already, the result is the first undo message, and no other is created: everyone would store a second one,
   * without any use.
   */
  createUndo(message: Message, options: { readonly member?: Member } = {}): Message {
    if (!message.meta.canBeUndone)
      throw new GumbyError('PARAMETER_INVALID', `message "${message.meta.name}" has no undo, so it cannot be undone`);
    return this.#stack.undos.create(message, options.member ?? this.myMember);
  }

  /** Switches messages of dynamic resolution to other ones of their policies, from the next global time on. */
  createDynamicSettings(policies: DynamicSettings, options: { readonly member?: Member } = {}): Message {
    return this.#stack.permissionMessages.createDynamicSettings(policies, options.member ?? this.myMember);
  }

  /** Ends the community for all who are in it. */
  createDestroyCommunity(degree: DestructionDegree, options: { readonly member?: Member } = {}): Message {
    return this.#stack.destruction.create(degree, options.member ?? this.myMember);
  }

  /** Asks the second member of a message that we created for its signature; then it is stored, handled and sent. */
  createSignatureRequest<P>(message: Message<P>, peer: Address, options: SignatureRequestOptions<P>): void {
    this.#stack.signatures.create(message, peer, options);
  }

  /** Tells the walker of an address where a peer may be. */
  addCandidate(address: Address): Candidate {
    const candidate = this.candidates.at(address);
    this.#stack.discovery.mark(candidate, 'discovered');
    return candidate;
  }

  /** Asks the peer at this address for an introduction now; nothing is sent when too many answers are pending. */
  createIntroductionRequest(address: Address, options: IntroductionRequestOptions = {}): Message | undefined {
    return this.#stack.introductions.createRequest(address, options);
  }

  /** The candidates that are known to be there: they answered us or asked us a short while ago. */
  verifiedCandidates(): Candidate[] {
    return this.candidates.verified(this.dispersy.clock.nowMs());
  }

  /** Verified candidates in a random order; the first few of them are a fair choice. */
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
    this.#stack.keepAlive.add(candidate);
  }
}

/** The parts behind a community. They are for Dispersy and for tests, so that they are no member of the class that authors extend. */
export function communityStackOf(community: Community): CommunityStack {
  return readStack(community);
}
