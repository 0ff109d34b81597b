import {
  Dispersy,
  type Experiment,
  experimentCallback,
  ExperimentModule,
  GumbyError,
  type Member,
  staticModule,
} from 'gumby';
import { type CommunitySession } from './community_launcher.js';
import { IsolatedCommunityLoader } from './isolated_community_loader.js';

/** Gives the instance a Dispersy, and the scenario commands to start and stop it. */
@staticModule
export class DispersyModule extends ExperimentModule implements CommunitySession {
  /** The same for all instances of this run, and for no other run: it sets isolated communities apart. */
  readonly sessionId: string;
  /** Launches the communities; a module may put its own in its place before the session starts. */
  customCommunityLoader: IsolatedCommunityLoader;
  readonly dispersy: Dispersy;
  readonly myMember: Member;

  constructor(experiment: Experiment) {
    super(experiment);
    const { endpoint, clock, trackers, seed } = experiment;
    this.sessionId = `${experiment.options['EXPERIMENT_NAME'] ?? ''}-${seed}`;
    this.customCommunityLoader = new IsolatedCommunityLoader(this.sessionId);
    this.dispersy = new Dispersy({
      endpoint,
      clock,
      trackers,
      logger: this.logger,
      random: experiment.random.derive('dispersy'),
    });
    this.myMember = this.dispersy.getNewMember();
  }

  override onIdReceived(): void {
    this.vars['public_key'] = this.myMember.publicKey.toString('base64');
  }

  override async onStop(): Promise<void> {
    await this.dispersy.stop();
  }

  /** Starts Dispersy and loads the communities. */
  @experimentCallback
  async startSession(): Promise<void> {
    if (this.dispersy.isRunning) throw new GumbyError('SESSION_STATE', 'start_session: the session is started already');
    this.dispersy.start();
    await this.customCommunityLoader.load(this.dispersy, this);
  }

  /** Unloads all communities and stops Dispersy. */
  @experimentCallback
  async stopSession(): Promise<void> {
    if (!this.dispersy.isRunning) throw new GumbyError('SESSION_STATE', 'stop_session: the session is not started');
    await this.dispersy.stop();
  }

  /**
   * Keeps a community apart from all of the same class outside this run. Before `start_session`.
   * @param name - the community's class name
   */
  @experimentCallback
  isolateCommunity(name: string): void {
    if (this.dispersy.isRunning)
      throw new GumbyError('SESSION_STATE', `isolate_community ${name} comes too late: the session is started already`);
    this.customCommunityLoader.isolate(name);
  }

  /** Sets all statistics of Dispersy and its communities to zero. */
  @experimentCallback
  resetDispersyStatistics(): void {
    this.dispersy.resetStatistics();
  }
}
