import {
  Community,
  type CommunityClass,
  DefaultConversion,
  every,
  type Experiment,
  experimentCallback,
  float,
  integer,
  staticModule,
  type Timer,
} from 'gumby';
import { CommunityExperimentModule } from 'gumby/modules/community_experiment_module';
import { CommunityLauncher } from 'gumby/modules/community_launcher';

/** A community whose members do nothing but meet. */
export class DiscoveryCommunity extends Community {
  override initiateConversions() {
    return [new DefaultConversion(this)];
  }
}

class DiscoveryLauncher extends CommunityLauncher {
  override getCommunityClass(): CommunityClass {
    return DiscoveryCommunity;
  }
}

@staticModule
export class DiscoveryModule extends CommunityExperimentModule<DiscoveryCommunity> {
  /** Every peer that was verified at any time, by address. */
  readonly #met = new Set<string>();
  #watching: Timer | undefined;

  constructor(experiment: Experiment) {
    super(experiment, DiscoveryCommunity);
    this.dispersyProvider.customCommunityLoader.setLauncher(new DiscoveryLauncher());
  }

  override onStop(): void {
    this.#watching?.cancel();
  }

  /**
   * Writes how many others this peer knows, again and again, until the session stops.
   * @param intervalS - seconds between two lines
   */
  @experimentCallback({ parameters: [float('interval', { min: 0.1, default: 5 })] })
  watchCandidates(intervalS: number): void {
    const { community } = this;
    community.events.on('candidate', (candidate, category) => {
      if ((category === 'walk' || category === 'stumble') && !candidate.isTracker) this.#met.add(candidate.key);
    });
    for (const { key } of community.verifiedCandidates()) this.#met.add(key);
    this.#watching = every(this.experiment.clock, intervalS * 1000, () => this.#write(community), { weak: true });
    community.events.on('unloaded', () => this.#watching?.cancel());
    this.#write(community);
  }

  /**
   * Fails the run when this peer has met too few others.
   * @param minimum - how many it must have met; all others are enough
   */
  @experimentCallback({ parameters: [integer('minimum', { min: 1, default: 5 })] })
  checkDiscovery(minimum: number): void {
    this.#write(this.community);
    const enough = Math.min(minimum, this.peers.length - 1);
    if (this.#met.size < enough) throw new Error(`met ${this.#met.size} others, not ${enough}`);
  }

  #write(community: DiscoveryCommunity): void {
    const verified = community.verifiedCandidates().length;
    const known = [...community.candidates].filter(({ isTracker }) => !isTracker).length;
    this.experiment.statisticsLog.write('candidates', { verified, known, met: this.#met.size });
  }
}
