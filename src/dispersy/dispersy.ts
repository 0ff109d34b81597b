import type { Address } from '../network/address.js';
import type { Endpoint } from '../network/endpoint.js';
import { DATAGRAM_BYTES_MAX } from '../network/send-obstacle.js';
import type { SocketFigures } from '../network/socket-figures.js';
import { type Clock, every, type Timer } from '../runtime/clock.js';
import { GumbyError } from '../runtime/errors.js';
import type { Logger } from '../runtime/logger.js';
import type { Random } from '../runtime/random.js';
import { type Startable, stopAll } from '../runtime/startable.js';
import type { Candidate } from './candidate/candidate.js';
import { OwnAddresses } from './candidate/own-addresses.js';
import type { CommunityLife } from './community/community-life.js';
import { type Community, communityStackOf } from './community/community.js';
import type { Crypto, SecretSource, SecurityLevel } from './identity/crypto.js';
import { ECCrypto } from './identity/ec-crypto.js';
import { MemberCache } from './identity/member-cache.js';
import { Member } from './identity/member.js';
import { type Conversion, DISPERSY_VERSION, PREFIX_BYTES } from './message/conversion.js';
import { DispersyStatistics } from './statistics/dispersy-statistics.js';
import { MemoryStore } from './store/memory-store.js';
import type { StoreFactory } from './store/store.js';

export interface DispersyInit {
  /** Opened and closed by its owner, also while Dispersy runs. */
  readonly endpoint: Endpoint;
  /** The figures from which the statistics read how many packets wait to leave. @default the statistics do not mention it */
  readonly socketFigures?: Pick<SocketFigures, 'sendQueueLength'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** The trackers that every community asks for its first peers. @default none */
  readonly trackers?: readonly Address[];
  /** @default real signatures */
  readonly crypto?: Crypto;
  /** What new keys are made of. @default the system's own chance */
  readonly secretsOf?: SecretSource;
  /** Opens the stores in which communities keep their messages. @default stores in memory */
  readonly openStore?: StoreFactory;
  /** May make a community for a packet that belongs to none. @default such packets are dropped */
  readonly communityForPrefix?: (prefix: Buffer, packet: Buffer) => Community | undefined;
}

export interface LoadCommunityOptions {
  /** The member who signs in this community. @default a new member */
  readonly myMember?: Member;
  /** @default the first of the class's `getMasterMembers` */
  readonly masterMember?: Member;
  /** The arguments of the community's `initialize`. */
  readonly args?: readonly unknown[];
}

/** A class that extends `Community`, as its launcher and `Dispersy` see it. */
export interface CommunityClass<C extends Community = Community> {
  new (dispersy: Dispersy, masterMember: Member, myMember: Member): C;
  readonly name: string;
  getMasterMembers(dispersy: Dispersy): readonly Member[];
  initCommunity<D extends Community>(
    this: CommunityClass<D>,
    dispersy: Dispersy,
    masterMember: Member,
    myMember: Member,
    ...args: unknown[]
  ): D;
}

/** An instance's overlay stack: its communities over one endpoint. */
export class Dispersy implements Startable {
  readonly endpoint: Endpoint;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly members: MemberCache;
  readonly ownAddresses: OwnAddresses;
  readonly statistics: DispersyStatistics;
  readonly #trackers: readonly Address[];
  readonly #crypto: Crypto;
  readonly #secretsOf: SecretSource | undefined;
  readonly openStore: StoreFactory;
  readonly #autoLoads = new Map<string, () => Community>();
  readonly #communityForPrefix: NonNullable<DispersyInit['communityForPrefix']>;
  readonly #communities = new Set<Community>();
  /** The routes by the 22 bytes that lead a packet, as Latin-1: dispersy version, community version, community id. */
  readonly #routes = new Map<string, Route>();
  #started = false;
  #stopListening: () => void = () => {};
  #sweeping: Timer | undefined;

