import {
  candidateDestination,
  type CommunityClass,
  directDistribution,
  type Experiment,
  experimentCallback,
  integer,
  IPv8Community,
  memberAuthentication,
  MetaMessage,
  publicResolution,
  staticModule,
  struct,
  uint32,
  utf8,
} from 'gumby';
import { CommunityLauncher } from 'gumby/modules/community_launcher';
import { IPv8OverlayExperimentModule } from 'gumby/modules/ipv8_overlay_experiment_module';

/** The policies of messages that IPv8 sends and reads with `@lazy_wrapper`: they are signed, and have no global time. */
const EZ_SEND = {
  authentication: memberAuthentication(),
  resolution: publicResolution(),
  distribution: directDistribution({ hasGlobalTime: false }),
  destination: candidateDestination(),
  payload: struct({ nonce: uint32, text: utf8 }),
} as const;

/** Peers that walk as IPv8 does, and greet whom they meet. */
export class WalkingOverlay extends IPv8Community {
  static override readonly communityId = Buffer.from('55ac0e1e2bdc4e8f5474994612137e1c3f2c22f0', 'hex');
  /** The public keys, in hex, of the peers that answered. */
  readonly answered = new Set<string>();

  readonly ping = new MetaMessage({
    ...EZ_SEND,
    id: 1,
    name: 'ping',
    handle: ({ payload: { nonce }, candidate, member }) =>
      void this.send(this.pong, { nonce, text: `hello ${member.mid.toString('hex', 0, 4)}` }, [candidate]),
  });

  readonly pong = new MetaMessage({
    ...EZ_SEND,
    id: 2,
    name: 'pong',
    handle: ({ member }) => void this.answered.add(member.publicKey.toString('hex')),
  });

  override initiateMetaMessages() {
    return [this.ping, this.pong];
  }

  pingEveryone(nonce: number): void {
    for (const candidate of this.verifiedCandidates()) this.send(this.ping, { nonce, text: 'hello' }, [candidate]);
  }
}

class WalkingLauncher extends CommunityLauncher {
  override getCommunityClass(): CommunityClass {
    return WalkingOverlay;
  }
}

@staticModule
export class WalkingModule extends IPv8OverlayExperimentModule<WalkingOverlay> {
  constructor(experiment: Experiment) {
    super(experiment, WalkingOverlay);
    this.dispersyProvider.customCommunityLoader.setLauncher(new WalkingLauncher());
  }

  /**
   * Sends a signed ping to every peer that is known to be there.
   * @param nonce - tells one round of pings from the next
   */
  @experimentCallback({ parameters: [integer('nonce', { min: 0, max: 2 ** 32 - 1, default: 1 })] })
  pingEveryone(nonce: number): void {
    this.overlay.pingEveryone(nonce);
  }

  /**
   * Says how many answered, and fails the run when they were too few.
   * @param minimum - how many; all others are enough
   */
  @experimentCallback({ parameters: [integer('minimum', { min: 1, default: 5 })] })
  checkWalking(minimum: number): void {
    const { answered } = this.overlay;
    const peers = this.overlay.verifiedCandidates().length;
    this.experiment.statisticsLog.write('walking', { peers, answered: answered.size });
    console.log(`${peers} peers, ${answered.size} answered`);
    for (const key of [...answered].sort()) console.log(key);
    const enough = Math.min(minimum, this.peers.length - 1);
    if (answered.size < enough) throw new Error(`${answered.size} peers answered, not ${enough}`);
  }
}
