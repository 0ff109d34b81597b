import { appendFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { every, experimentCallback, float, GumbyError, staticModule, type Timer } from 'gumby';
import { DispersyModule } from './dispersy_module.js';

const STATISTICS_FILE = 'ipv8_statistics.csv';

/** Gives the instance overlays that speak with IPv8, over the same stack, and the scenario commands that Gumby had for them. */
@staticModule
export class IPv8Module extends DispersyModule {
  #isCounting = false;
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

  /** Starts to count messages and bytes of each overlay by kind of message; what was before does not count. */
  @experimentCallback
  enableIpv8Statistics(): void {
    this.#mustBeStarted('enable_ipv8_statistics');
    this.#isCounting = true;
    this.resetDispersyStatistics();
  }

  /**
   * Writes `ipv8_statistics.csv` into the instance's directory: a row for each kind of message at each interval.
   * @param intervalS - seconds between two rows of a kind
   */
  @experimentCallback({ parameters: [float('interval', { min: 0.1, default: 1 })] })
  startIpv8StatisticsMonitor(intervalS: number): void {
    this.#mustBeStarted('start_ipv8_statistics_monitor');
    if (!this.#isCounting)
      throw new GumbyError('SESSION_STATE', 'start_ipv8_statistics_monitor: enable_ipv8_statistics has to come first');
    if (this.#monitor === undefined) this.#append('time,overlay,message,msg_id,num_up,bytes_up,num_down,bytes_down\n');
    this.#monitor?.cancel();
    this.#sample();
    this.#monitor = every(this.experiment.clock, 1000 * intervalS, () => this.#sampleOrReport(), { weak: true });
  }

  /** Writes `overlays.txt`, `verified_peers.txt` and `bandwidth.txt` into the instance's directory. */
  @experimentCallback
  async writeOverlayStatistics(): Promise<void> {
    this.#mustBeStarted('write_overlay_statistics');
    const { communities, statistics } = this.dispersy;
    const overlays = communities.map((overlay) =>
      [
        overlay.constructor.name,
        overlay.myMember.publicKey.toString('hex'),
        overlay.verifiedCandidates().filter(({ isTracker }) => !isTracker).length,
      ].join(','),
    );
    const peers = new Set(
      communities
        .flatMap((overlay) => overlay.verifiedCandidates().filter(({ isTracker }) => !isTracker))
        .map(({ key }) => key),
    );
    await this.#write('overlays.txt', ['name,pub_key,peers', ...overlays]);
    await this.#write('verified_peers.txt', [...peers].sort());
    await this.#write('bandwidth.txt', [`${statistics.totalUp},${statistics.totalDown}`]);
  }

  #mustBeStarted(command: string): void {
    if (!this.dispersy.isRunning)
      throw new GumbyError('SESSION_STATE', `${command} comes too early: start_session has to come first`);
  }

  #sampleOrReport(): void {
    try {
      this.#sample();
    } catch (error) {
      this.#monitor?.cancel();
      this.experiment.fault('writing the statistics', error);
    }
  }

  /** A row for each kind of message that was sent or received. */
  #sample(): void {
    const time = this.experiment.timeS.toFixed(3);
    let rows = '';
    for (const overlay of this.dispersy.communities)
      for (const { meta, counters } of overlay.messages) {
        const { sent, bytesSent, received, bytesReceived } = counters;
        if (sent + received === 0) continue;
        rows += `${time},${overlay.constructor.name},${meta.name},${meta.id},${sent},${bytesSent},${received},${bytesReceived}\n`;
      }
    if (rows !== '') this.#append(rows);
  }

  /** Written through, so that a crash loses nothing. */
  #append(text: string): void {
    appendFileSync(this.experiment.outputPath(STATISTICS_FILE), text);
  }

  #write(name: string, lines: readonly string[]): Promise<void> {
    return writeFile(this.experiment.outputPath(name), lines.map((line) => `${line}\n`).join(''));
  }
}
