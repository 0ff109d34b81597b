import { writeFileSync } from 'node:fs';
import {
  type Address,
  candidateDestination,
  Community,
  DefaultConversion,
  directDistribution,
  type Experiment,
  experimentCallback,
  integer,
  memberAuthentication,
  MetaMessage,
  publicResolution,
  staticModule,
  struct,
  uint32,
} from 'gumby';
import { CommunityExperimentModule } from 'gumby/modules/community_experiment_module';
import { CommunityLauncher } from 'gumby/modules/community_launcher';

/** One ping that was answered. */
interface RoundTrip {
  readonly round: number;
  readonly peer: string;
  readonly milliseconds: number;
}

/** Peers that send each other signed pings, and answer those they get. */
class PingPongCommunity extends Community {
  readonly roundTrips: RoundTrip[] = [];
  readonly #sentMs = new Map<number, number>();

  readonly ping = new MetaMessage({
    id: 1,
    name: 'ping',
    authentication: memberAuthentication(),
    resolution: publicResolution(),
    distribution: directDistribution(),
    destination: candidateDestination(),
    payload: struct({ round: uint32 }),
    handle: ({ payload, candidate }) => void this.send(this.pong, payload, [candidate]),
  });

  readonly pong = new MetaMessage({
    id: 2,
    name: 'pong',
    authentication: memberAuthentication(),
    resolution: publicResolution(),
    distribution: directDistribution(),
    destination: candidateDestination(),
    payload: struct({ round: uint32 }),
    handle: ({ payload: { round }, candidate }) => {
      const sentMs = this.#sentMs.get(round);
      if (sentMs === undefined) return;
      this.#sentMs.delete(round);
      this.roundTrips.push({ round, peer: candidate.key, milliseconds: this.dispersy.clock.nowMs() - sentMs });
    },
  });

  override initiateConversions() {
    return [new DefaultConversion(this)];
  }

  override initiateMetaMessages() {
    return [this.ping, this.pong];
  }

  createPing(peer: Address, round: number): void {
    this.#sentMs.set(round, this.dispersy.clock.nowMs());
    this.send(this.ping, { round }, [peer]);
  }
}

class PingPongLauncher extends CommunityLauncher {
  override getCommunityClass() {
    return PingPongCommunity;
  }
}

/** Lets the scenario send pings and write down how long the answers took. */
@staticModule
export class PingPongModule extends CommunityExperimentModule<PingPongCommunity> {
  constructor(experiment: Experiment) {
    super(experiment, PingPongCommunity);
    this.dispersyProvider.customCommunityLoader.setLauncher(new PingPongLauncher());
  }

  /**
   * Sends a ping to another instance, chosen by chance.
   * @param round - the ping's number, which its answer repeats
   */
  @experimentCallback({ parameters: [integer('round', { min: 0 })] })
  ping(round: number): void {
    const others = this.peers.filter((peer) => peer !== this.myId);
    this.community.createPing(this.addressOf(this.experiment.random.pick(others)), round);
  }

  /** Writes `round_trip_times.csv` to the instance's directory. */
  @experimentCallback
  writeRoundTripTimes(): void {
    const { roundTrips } = this.community;
    const rows = roundTrips.map(({ round, peer, milliseconds }) => `${round},${peer},${milliseconds.toFixed(3)}`);
    writeFileSync(this.outputPath('round_trip_times.csv'), ['round,peer,milliseconds', ...rows, ''].join('\n'));
    console.log(`${roundTrips.length} pings were answered`);
  }
}
