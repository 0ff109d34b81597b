import {
  bytes,
  Community,
  type CommunityClass,
  communityDestination,
  DefaultConversion,
  drop,
  type Experiment,
  experimentCallback,
  fullSyncDistribution,
  integer,
  lastSyncDistribution,
  type Member,
  memberAuthentication,
  MetaMessage,
  publicResolution,
  staticModule,
  struct,
  uint32,
  utf8,
} from 'gumby';
import { CommunityExperimentModule } from 'gumby/modules/community_experiment_module';
import { CommunityLauncher } from 'gumby/modules/community_launcher';

/** The part of one channel that this peer holds. */
interface Channel {
  isCreated: boolean;
  torrents: number;
  posts: number;
}

/** A peer that gets a member's message for the first time need not ask for the public key: it is in the packet. */
const BY_ANYONE = {
  authentication: memberAuthentication('bin'),
  resolution: publicResolution(),
  // All other peers get the message by sync.
  destination: communityDestination(10),
} as const;

/** Channels and their contents; a channel is named by the member id of its creator. */
export class AllChannelCommunity extends Community {
  readonly #channels = new Map<string, Channel>();
  readonly #waiting = new Map<string, (() => void)[]>();

  readonly channel = new MetaMessage({
    ...BY_ANYONE,
    id: 1,
    name: 'channel',
    distribution: lastSyncDistribution(1),
    payload: struct({ name: utf8 }),
    handle: ({ member }) => this.#onChannel(keyOf(member.mid)),
  });

  readonly torrent = new MetaMessage({
    ...BY_ANYONE,
    id: 2,
    name: 'torrent',
    distribution: fullSyncDistribution(),
    payload: struct({ channel: bytes(20), infohash: bytes(20), name: utf8, sizeBytes: uint32 }),
    check: ({ payload, member }) =>
      payload.channel.equals(member.mid) ? undefined : drop('not by the creator of the channel'),
    handle: ({ payload }) => {
      this.of(payload.channel).torrents++;
    },
  });

  readonly post = new MetaMessage({
    ...BY_ANYONE,
    id: 3,
    name: 'post',
    distribution: fullSyncDistribution(),
    payload: struct({ channel: bytes(20), text: utf8 }),
    handle: ({ payload }) => {
      this.of(payload.channel).posts++;
    },
  });

  override initiateConversions() {
    return [new DefaultConversion(this)];
  }

  override initiateMetaMessages() {
    return [this.channel, this.torrent, this.post];
  }

  /** @param mid - the member id of the creator */
  of(mid: Buffer): Channel {
    const key = keyOf(mid);
    const channel = this.#channels.get(key) ?? { isCreated: false, torrents: 0, posts: 0 };
    this.#channels.set(key, channel);
    return channel;
  }

  /** Resolves when the channel of this member is known here. */
  async known({ mid }: Member): Promise<void> {
    if (this.of(mid).isCreated) return;
    const key = keyOf(mid);
    await new Promise<void>((resolve) => this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), resolve]));
  }

  #onChannel(key: string): void {
    this.of(Buffer.from(key, 'hex')).isCreated = true;
    for (const resolve of this.#waiting.get(key) ?? []) resolve();
    this.#waiting.delete(key);
  }
}

class AllChannelLauncher extends CommunityLauncher {
  override getCommunityClass(): CommunityClass {
    return AllChannelCommunity;
  }
}

@staticModule
export class AllChannelModule extends CommunityExperimentModule<AllChannelCommunity> {
  /** The channels that were joined, by the instance that created the channel; each promise resolves when the channel is known here. */
  readonly #joined = new Map<number, Promise<void>>();

  constructor(experiment: Experiment) {
    super(experiment, AllChannelCommunity);
    this.dispersyProvider.customCommunityLoader.setLauncher(new AllChannelLauncher());
  }

  /** Creates this instance's channel. */
  @experimentCallback
  create(): void {
    const { community } = this;
    if (this.#joined.has(this.myId)) throw new Error('this instance has created its channel already');
    this.#joined.set(this.myId, Promise.resolve());
    community.create(community.channel, { name: `channel of ${this.myId}` });
  }

  /**
   * Joins the channel of another instance; done as soon as that is known here.
   * @param creator - the instance that created it
   */
  @experimentCallback({ parameters: [integer('creator', { min: 1 })] })
  async join(creator: number): Promise<void> {
    if (creator === this.myId) throw new Error('the creator of a channel is in it already');
    const joined = this.#joined.get(creator) ?? this.community.known(this.memberOf(creator));
    this.#joined.set(creator, joined);
    await joined;
  }

  /**
   * Publishes torrents in this instance's channel.
   * @param count - how many
   */
  @experimentCallback({ parameters: [integer('count', { min: 1, max: 1000, default: 1 })] })
  publish(count: number): void {
    void this.#mustBeIn(this.myId);
    const { community } = this;
    const { mid: channel } = community.myMember;
    const first = community.of(channel).torrents;
    const random = this.experiment.random.derive('torrents', first);
    for (let number = first; number < first + count; number++) {
      const name = `torrent ${number} of ${this.myId}`;
      const sizeBytes = random.integer(1, 2 ** 31);
      community.create(community.torrent, { channel, infohash: random.bytes(20), name, sizeBytes });
    }
  }

  /**
   * Posts in a channel that was joined, as soon as that is known here.
   * @param creator - the instance that created the channel
   * @param count - how many posts
   */
  @experimentCallback({
    parameters: [integer('creator', { min: 1 }), integer('count', { min: 1, max: 1000, default: 1 })],
  })
  async post(creator: number, count: number): Promise<void> {
    await this.#mustBeIn(creator);
    const { community } = this;
    const { mid: channel } = this.memberOf(creator);
    for (let number = 0; number < count; number++)
      community.create(community.post, { channel, text: `post ${number} of ${this.myId}` });
  }

  /**
   * Fails the run unless this instance holds exactly these messages of a channel that it has joined.
   * @param creator - the instance that created the channel
   * @param torrents - how many have been published in it
   * @param posts - how many have been posted in it, by anyone
   */
  @experimentCallback({
    parameters: [integer('creator', { min: 1 }), integer('torrents', { min: 0 }), integer('posts', { min: 0 })],
  })
  checkChannel(creator: number, torrents: number, posts: number): void {
    void this.#mustBeIn(creator);
    const held = this.community.of(this.memberOf(creator).mid);
    this.experiment.statisticsLog.write('channel', { creator, torrents: held.torrents, posts: held.posts });
    if (held.torrents === torrents && held.posts === posts) return;
    throw new Error(
      `holds ${held.torrents} of ${torrents} torrents and ${held.posts} of ${posts} posts of channel ${creator}`,
    );
  }

  #mustBeIn(creator: number): Promise<void> {
    const joined = this.#joined.get(creator);
    if (joined !== undefined) return joined;
    const what = creator === this.myId ? 'has not created a channel' : `has not joined the channel of ${creator}`;
    throw new Error(`this instance ${what}`);
  }
}

function keyOf(mid: Buffer): string {
  return mid.toString('hex');
}
