import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { PerformanceObserver } from 'node:perf_hooks';
import { type Limits, LIMITS } from '../config/limits.js';
import { type Clock, every, type Timer } from '../runtime/clock.js';
import type { InstanceGauges } from '../statistics/instance-gauges.js';
import { LATENESS_BUCKETS, latenessQuantile } from '../statistics/lateness-histogram.js';
import { quantilesOf } from '../statistics/quantiles.js';
import { CsvFile, type CsvValue } from './csv-file.js';
import { INSTANCE_COLUMNS, type InstanceLook, InstanceMonitor, type MonitoredInstance } from './instance-monitor.js';
import { LoopWatch, type WatchedThread } from './loop-watch.js';
import { ownThreadCpuS, processUsage, udpDrops } from './proc.js';
import { type Measurement, RunHealth } from './run-health.js';
import { type MonitoredThread, THREAD_COLUMNS, type ThreadLook, ThreadMonitor } from './thread-monitor.js';

export const RESOURCES_FILE = 'resources.csv';
export const PROCESS_FILE = 'process.csv';
/** Written when instances share threads. */
export const THREADS_FILE = 'threads.csv';

/** `instances` are the ids that live in the thread, joined by blanks. */
const THREADS_FILE_COLUMNS = ['time', 'thread', 'instances', ...THREAD_COLUMNS] as const;

export const PROCESS_COLUMNS = [
  'time',
  'user_s',
  'system_s',
  'rss_bytes',
  'file_descriptors',
  'threads',
  'read_bytes',
  'write_bytes',
  'main_gc_s',
  'main_loop_delay_ms',
  'monitor_s',
  'datagrams_up',
  'datagrams_down',
] as const;

export interface ResourceMonitorInit {
  readonly outputDir: string;
  readonly intervalMs: number;
  readonly limits: Limits;
  /** @default '/proc' */
  readonly procDir?: string;
  readonly instances: readonly MonitoredInstance[];
  /** Where they live. */
  readonly threads: readonly (MonitoredThread & WatchedThread)[];
  /** Of whoever else they exchange datagrams with; absent when nobody knows, so that sent and received cannot be compared. */
  readonly trackerGauges?: readonly InstanceGauges[];
}

/** What all instances together do, for people who watch. */
export interface Throughput {
  readonly datagramsPerS: number;
  readonly bytesPerS: number;
  /** Of all cores, in percent. */
  readonly cpuPercent: number;
}

/** Processor load is judged over so long: a second of work at the start harms nobody. */
const CPU_WINDOW_S = 5;

/**
 * Looks at everything that costs something, once an interval, and writes it down: rows of each instance to `resources.csv`, of
 * the process to `process.csv`. From the same numbers comes the verdict.
 */
export class ResourceMonitor {
  readonly health: RunHealth;
  readonly #init: ResourceMonitorInit;
  readonly #clock: Clock;
  readonly #monitors: readonly InstanceMonitor[];
  readonly #threadMonitors: readonly ThreadMonitor[];
  readonly #threads: CsvFile | undefined;
  readonly #instances: CsvFile;
  readonly #process: CsvFile;
  readonly #loops: LoopWatch;
  readonly #cpuWindow: { readonly nowMs: number; readonly cpuS: number }[] = [];
  readonly #gcObserver: PerformanceObserver;
  #gcMs = 0;
  /** What looking itself has taken. */
  #spentS = 0;
  #timer: Timer | undefined;
  #startMs: number | undefined;
  #dueMs = 0;
  #lookedMs = 0;
  #throughput: Throughput = { datagramsPerS: 0, bytesPerS: 0, cpuPercent: 0 };
  readonly #onFailure: (error: unknown) => void;

