import {
  choice,
  CRYPTO_MODE_NAMES,
  CRYPTO_MODES,
  type CryptoMode,
  Dispersy,
  type Experiment,
  experimentCallback,
  ExperimentModule,
  GumbyError,
  integer,
  type Member,
  openSqliteStores,
  type SqliteStores,
  staticModule,
} from 'gumby';
import { Churn, CHURN_PARAMETERS, type ChurnType } from './churn.js';
import { type CommunitySession } from './community_launcher.js';
import { DispersyStatisticsWriter } from './dispersy_statistics_writer.js';
import { IsolatedCommunityLoader } from './isolated_community_loader.js';

/** Gives the instance a Dispersy, and the scenario commands to start and stop it. */
@staticModule
export class DispersyModule extends ExperimentModule implements CommunitySession {
  /** The id of the session: the same for all instances of this run, and for no other run. It sets isolated communities apart. */
  readonly sessionId: string;
  /** Launches the communities; a module may put its own in its place before the session starts. */
  customCommunityLoader: IsolatedCommunityLoader;
  readonly #statisticsWriter: DispersyStatisticsWriter;
  readonly #churn: Churn;
  #cryptoMode: CryptoMode = 'ECCrypto';
  readonly #secrets = this.experiment.random.derive('keys', this.constructor.name);
  #stores: SqliteStores | undefined;
  #dispersy: Dispersy;
  #myMember: Member;

  constructor(experiment: Experiment) {
    super(experiment);
    this.sessionId = `${experiment.options['EXPERIMENT_NAME'] ?? ''}-${experiment.seed}`;
    this.customCommunityLoader = new IsolatedCommunityLoader(this.sessionId);
    this.#dispersy = this.#createDispersy();
    this.#myMember = this.#dispersy.getNewMember();
    this.#statisticsWriter = new DispersyStatisticsWriter(experiment, () => this.dispersy);
    this.#churn = Churn.of(experiment);
  }

  /**
   * The instance's Dispersy. It is another object once a command has switched crypto or store, which is possible before
   * `start_session` only.
   */
  get dispersy(): Dispersy {
    return this.#dispersy;
  }

  get myMember(): Member {
    return this.#myMember;
  }

  override onIdReceived(): void {
    this.vars['public_key'] = this.myMember.publicKey.toString('base64');
  }

  override async onStop(): Promise<void> {
    this.#churn.stop();
    this.#statisticsWriter.stop();
    await this.dispersy.stop();
    this.#stores?.close();
  }

  /** Starts Dispersy and loads the communities. */
  @experimentCallback
  async startSession(): Promise<void> {
    if (this.dispersy.isRunning) throw new GumbyError('SESSION_STATE', 'start_session: the session is started already');
    this.dispersy.start();
    await this.customCommunityLoader.load(this.dispersy, this);
    this.#statisticsWriter.start();
  }

  /** Unloads all communities and stops Dispersy. */
  @experimentCallback
  async stopSession(): Promise<void> {
    if (!this.dispersy.isRunning) throw new GumbyError('SESSION_STATE', 'stop_session: the session is not started');
    this.#statisticsWriter.stop();
    await this.dispersy.stop();
  }

  /**
   * Keeps a community apart from all of the same class outside this run. Before `start_session`.
   * @param name - the community's class name
   */
  @experimentCallback
  isolateCommunity(name: string): void {
    this.#mustComeBeforeStart(`isolate_community ${name}`);
    this.customCommunityLoader.isolate(name);
  }

  /**
   * The same as `isolate_community`.
   * @param name - the community's class name
   */
  @experimentCallback
  isolateDispersyCommunity(name: string): void {
    this.#mustComeBeforeStart(`isolate_dispersy_community ${name}`);
    this.customCommunityLoader.isolate(name);
  }

  /**
   * Moves the instance's socket to another port. Before `start_session`; who was told the old address finds nobody there.
   * @param port - a free port of this machine
   */
  @experimentCallback({ parameters: [integer('port', { min: 1, max: 65_535 })] })
  async setDispersyPort(port: number): Promise<void> {
    this.#mustComeBeforeStart(`set_dispersy_port ${port}`);
    const { endpoint } = this.experiment;
    const before = endpoint.address?.port ?? 0;
    await endpoint.close();
    const { port: actual } = await endpoint.open({ preferredPort: port });
    if (actual === port) return;
    await endpoint.close();
    await endpoint.open({ preferredPort: before });
    throw new GumbyError(
      'PORT_UNAVAILABLE',
      `set_dispersy_port ${port}: the port is taken; the socket stays at ${before}`,
    );
  }

  /**
   * Chooses how members sign and verify. Before `start_session`, and the same for all instances that are to meet; trackers
   * take theirs from `tracker_crypto`.
   * @param mode - `ECCrypto`: real signatures; `NoVerifyCrypto`: signs, and accepts anything; `NoCrypto`: does neither
   */
  @experimentCallback({ parameters: [choice('mode', CRYPTO_MODE_NAMES)] })
  setDispersyCrypto(mode: CryptoMode): void {
    this.#mustComeBeforeStart(`set_dispersy_crypto ${mode}`);
    this.#cryptoMode = mode;
    this.#recreateDispersy();
  }

  /**
   * Chooses where communities keep their messages. Before `start_session`.
   * @param kind - `memory`; `sqlite`: in `dispersy.db` of the instance's directory, where they outlast the session
   */
  @experimentCallback({ parameters: [choice('kind', ['memory', 'sqlite'])] })
  async setDispersyStore(kind: 'memory' | 'sqlite'): Promise<void> {
    this.#mustComeBeforeStart(`set_dispersy_store ${kind}`);
    this.#stores?.close();
    this.#stores = kind === 'sqlite' ? await openSqliteStores(this.experiment.outputPath('dispersy.db')) : undefined;
    this.#recreateDispersy();
  }

  /** Sets all statistics of Dispersy and its communities to zero. */
  @experimentCallback
  resetDispersyStatistics(): void {
    this.#statisticsWriter.reset();
  }

  /**
   * Goes offline and online again and again, each time for a while; the socket really closes.
   * @param churnType - `expon`: exponentially distributed periods; `fixed`: equal ones
   * @param desiredMean - seconds a period lasts in the mean
   * @param minOnline - seconds a period lasts at least
   */
  @experimentCallback({ parameters: CHURN_PARAMETERS })
  churn(churnType: ChurnType, desiredMean: number, minOnline: number): void {
    this.#churn.alternate(churnType, desiredMean, minOnline);
  }

  #mustComeBeforeStart(command: string): void {
    if (this.dispersy.isRunning)
      throw new GumbyError('SESSION_STATE', `${command} comes too late: the session is started already`);
  }

  #createDispersy(): Dispersy {
    const { endpoint, socketFigures, clock, trackers, random } = this.experiment;
    return new Dispersy({
      endpoint,
      socketFigures,
      clock,
      trackers,
      logger: this.logger,
      random: random.derive('dispersy'),
      crypto: CRYPTO_MODES[this.#cryptoMode](),
      // A run of the same seed has the same members.
      secretsOf: (length) => this.#secrets.bytes(length),
      ...(this.#stores === undefined ? {} : { openStore: this.#stores.open }),
    });
  }

  /** Makes Dispersy anew with the same member, whose public key is published already. */
  #recreateDispersy(): void {
    const privateKey = this.#myMember.privateKey as Buffer;
    this.#dispersy = this.#createDispersy();
    this.#myMember = this.#dispersy.getMember({ privateKey }) as Member;
  }
}
