import type { Limits } from '../config/limits.js';
import { type Clock, every, type Timer } from '../runtime/clock.js';
import type { MonitoredInstance } from './instance-monitor.js';
import { LoopWatch, type WatchedThread } from './loop-watch.js';
import { measurementsOf } from './measurements.js';
import { ResourceLooks, type ResourceLooksInit } from './resource-looks.js';
import { RunHealth } from './run-health.js';
import type { MonitoredThread } from './thread-monitor.js';
import { NO_THROUGHPUT, type Throughput, throughputOf, TrafficTotals } from './throughput.js';

export interface ResourceMonitorInit extends ResourceLooksInit {
  readonly intervalMs: number;
  readonly limits: Limits;
  readonly threads: readonly (MonitoredThread & WatchedThread)[];
}

export interface ResourceMonitorComponents {
  /** The machine's clock. */
  readonly clock: Clock;
  /** The experiment's clock, by which the instances are looked at. @default the machine's, at the same moments as the machine */
  readonly experimentClock?: Clock;
  /** Is told when a table cannot be written; nothing is measured any more then. */
  readonly onFailure: (error: unknown) => void;
}

/** Has the resources measured and written down, once an interval, and judges the run by them. */
export class ResourceMonitor {
  readonly health: RunHealth;
  readonly #init: ResourceMonitorInit;
  readonly #clock: Clock;
  readonly #looks: ResourceLooks;
  readonly #loops: LoopWatch;
  readonly #onFailure: (error: unknown) => void;
  readonly #experimentClock: Clock | undefined;
  #timer: Timer | undefined;
  /** The timer of the looks at the instances, where these have a clock of their own. */
  #instanceTimer: Timer | undefined;
  #startMs: number | undefined;
  #dueMs = 0;
  #lookedMs = 0;
  readonly #totals: TrafficTotals;
  #throughput = NO_THROUGHPUT;

  /** @throws GumbyError OUTPUT_WRITE_FAILED */
  constructor(init: ResourceMonitorInit, components: ResourceMonitorComponents) {
    this.#init = init;
    this.#clock = components.clock;
    this.#experimentClock = components.experimentClock;
    this.#onFailure = components.onFailure;
    this.health = new RunHealth(init.limits);
    this.#totals = new TrafficTotals(init.instances);
    this.#loops = new LoopWatch(init.threads, components);
    this.#looks = new ResourceLooks(init, components);
  }

  get throughput(): Throughput {
    return this.#throughput;
  }

  start(): void {
    this.#looks.process.start();
    this.#loops.start();
    this.#lookedMs = this.#clock.nowMs();
    this.#dueMs = this.#lookedMs + this.#init.intervalMs;
    const { intervalMs } = this.#init;
    this.#timer = every(this.#clock, intervalMs, () => this.#lookOnTime(), { weak: true });
    if (this.#experimentClock !== undefined)
      this.#instanceTimer = every(this.#experimentClock, intervalMs, () => this.#orReport(() => this.#lookApart()), {
        weak: true,
      });
  }

  /** From now on the run is judged. A look at this moment separates the time before from the time after, however long the interval is. */
  go(startMs: number): void {
    this.#startMs ??= startMs;
    // Standstills while the instances were made are not judged.
    this.#loops.take();
    if (this.#timer !== undefined) this.#lookOrReport(0);
  }

  /** Takes a last look. */
  stop(): void {
    if (this.#timer === undefined) return;
    this.#timer.cancel();
    this.#timer = undefined;
    this.#instanceTimer?.cancel();
    this.#looks.process.stop();
    this.#lookOrReport(0);
    if (this.#experimentClock !== undefined) this.#orReport(() => this.#lookApart());
    this.#loops.stop();
    this.#looks.close();
  }

  #lookOnTime(): void {
    const nowMs = this.#clock.nowMs();
    const delayMs = Math.max(0, nowMs - this.#dueMs);
    this.#dueMs = nowMs + this.#init.intervalMs;
    this.#lookOrReport(delayMs);
  }

  /** @param delayMs - how late this look is */
  #lookOrReport(delayMs: number): void {
    this.#orReport(() => this.#look(delayMs));
  }

  #orReport(look: () => void): void {
    try {
      this.#looks.process.spending(look);
    } catch (error) {
      this.#timer?.cancel();
      this.#timer = undefined;
      this.#instanceTimer?.cancel();
      this.#onFailure(error);
    }
  }

  /** Looks at the instances by the experiment's clock. */
  #lookApart(): void {
    this.#looks.lookAtVirtualInstances((this.#experimentClock as Clock).wallMs() / 1000);
  }

  #look(delayMs: number): void {
    const nowMs = this.#clock.nowMs();
    const sinceMs = nowMs - this.#lookedMs;
    this.#lookedMs = nowMs;
    const wallS = this.#clock.wallMs() / 1000;
    const { threads, cpuPercent } = this.#looks.lookAtMachine(wallS, delayMs, this.#loops.take());
    if (this.#experimentClock !== undefined) {
      this.#throughput = this.#totals.since(sinceMs, cpuPercent);
      if (this.#startMs !== undefined) this.health.judge((nowMs - this.#startMs) / 1000, []);
      return;
    }
    const { instances, seesDrops } = this.#looks.lookAtInstances(wallS, threads);
    if (!seesDrops) this.health.cannotWatch('receive_drops: this system has no /proc/net/udp');
    for (const instance of this.#init.instances) if (instance.isUp) this.#checkReceiveBuffer(instance);
    // A look shortly after another one sees too little for a rate.
    if (sinceMs >= this.#init.intervalMs / 2) this.#throughput = throughputOf(instances, sinceMs, cpuPercent);
    if (this.#startMs === undefined) return;
    const measurements = measurementsOf(instances, threads, this.#looks.process.cpuPercentOverWindow);
    this.health.judge((nowMs - this.#startMs) / 1000, measurements);
  }

  /** Gives a hint when a socket was granted less room than it asked for, which is room for one datagram of everyone. */
  #checkReceiveBuffer({ gauges }: MonitoredInstance): void {
    const [granted, wanted] = [gauges.measured('receiveBufferBytes'), gauges.get('wantedReceiveBufferBytes')];
    // 0 says that the socket has not been looked at yet.
    if (granted !== undefined && granted > 0 && granted < wanted)
      this.health.hint(
        'receive buffer',
        `sockets asked for a receive buffer of ${wanted} bytes and got ${granted}: bursts may be dropped (on Linux, sysctl net.core.rmem_max is the limit)`,
      );
  }
}