  /** @throws GumbyError OUTPUT_WRITE_FAILED */
  constructor(
    init: ResourceMonitorInit,
    components: { readonly clock: Clock; readonly onFailure: (error: unknown) => void },
  ) {
    this.#init = init;
    this.#clock = components.clock;
    this.#onFailure = components.onFailure;
    this.health = new RunHealth(init.limits);
    this.#loops = new LoopWatch(init.threads, components);
    this.#monitors = init.instances.map((instance) => new InstanceMonitor(instance));
    this.#threadMonitors = init.threads.map((thread) => new ThreadMonitor(thread, init.procDir));
    const isShared = init.threads.some(({ ids }) => ids.length > 1);
    this.#threads = isShared ? new CsvFile(join(init.outputDir, THREADS_FILE), THREADS_FILE_COLUMNS) : undefined;
    this.#instances = new CsvFile(join(init.outputDir, RESOURCES_FILE), INSTANCE_COLUMNS);
    this.#process = new CsvFile(join(init.outputDir, PROCESS_FILE), PROCESS_COLUMNS);
    this.#gcObserver = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) this.#gcMs += duration;
    });
  }

  get throughput(): Throughput {
    return this.#throughput;
  }

  start(): void {
    this.#gcObserver.observe({ entryTypes: ['gc'] });
    this.#loops.start();
    this.#lookedMs = this.#clock.nowMs();
    this.#dueMs = this.#lookedMs + this.#init.intervalMs;
    this.#timer = every(this.#clock, this.#init.intervalMs, () => this.#lookOnTime(), { weak: true });
  }

  /** From now on the run is judged; a look tells what was before it from what comes after, however long the interval is. */
  go(startMs: number): void {
    this.#startMs ??= startMs;
    // What stood still while the instances were made is not judged.
    this.#loops.take();
    if (this.#timer !== undefined) this.#lookOrReport(0);
  }

  /** Takes a last look. */
  stop(): void {
    if (this.#timer === undefined) return;
    this.#timer.cancel();
    this.#timer = undefined;
    this.#gcObserver.disconnect();
    this.#lookOrReport(0);
    this.#loops.stop();
    for (const monitor of this.#threadMonitors) monitor.close();
  }

  #lookOnTime(): void {
    const nowMs = this.#clock.nowMs();
    const delayMs = Math.max(0, nowMs - this.#dueMs);
    this.#dueMs = nowMs + this.#init.intervalMs;
    this.#lookOrReport(delayMs);
  }

  /** @param delayMs - how late this look is */
  #lookOrReport(delayMs: number): void {
    try {
      const begunS = ownThreadCpuS(this.#init.procDir);
      this.#look(delayMs);
      this.#spentS += (ownThreadCpuS(this.#init.procDir) ?? Number.NaN) - (begunS ?? Number.NaN);
    } catch (error) {
      this.#timer?.cancel();
      this.#timer = undefined;
      this.#onFailure(error);
    }
  }

  #look(delayMs: number): void {
    const nowMs = this.#clock.nowMs();
    const wallS = this.#clock.wallMs() / 1000;
    const sinceMs = nowMs - this.#lookedMs;
    this.#lookedMs = nowMs;
    const drops = udpDrops(this.#init.procDir);
    if (drops === undefined) this.health.cannotWatch('receive_drops: this system has no /proc/net/udp');
    const threads = this.#lookAtThreads(wallS);
    const ownThread = new Map(
      threads.flatMap((look) => (look.thread.ids.length === 1 ? [[look.thread.ids[0], look] as const] : [])),
    );
    const looks: InstanceLook[] = [];
    const lastRows: (readonly CsvValue[])[] = [];
    for (const monitor of this.#monitors) {
      const { instance } = monitor;
      if (!instance.isUp) {
        lastRows.push(...[monitor.lastRow()].filter((row) => row !== undefined));
        continue;
      }
      this.#checkReceiveBuffer(instance);
      const port = instance.port;
      const dropped = drops === undefined || port === undefined ? undefined : (drops.get(port) ?? 0);
      looks.push(monitor.look(wallS, dropped, ownThread.get(instance.id)));
    }
    this.#instances.append([...looks.map(({ row }) => row), ...lastRows]);
    const cpuPercent = this.#lookAtProcess(wallS, delayMs);
    // A look between two others sees too little to tell a rate from it.
    if (sinceMs >= this.#init.intervalMs / 2) this.#throughput = throughputOf(looks, sinceMs, cpuPercent);
    if (this.#startMs !== undefined)
      this.health.judge((nowMs - this.#startMs) / 1000, [
        ...measurementsOf(looks, threads),
        { name: 'cpu', value: this.#cpuOverWindow() * 100, unit: LIMITS.cpu.unit },
      ]);
  }

  #lookAtThreads(wallS: number): readonly ThreadLook[] {
    const silencesMs = this.#loops.take();
    const looks: ThreadLook[] = [];
    for (const [index, monitor] of this.#threadMonitors.entries()) {
      if (monitor.thread.isUp) looks.push(monitor.look(silencesMs[index] ?? 0));
      else monitor.close();
    }
    this.#threads?.append(
      looks.map(({ thread, values }) => [
        wallS,
        this.#threadMonitors.findIndex((monitor) => monitor.thread === thread) + 1,
        thread.ids.join(' '),
        ...THREAD_COLUMNS.map((column) => values[column]),
      ]),
    );
    return looks;
  }

  /** @returns the share of all cores that was used since the last look, in percent */
  #lookAtProcess(wallS: number, delayMs: number): number {
    // Of one moment, however long this thread had to wait for its turn.
    const atMs = this.#clock.nowMs();
    const { user, system } = process.cpuUsage();
    const { fileDescriptors, threads, readBytes, writeBytes } = processUsage(this.#init.procDir);
    const rssBytes = process.memoryUsage.rss();
    const [userS, systemS] = [user / 1e6, system / 1e6];
    const ofProcess = [wallS, userS, systemS, rssBytes, fileDescriptors, threads, readBytes, writeBytes];
    const datagrams = [this.#countAll('datagramsUp'), this.#countAll('datagramsDown')];
    this.#process.append([
      [...ofProcess, this.#gcMs / 1000, delayMs, Number.isNaN(this.#spentS) ? undefined : this.#spentS, ...datagrams],
    ]);
    const before = this.#cpuWindow.at(-1);
    this.#cpuWindow.push({ nowMs: atMs, cpuS: userS + systemS });
    while ((this.#cpuWindow[1]?.nowMs ?? atMs) <= atMs - CPU_WINDOW_S * 1000) this.#cpuWindow.shift();
    if (before === undefined) return 0;
    return (100 * (userS + systemS - before.cpuS)) / ((atMs - before.nowMs) / 1000) / availableParallelism();
  }

  /** Since the start, by everyone in this process. */
  #countAll(gauge: 'datagramsUp' | 'datagramsDown'): number | undefined {
    const { instances, trackerGauges } = this.#init;
    if (trackerGauges === undefined) return undefined;
    const all = [...instances.map(({ gauges }) => gauges), ...trackerGauges];
    return all.reduce((sum, gauges) => sum + gauges.get(gauge), 0);
  }

  /** Sockets ask for room for one datagram of everyone. */
  #checkReceiveBuffer({ gauges }: MonitoredInstance): void {
    const [granted, wanted] = [gauges.measured('receiveBufferBytes'), gauges.get('wantedReceiveBufferBytes')];
    // 0: it has not been looked at yet.
    if (granted !== undefined && granted > 0 && granted < wanted)
      this.health.hint(
        'receive buffer',
        `sockets asked for a receive buffer of ${wanted} bytes and got ${granted}: bursts may be dropped (on Linux, sysctl net.core.rmem_max is the limit)`,
      );
  }

  /** 0 before there is a whole window to judge. */
  #cpuOverWindow(): number {
    const [first] = this.#cpuWindow;
    const last = this.#cpuWindow.at(-1);
    if (first === undefined || last === undefined || last.nowMs - first.nowMs < CPU_WINDOW_S * 1000) return 0;
    return (last.cpuS - first.cpuS) / ((last.nowMs - first.nowMs) / 1000) / availableParallelism();
  }
}

/** @param sinceMs - the time since the look before, which is longer than the interval when the thread was busy */
function throughputOf(looks: readonly InstanceLook[], sinceMs: number, cpuPercent: number): Throughput {
  const perS = 1000 / sinceMs;
  return {
    datagramsPerS: perS * sumOf(looks, ({ datagramsUp }) => datagramsUp),
    bytesPerS: perS * sumOf(looks, ({ bytesUp }) => bytesUp),
    cpuPercent,
  };
}

function measurementsOf(looks: readonly InstanceLook[], threads: readonly ThreadLook[]): readonly Measurement[] {
  const timers = new Float64Array(LATENESS_BUCKETS);
  for (const { timersByLateness } of looks)
    for (let bucket = 0; bucket < LATENESS_BUCKETS; bucket++)
      timers[bucket] = (timers[bucket] as number) + (timersByLateness[bucket] as number);
  const latestTimer = worst(looks, ({ timerLatenessMaxMs }) => timerLatenessMaxMs);
  const latestEvent = worst(looks, ({ commandLatenessMs }) => largest(commandLatenessMs));
  const drops = sumOf(looks, (look) => look.drops);
  const arrived = drops + sumOf(looks, ({ datagramsDown }) => datagramsDown);
  const sent = sumOf(looks, ({ datagramsUp }) => datagramsUp);
  const measured: (Omit<Measurement, 'unit' | 'value'> & { readonly value: number | undefined })[] = [
    {
      name: 'event_lateness',
      value: quantilesOf(looks.flatMap((look) => look.commandLatenessMs))?.p99,
      ...latestEvent,
    },
    { name: 'timer_lateness', value: latenessQuantile(timers, 0.99), ...latestTimer },
    loopDelay(looks, threads),
    { name: 'receive_drops', value: share(drops, arrived), ...worst(looks, (look) => look.drops) },
    {
      name: 'send_errors',
      value: share(
        sumOf(looks, ({ sendErrors }) => sendErrors),
        sent,
      ),
      ...worst(looks, ({ sendErrors }) => sendErrors),
    },
    {
      name: 'gc_pause',
      value: largest(threads.map(({ gcMaxMs }) => gcMaxMs)),
      ...worstThread(threads, ({ gcMaxMs }) => gcMaxMs),
    },
  ];
  return measured.flatMap(({ value, ...rest }) =>
    value === undefined ? [] : [{ ...rest, value, unit: LIMITS[rest.name].unit }],
  );
}

/** A loop that stands still shows itself by a timer that fires late, or from outside where no timer of ours waited. */
function loopDelay(looks: readonly InstanceLook[], threads: readonly ThreadLook[]) {
  const timerMs = largest(looks.map(({ timerLatenessMaxMs }) => timerLatenessMaxMs));
  const silenceMs = largest(threads.map((look) => look.silenceMs));
  return {
    name: 'loop_delay' as const,
    value: Math.max(timerMs, silenceMs),
    ...(timerMs > silenceMs
      ? worst(looks, ({ timerLatenessMaxMs }) => timerLatenessMaxMs)
      : worstThread(threads, (look) => look.silenceMs)),
  };
}

/** Of values of at least 0, however many there are. */
function largest(values: readonly number[]): number {
  return values.reduce((max, value) => Math.max(max, value), 0);
}

/** In percent; nothing of nothing is nothing. */
function share(part: number, whole: number): number {
  return whole > 0 ? (100 * part) / whole : 0;
}

function worst(
  looks: readonly InstanceLook[],
  valueOf: (look: InstanceLook) => number,
): { readonly instance?: number } {
  let found: InstanceLook | undefined;
  for (const look of looks) if (found === undefined || valueOf(look) > valueOf(found)) found = look;
  return found === undefined ? {} : { instance: found.id };
}

/** The instance that has the worst thread for itself, or the name of the thread. */
function worstThread(
  looks: readonly ThreadLook[],
  valueOf: (look: ThreadLook) => number,
): { readonly instance?: number; readonly thread?: string } {
  let found: ThreadLook | undefined;
  for (const look of looks) if (found === undefined || valueOf(look) > valueOf(found)) found = look;
  if (found === undefined) return {};
  const { ids, name } = found.thread;
  return ids.length === 1 ? { instance: ids[0] as number } : { thread: name };
}

function sumOf(looks: readonly InstanceLook[], valueOf: (look: InstanceLook) => number): number {
  return looks.reduce((sum, look) => sum + valueOf(look), 0);
}
