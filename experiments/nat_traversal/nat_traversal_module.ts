import {
  Community,
  type CommunityClass,
  choice,
  DefaultConversion,
  type Experiment,
  experimentCallback,
  integer,
  staticModule,
} from 'gumby';
import { CommunityExperimentModule } from 'gumby/modules/community_experiment_module';
import { CommunityLauncher } from 'gumby/modules/community_launcher';

/** A community whose members do nothing but meet. */
export class MeetingCommunity extends Community {
  override initiateConversions() {
    return [new DefaultConversion(this)];
  }
}

class MeetingLauncher extends CommunityLauncher {
  override getCommunityClass(): CommunityClass {
    return MeetingCommunity;
  }
}

/** Notes which other peers a peer meets, whatever addresses their NATs show them under: peers are told apart by their keys. */
@staticModule
export class NatTraversalModule extends CommunityExperimentModule<MeetingCommunity> {
  /** The other instances that have answered this one, or have asked it. */
  readonly #met = new Set<number>();
  /** The instance of each member, by the member's id. */
  readonly #instances = new Map<string, number>();
  readonly #metCount = this.experiment.statistics.gauge('peers-met', {
    unit: 'peers',
    description: 'How many others a peer has met, whatever their NATs',
  });

  constructor(experiment: Experiment) {
    super(experiment, MeetingCommunity);
    this.dispersyProvider.customCommunityLoader.setLauncher(new MeetingLauncher());
  }

  /** Begins to note who is met. */
  @experimentCallback
  watchMeetings(): void {
    for (const peer of this.peers) this.#instances.set(this.memberOf(peer).mid.toString('hex'), peer);
    const note = (mid: Buffer | undefined) => {
      const peer = mid && this.#instances.get(mid.toString('hex'));
      if (peer !== undefined && peer !== this.myId) this.#met.add(peer);
      this.#metCount.set(this.#met.size);
    };
    this.community.events.on('candidate', (candidate, category) => {
      if (category === 'walk' || category === 'stumble') note(candidate.member?.mid);
    });
    for (const { member } of this.community.verifiedCandidates()) note(member?.mid);
  }

  /** Fails the run when this peer takes itself to be behind another kind of NAT. */
  @experimentCallback({ parameters: [choice('type', ['public', 'unknown', 'symmetric-NAT'])] })
  checkConnectionType(type: string): void {
    const { connectionType } = this.dispersyProvider.dispersy.ownAddresses;
    if (connectionType !== type) throw new Error(`takes its connection to be ${connectionType}, not ${type}`);
  }

  /**
   * Fails the run when this peer has met none of some others.
   * @param first - the first of them
   * @param last - the last of them
   */
  @experimentCallback({ parameters: [integer('first', { min: 1 }), integer('last', { min: 1 })] })
  checkMetSome(first: number, last: number): void {
    if (this.#metBetween(first, last).length === 0) throw new Error(`met none of ${first} to ${last}`);
  }

  /**
   * Fails the run when this peer has met one of some others.
   * @param first - the first of them
   * @param last - the last of them
   */
  @experimentCallback({ parameters: [integer('first', { min: 1 }), integer('last', { min: 1 })] })
  checkMetNone(first: number, last: number): void {
    const met = this.#metBetween(first, last);
    if (met.length > 0) throw new Error(`met ${met.join(', ')}`);
  }

  #metBetween(first: number, last: number): readonly number[] {
    return [...this.#met].filter((peer) => peer >= first && peer <= last).sort((one, other) => one - other);
  }
}