  constructor(init: DispersyInit) {
    this.endpoint = init.endpoint;
    this.clock = init.clock;
    this.random = init.random;
    this.logger = init.logger;
    this.#trackers = init.trackers ?? [];
    this.#crypto = init.crypto ?? new ECCrypto();
    this.#secretsOf = init.secretsOf;
    this.openStore = init.openStore ?? (() => new MemoryStore());
    this.#communityForPrefix = init.communityForPrefix ?? (() => undefined);
    this.members = new MemberCache(this.#crypto);
    this.ownAddresses = new OwnAddresses(init.endpoint);
    this.statistics = new DispersyStatistics({
      ownAddresses: this.ownAddresses,
      socketFigures: init.socketFigures,
    });
  }

  get isRunning(): boolean {
    return this.#started;
  }

  /** The communities in the order in which they were loaded. */
  get communities(): readonly Community[] {
    return [...this.#communities];
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#stopListening = this.endpoint.onPacket(this.receive);
    this.#sweeping = every(this.clock, SWEEP_INTERVAL_MS, () => this.#sweep(), { weak: true });
  }

  /** Unloads all communities. The endpoint stays as it is: it belongs to someone else. */
  async stop(): Promise<void> {
    if (!this.#started) return;
    this.#started = false;
    this.#stopListening();
    this.#sweeping?.cancel();
    await stopAll(this.communities.map((community) => ({ stop: () => community.unloadCommunity() })));
  }

  /** Joins the community of this class. */
  loadCommunity<C extends Community>(communityClass: CommunityClass<C>, options: LoadCommunityOptions = {}): C {
    const masterMember = options.masterMember ?? communityClass.getMasterMembers(this)[0] ?? this.getNewMember();
    const myMember = options.myMember ?? this.getNewMember();
    return communityClass.initCommunity(this, masterMember, myMember, ...(options.args ?? []));
  }

  /**
   * Lets packets in and starts the walker; `args` go to the community's `initialize`. `initCommunity` calls this.
   * @throws GumbyError SESSION_STATE before `start`, or when a community with the same id and version is attached.
   */
  attachCommunity(community: Community, args: readonly unknown[] = []): void {
    const name = community.constructor.name;
    if (!this.#started)
      throw new GumbyError('SESSION_STATE', `cannot load community ${name}: the session is not started`, {
        context: { community: name },
      });
    if (community.masterMember.hasPublicKey) this.members.add(community.masterMember);
    this.members.add(community.myMember);
    const { life } = communityStackOf(community);
    life.start(this.#trackers);
    const keys = community.conversions.map(({ prefix }) => keyOf(prefix));
    if (keys.some((key) => this.#routes.has(key)))
      throw new GumbyError('SESSION_STATE', `community ${name} (${community.cid.toString('hex')}) is loaded already`, {
        context: { community: name },
      });
    community.initialize(...args);
    for (const conversion of community.conversions) this.#routes.set(keyOf(conversion.prefix), { life, conversion });
    this.#communities.add(community);
    community.candidates.events.on('forgotten', this.#onForgotten);
    life.startWalking();
  }

  /**
   * From now on a packet for one of this class's communities loads the community, if it is not loaded: at first, and
   * again whenever it was unloaded – unless the community's `autoLoad` is false.
   */
  defineAutoLoad<C extends Community>(communityClass: CommunityClass<C>, options: LoadCommunityOptions = {}): void {
    const masterMembers = options.masterMember ? [options.masterMember] : communityClass.getMasterMembers(this);
    for (const masterMember of masterMembers)
      this.#autoLoads.set(keyOf(masterMember.mid), () =>
        this.loadCommunity(communityClass, { ...options, masterMember }),
      );
  }

  /** Takes a community out of the stack; the community's `unloadCommunity` calls this. */
  detachCommunity(community: Community): void {
    if (!this.#communities.delete(community)) return;
    if (!community.autoLoad) this.#autoLoads.delete(keyOf(community.cid));
    for (const { prefix } of community.conversions) this.#routes.delete(keyOf(prefix));
    communityStackOf(community).life.stop();
    community.candidates.events.off('forgotten', this.#onForgotten);
  }

  /** The community with this id, whatever its version. */
  getCommunity(cid: Buffer): Community | undefined {
    return this.communities.find((community) => community.cid.equals(cid));
  }

  /** Makes a member of ours with a new key. */
  getNewMember(level: SecurityLevel = 'curve25519'): Member {
    return this.members.add(new Member(this.#crypto.generateKey(level, this.#secretsOf)));
  }

  /** The member with this key, who is remembered from now on; undefined when the bytes are no key. */
  getMember(key: { readonly publicKey: Buffer } | { readonly privateKey: Buffer }): Member | undefined {
    if ('publicKey' in key) {
      const member = this.members.byPublicKey(key.publicKey);
      return member && this.members.add(member);
    }
    const privateKey = this.#crypto.privateKeyFrom(key.privateKey);
    return privateKey && this.members.add(new Member(privateKey));
  }

  send(address: Address, packet: Buffer): void {
    this.statistics.totalSend++;
    this.statistics.totalUp += packet.length;
    this.endpoint.send(address, packet);
  }

  /**
   * Resets the statistics of the stack and of all its communities. The counts of the endpoint stay, because those who
   * measure the network use them.
   */
  resetStatistics(): void {
    this.statistics.reset();
    for (const community of this.#communities) community.statistics.reset();
  }

  /** Takes a packet as if it had come from the endpoint; never throws. */
  readonly receive = (source: Address, packet: Buffer): void => {
    const { statistics } = this;
    statistics.receivedCount++;
    statistics.totalDown += packet.length;
    const refusal = this.#deliver(source, packet);
    if (refusal !== undefined) statistics.drops.add(refusal);
  };

  /** Is called when a community has forgotten a candidate: unless another community knows it, the candidate's vote on our address ends. */
  readonly #onForgotten = (voter: Candidate): void => {
    for (const { candidates } of this.#communities) if (candidates.has(voter)) return;
    this.ownAddresses.unvote(voter);
  };

  /** A walker forgets candidates at each of its steps, but not every community walks. */
  #sweep(): void {
    for (const { candidates } of this.#communities) candidates.sweep(this.clock.nowMs());
  }

  /** @returns why no community gets the packet. */
  #deliver(source: Address, packet: Buffer): string | undefined {
    if (packet.length <= PREFIX_BYTES) return 'packet is truncated';
    if (packet.length > DATAGRAM_BYTES_MAX) return 'packet too long';
    if (packet[0] !== DISPERSY_VERSION) return 'unknown dispersy version';
    const route = this.#routes.get(packet.toString('latin1', 0, PREFIX_BYTES)) ?? this.#newRoute(packet);
    if (route === undefined) return 'unknown community';
    return route.life.receive(source, packet, route.conversion);
  }

  #newRoute(packet: Buffer): Route | undefined {
    const prefix = packet.subarray(0, PREFIX_BYTES);
    if (this.#communityForPrefix(prefix, packet) === undefined) this.#autoLoad(prefix.subarray(2));
    return this.#routes.get(keyOf(prefix));
  }

  #autoLoad(cid: Buffer): void {
    const load = this.#autoLoads.get(keyOf(cid));
    if (load === undefined || this.getCommunity(cid) !== undefined) return;
    try {
      load();
    } catch (error) {
      // Loading would fail again for every packet.
      this.#autoLoads.delete(keyOf(cid));
      this.logger.error('a community could not be loaded for a packet', error);
    }
  }
}

interface Route {
  readonly life: CommunityLife;
  readonly conversion: Conversion;
}

/** Latin-1 keeps one character a byte: the cheapest faithful key. */
function keyOf(bytes: Buffer): string {
  return bytes.toString('latin1');
}

/** How often we look for candidates of whom nothing was heard for long; they are forgotten after 180 s. */
const SWEEP_INTERVAL_MS = 60_000;
