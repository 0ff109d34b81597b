import { availableParallelism } from 'node:os';
import { PerformanceObserver } from 'node:perf_hooks';
import type { CsvRecord } from '../output/tables/csv-table.js';
import type { ProcessColumn } from '../output/tables/process-table.js';
import type { Clock } from '../runtime/clock.js';
import { ownThreadCpuS, processUsage } from './proc.js';

/** Processor load is judged over this time: a second of work at the start harms nobody. */
const CPU_WINDOW_S = 5;

/** Measures this process, again and again. */
export class ProcessMonitor {
  readonly #clock: Clock;
  readonly #procDir: string | undefined;
  readonly #cpuWindow: { readonly nowMs: number; readonly cpuS: number }[] = [];
  readonly #gcObserver: PerformanceObserver;
  #gcMs = 0;
  /** The processor time that measuring itself has taken; NaN where the system does not tell. */
  #spentS = 0;

  constructor(clock: Clock, procDir?: string) {
    this.#clock = clock;
    this.#procDir = procDir;
    this.#gcObserver = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) this.#gcMs += duration;
    });
  }

  start(): void {
    this.#gcObserver.observe({ entryTypes: ['gc'] });
  }

  stop(): void {
    this.#gcObserver.disconnect();
  }

  /** Adds the processor time of a look to the time that measuring has taken. */
  spending(look: () => void): void {
    const begunS = ownThreadCpuS(this.#procDir);
    look();
    this.#spentS += (ownThreadCpuS(this.#procDir) ?? Number.NaN) - (begunS ?? Number.NaN);
  }

  /**
   * @param delayMs - how late this look is
   * @param datagrams - the counts of everyone in this process, since the start; absent where they are not known
   */
  look(
    wallS: number,
    delayMs: number,
    datagrams: { readonly up: number; readonly down: number } | undefined,
  ): { readonly row: CsvRecord<ProcessColumn>; readonly cpuPercent: number } {
    // All values are of one moment, however long this thread had to wait for its turn.
    const atMs = this.#clock.nowMs();
    const { user, system } = process.cpuUsage();
    const { fileDescriptors, threads, readBytes, writeBytes } = processUsage(this.#procDir);
    const row = {
      time: wallS,
      user_s: user / 1e6,
      system_s: system / 1e6,
      rss_bytes: process.memoryUsage.rss(),
      file_descriptors: fileDescriptors,
      threads,
      read_bytes: readBytes,
      write_bytes: writeBytes,
      main_gc_s: this.#gcMs / 1000,
      main_loop_delay_ms: delayMs,
      monitor_s: Number.isNaN(this.#spentS) ? undefined : this.#spentS,
      datagrams_up: datagrams?.up,
      datagrams_down: datagrams?.down,
    };
    return { row, cpuPercent: this.#cpuSinceLastLook(atMs, row.user_s + row.system_s) };
  }

  /** The share of all cores that was used over the last seconds; 0 before a whole window has passed. */
  get cpuPercentOverWindow(): number {
    const [first] = this.#cpuWindow;
    const last = this.#cpuWindow.at(-1);
    if (first === undefined || last === undefined || last.nowMs - first.nowMs < CPU_WINDOW_S * 1000) return 0;
    return percentOfCores(last.cpuS - first.cpuS, last.nowMs - first.nowMs);
  }

  #cpuSinceLastLook(atMs: number, cpuS: number): number {
    const before = this.#cpuWindow.at(-1);
    this.#cpuWindow.push({ nowMs: atMs, cpuS });
    while ((this.#cpuWindow[1]?.nowMs ?? atMs) <= atMs - CPU_WINDOW_S * 1000) this.#cpuWindow.shift();
    return before === undefined ? 0 : percentOfCores(cpuS - before.cpuS, atMs - before.nowMs);
  }
}

function percentOfCores(cpuS: number, durationMs: number): number {
  return (100 * cpuS) / (durationMs / 1000) / availableParallelism();
}
