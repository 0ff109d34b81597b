import {
  bytes,
  Community,
  type CommunityClass,
  communityDestination,
  DefaultConversion,
  type Experiment,
  experimentCallback,
  fullSyncDistribution,
  integer,
  lastSyncDistribution,
  linearResolution,
  type Member,
  memberAuthentication,
  MetaMessage,
  publicResolution,
  staticModule,
  struct,
  uint32,
  utf8,
  varbytes,
} from 'gumby';
import { CommunityExperimentModule } from 'gumby/modules/community_experiment_module';
import { CommunityLauncher } from 'gumby/modules/community_launcher';

/** How many candidates a new message is sent to at once; all others get it by sync. */
const FORWARD_COUNT = 10;

/** Where everyone learns which channels there are. */
export class AllChannelCommunity extends Community {
  /** The public key of each channel's master member, by the creator's member id in hex. */
  readonly channels = new Map<string, Buffer>();
  readonly #waiting = new Map<string, ((masterKey: Buffer) => void)[]>();

  readonly announcement = new MetaMessage({
    id: 1,
    name: 'channel-announcement',
    authentication: memberAuthentication(),
    resolution: publicResolution(),
    distribution: lastSyncDistribution(1),
    destination: communityDestination(FORWARD_COUNT),
    payload: struct({ masterKey: varbytes }),
    handle: ({ payload, member }) => this.#learn(keyOf(member), payload.masterKey),
  });

  override initiateConversions() {
    return [new DefaultConversion(this)];
  }

  override initiateMetaMessages() {
    return [this.announcement];
  }

  announce(masterKey: Buffer): void {
    this.create(this.announcement, { masterKey });
  }

  /** Resolves when the member's channel is known. */
  async channelOf(creator: Member): Promise<Buffer> {
    const key = keyOf(creator);
    const known = this.channels.get(key);
    if (known !== undefined) return known;
    return new Promise((resolve) => this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), resolve]));
  }

  #learn(creator: string, masterKey: Buffer): void {
    this.channels.set(creator, masterKey);
    for (const resolve of this.#waiting.get(creator) ?? []) resolve(masterKey);
    this.#waiting.delete(creator);
  }
}

/** One channel: its creator publishes torrents, everyone in it may post. */
export class ChannelCommunity extends Community {
  /** Who joins wants to see what is there, and to be heard, within seconds. */
  override readonly enableFastCandidateWalker = true;
  torrents = 0;
  posts = 0;

  readonly torrent = new MetaMessage({
    id: 1,
    name: 'torrent',
    authentication: memberAuthentication(),
    resolution: linearResolution(),
    distribution: fullSyncDistribution(),
    destination: communityDestination(FORWARD_COUNT),
    payload: struct({ infohash: bytes(20), name: utf8, sizeBytes: uint32 }),
    handle: () => {
      this.torrents++;
    },
  });

  readonly post = new MetaMessage({
    id: 2,
    name: 'post',
    authentication: memberAuthentication(),
    resolution: publicResolution(),
    distribution: fullSyncDistribution(),
    destination: communityDestination(FORWARD_COUNT),
    payload: struct({ text: utf8 }),
    handle: () => {
      this.posts++;
    },
  });

  override initiateConversions() {
    return [new DefaultConversion(this)];
  }

  override initiateMetaMessages() {
    return [this.torrent, this.post];
  }
}

class AllChannelLauncher extends CommunityLauncher {
  override getCommunityClass(): CommunityClass {
    return AllChannelCommunity;
  }
}

@staticModule
export class AllChannelModule extends CommunityExperimentModule<AllChannelCommunity> {
  /** The channels we are in, by the instance that created them. */
  readonly #joined = new Map<number, ChannelCommunity>();
  readonly #joining = new Map<number, Promise<ChannelCommunity>>();

  constructor(experiment: Experiment) {
    super(experiment, AllChannelCommunity);
    this.dispersyProvider.customCommunityLoader.setLauncher(new AllChannelLauncher());
  }

  /** Founds a channel, and lets everyone know. */
  @experimentCallback
  create(): void {
    if (this.#joined.has(this.myId)) throw new Error('this instance has created its channel already');
    const { dispersy, myMember } = this.dispersyProvider;
    const channel = ChannelCommunity.createCommunity(dispersy, myMember);
    this.#joined.set(this.myId, channel);
    this.community.announce(channel.masterMember.publicKey);
  }

  /**
   * Joins the channel of another instance, as soon as it is announced here.
   * @param creator - the instance that created it
   */
  @experimentCallback({ parameters: [integer('creator', { min: 1 })] })
  async join(creator: number): Promise<void> {
    if (creator === this.myId) throw new Error('the creator of a channel is in it already');
    const joining = this.#joining.get(creator) ?? this.#join(creator);
    this.#joining.set(creator, joining);
    await joining;
  }

  /**
   * Publishes torrents in the channel that this instance created.
   * @param count - how many
   */
  @experimentCallback({ parameters: [integer('count', { min: 1, max: 1000, default: 1 })] })
  publish(count: number): void {
    const channel = this.#channelOf(this.myId);
    const random = this.experiment.random.derive('torrents', channel.torrents);
    for (let index = 0; index < count; index++) {
      const name = `torrent ${channel.torrents} of ${this.myId}`;
      channel.create(channel.torrent, { infohash: random.bytes(20), name, sizeBytes: random.integer(1, 2 ** 31) });
    }
  }

  /**
   * Posts in a channel that was joined; one that is still to be announced here is waited for.
   * @param creator - the instance that created the channel
   * @param count - how many posts
   */
  @experimentCallback({
    parameters: [integer('creator', { min: 1 }), integer('count', { min: 1, max: 1000, default: 1 })],
  })
  async post(creator: number, count: number): Promise<void> {
    const channel = (await this.#joining.get(creator)) ?? this.#channelOf(creator);
    for (let index = 0; index < count; index++)
      channel.create(channel.post, { text: `post ${index} of instance ${this.myId}` });
  }

  /**
   * Fails the run unless this instance holds exactly these messages of a channel.
   * @param creator - the instance that created the channel
   * @param torrents - how many have been published in it
   * @param posts - how many have been posted in it, by anyone
   */
  @experimentCallback({
    parameters: [integer('creator', { min: 1 }), integer('torrents', { min: 0 }), integer('posts', { min: 0 })],
  })
  checkChannel(creator: number, torrents: number, posts: number): void {
    const channel = this.#channelOf(creator);
    const held = { creator, torrents: channel.torrents, posts: channel.posts };
    this.experiment.statisticsLog.write('channel', held);
    if (held.torrents === torrents && held.posts === posts) return;
    throw new Error(
      `holds ${held.torrents} of ${torrents} torrents and ${held.posts} of ${posts} posts of channel ${creator}`,
    );
  }

  async #join(creator: number): Promise<ChannelCommunity> {
    const publicKey = await this.community.channelOf(this.memberOf(creator));
    const { dispersy, myMember } = this.dispersyProvider;
    const masterMember = dispersy.getMember({ publicKey });
    if (masterMember === undefined) throw new Error(`the announced key of the channel of ${creator} cannot be read`);
    const channel = ChannelCommunity.initCommunity(dispersy, masterMember, myMember);
    this.#joined.set(creator, channel);
    return channel;
  }

  #channelOf(creator: number): ChannelCommunity {
    const channel = this.#joined.get(creator);
    if (channel !== undefined) return channel;
    const what = creator === this.myId ? 'has not created a channel' : `has not joined the channel of ${creator}`;
    throw new Error(`this instance ${what}`);
  }
}

function keyOf(member: Member): string {
  return member.mid.toString('hex');
}
