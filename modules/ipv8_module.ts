import { appendFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import {
  type Candidate,
  type Community,
  every,
  experimentCallback,
  float,
  GumbyError,
  staticModule,
  type Timer,
} from 'gumby';
import { DispersyModule } from './dispersy_module.js';
import { OverlayTotals } from './overlay_totals.js';
import { peerNumbersOf } from './peer_numbers.js';

const STATISTICS_FILE = 'ipv8_statistics.txt';

/** Gives the instance overlays that speak with IPv8, over the same stack, and the scenario commands that Gumby had for them. */
@staticModule
export class IPv8Module extends DispersyModule {
  #totals: OverlayTotals | undefined;
  #monitor: Timer | undefined;

  override async onStop(): Promise<void> {
    this.#monitor?.cancel();
    await super.onStop();
  }

  /**
   * Keeps an overlay apart from all of the same class outside this run. Before `start_session`.
   * @param name - the overlay's class name
   */
  @experimentCallback
  isolateIpv8Overlay(name: string): void {
    this.isolateCommunity(name);
  }

  /** Starts to count messages and bytes of each overlay by kind of message, before the session or at any time of it. */
  @experimentCallback
  enableIpv8Statistics(): void {
    this.#totals = new OverlayTotals(() => this.dispersy);
  }

  /**
   * Writes `ipv8_statistics.txt` into the instance's directory: at each interval a line with what was sent and received since
   * `enable_ipv8_statistics`, by the prefix of an overlay's packets and by the number of the message.
   * @param intervalS - seconds between two lines
   */
  @experimentCallback({ parameters: [float('interval', { min: 0.1, default: 1 })] })
  startIpv8StatisticsMonitor(intervalS: number): void {
    const totals = this.#totals;
    if (totals === undefined)
      throw new GumbyError('SESSION_STATE', 'start_ipv8_statistics_monitor: enable_ipv8_statistics has to come first');
    this.#monitor?.cancel();
    this.#write(totals);
    this.#monitor = every(this.experiment.clock, 1000 * intervalS, () => this.#writeOrReport(totals), { weak: true });
  }

  /** Sets all statistics of Dispersy and its communities to zero; those of IPv8 go on. */
  override resetDispersyStatistics(): void {
    this.#totals?.look();
    super.resetDispersyStatistics();
  }

  /** Unloads all communities and stops Dispersy. */
  override async stopSession(): Promise<void> {
    this.#totals?.look();
    await super.stopSession();
  }

  /**
   * Writes into the instance's directory: `overlays.txt`, `verified_peers.txt` with the numbers of the instances that it knows to be
   * there, and `bandwidth.txt` with the bytes that it sent and received.
   */
  @experimentCallback
  async writeOverlayStatistics(): Promise<void> {
    if (!this.dispersy.isRunning)
      throw new GumbyError(
        'SESSION_STATE',
        'write_overlay_statistics comes too early: start_session has to come first',
      );
    const { communities, statistics } = this.dispersy;
    const overlays = communities.map((overlay) => ({ overlay, peers: peersOf(overlay) }));
    const lines = overlays.map(
      ({ overlay, peers }) =>
        `${overlay.constructor.name},${overlay.myMember.publicKey.toString('hex')},${peers.length}`,
    );
    const known = overlays.flatMap(({ peers }) => peers);
    const { numbers, strangers } = peerNumbersOf(known, this.allVars);
    if (strangers.length > 0)
      this.logger.warn(`verified_peers.txt leaves out who is no instance of this run: ${strangers.join(', ')}`);
    await this.#writeFile('overlays.txt', ['name,pub_key,peers', ...lines].map((line) => `${line}\n`).join(''));
    await this.#writeFile('verified_peers.txt', numbers.map((number) => `${number}\n`).join(''));
    await this.#writeFile('bandwidth.txt', `${statistics.totalUp},${statistics.totalDown}`);
  }

  #writeOrReport(totals: OverlayTotals): void {
    try {
      this.#write(totals);
    } catch (error) {
      this.#monitor?.cancel();
      this.experiment.fault('writing the statistics', error);
    }
  }

  /** Writes a line at once, so that a crash loses nothing. */
  #write(totals: OverlayTotals): void {
    totals.look();
    const line = JSON.stringify({ time: Math.round(this.experiment.timeS * 1000) / 1000, stats: totals });
    appendFileSync(this.experiment.outputPath(STATISTICS_FILE), `${line}\n`);
  }

  #writeFile(name: string, text: string): Promise<void> {
    return writeFile(this.experiment.outputPath(name), text);
  }
}

/** The peers that are known to be there; trackers are no peers. */
function peersOf(overlay: Community): readonly Candidate[] {
  return overlay.verifiedCandidates().filter(({ isTracker }) => !isTracker);
}
