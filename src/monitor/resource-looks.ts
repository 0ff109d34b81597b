import { CsvFile } from '../output/tables/csv-file.js';
import type { CsvRecord } from '../output/tables/csv-table.js';
import { type InstanceColumn, INSTANCE_TABLE } from '../output/tables/instance-table.js';
import { PROCESS_TABLE } from '../output/tables/process-table.js';
import { THREAD_TABLE } from '../output/tables/thread-table.js';
import type { Clock } from '../runtime/clock.js';
import type { InstanceGauges } from '../statistics/instance-gauges.js';
import { type InstanceLook, InstanceMonitor, type MonitoredInstance } from './instance-monitor.js';
import { udpDrops } from './proc.js';
import { ProcessMonitor } from './process-monitor.js';
import { type MonitoredThread, type ThreadLook, ThreadMonitor } from './thread-monitor.js';

export interface ResourceLooksInit {
  readonly outputDir: string;
  /** @default '/proc' */
  readonly procDir?: string;
  readonly instances: readonly MonitoredInstance[];
  /** The threads in which the instances live. */
  readonly threads: readonly MonitoredThread[];
  /**
   * The gauges of the trackers, with which the instances also exchange datagrams; absent when they are not known, so
   * that sent and received datagrams cannot be compared.
   */
  readonly trackerGauges?: readonly InstanceGauges[];
  /** Whether there is lateness to measure: in virtual time nothing ever is late. @default true */
  readonly measuresLateness?: boolean;
}

/** The result of one look at what the run takes of the machine. */
export interface MachineLook {
  readonly threads: readonly ThreadLook[];
  /** The share of all cores that was used since the last look. */
  readonly cpuPercent: number;
}

/** The result of one look at the instances that are up. */
export interface InstanceLooks {
  readonly instances: readonly InstanceLook[];
  /** Whether the system tells how many datagrams it has dropped. */
  readonly seesDrops: boolean;
}

/**
 * Measures the resources that a run uses and writes them down: rows for each instance to `resources.csv`, for the
 * process to `process.csv`, and for threads that several instances share to `threads.csv`. It does not judge what it
 * measures.
 */
export class ResourceLooks {
  readonly process: ProcessMonitor;
  readonly #init: ResourceLooksInit;
  readonly #instances: readonly InstanceMonitor[];
  readonly #threads: readonly ThreadMonitor[];
  readonly #instanceFile: CsvFile<InstanceColumn>;
  readonly #processFile;
  readonly #threadFile;

  /** @throws GumbyError OUTPUT_WRITE_FAILED */
  constructor(init: ResourceLooksInit, { clock }: { readonly clock: Clock }) {
    const { outputDir, procDir, instances, threads } = init;
    this.#init = init;
    this.process = new ProcessMonitor(clock, procDir);
    this.#instances = instances.map((instance) => new InstanceMonitor(instance, init.measuresLateness));
    this.#threads = threads.map((thread) => new ThreadMonitor(thread, procDir));
    const isShared = threads.some(({ ids }) => ids.length > 1);
    this.#threadFile = isShared ? new CsvFile(outputDir, THREAD_TABLE) : undefined;
    this.#instanceFile = new CsvFile(outputDir, INSTANCE_TABLE);
    this.#processFile = new CsvFile(outputDir, PROCESS_TABLE);
  }

  /**
   * Looks at the threads and the process.
   * @param wallS - the time of the rows, in Unix time
   * @param delayMs - how late this look is
   * @param silencesMs - how long the event loop of each thread stood still, in the order of the threads
   */
  lookAtMachine(wallS: number, delayMs: number, silencesMs: readonly number[]): MachineLook {
    const threads = this.#lookAtThreads(wallS, silencesMs);
    const { row, cpuPercent } = this.process.look(wallS, delayMs, this.#datagrams());
    this.#processFile.append([row]);
    return { threads, cpuPercent };
  }

  /**
   * Looks at the instances that are up.
   * @param wallS - the time of the rows, in Unix time
   * @param threads - the looks at the threads of the same moment
   */
  lookAtInstances(wallS: number, threads: readonly ThreadLook[]): InstanceLooks {
    const drops = udpDrops(this.#init.procDir);
    return { instances: this.#lookAtInstances(wallS, drops, threads), seesDrops: drops !== undefined };
  }

  /** Looks at instances that live in virtual time, on a network without the system's sockets. */
  lookAtVirtualInstances(wallS: number): void {
    this.#lookAtInstances(wallS, undefined, []);
  }

  /** Closes the files, after the last look. */
  close(): void {
    for (const thread of this.#threads) thread.close();
  }

  #lookAtThreads(wallS: number, silencesMs: readonly number[]): readonly ThreadLook[] {
    const looks: ThreadLook[] = [];
    const rows = [];
    for (const [index, monitor] of this.#threads.entries()) {
      if (!monitor.thread.isUp) {
        monitor.close();
        continue;
      }
      const look = monitor.look(silencesMs[index] ?? 0);
      looks.push(look);
      rows.push({ time: wallS, thread: index + 1, instances: monitor.ranges, ...look.values });
    }
    this.#threadFile?.append(rows);
    return looks;
  }

  #lookAtInstances(
    wallS: number,
    drops: ReadonlyMap<number, number> | undefined,
    threads: readonly ThreadLook[],
  ): readonly InstanceLook[] {
    const ownThread = new Map(
      threads.flatMap((look) => (look.thread.ids.length === 1 ? [[look.thread.ids[0], look] as const] : [])),
    );
    const looks: InstanceLook[] = [];
    const lastRows: CsvRecord<InstanceColumn>[] = [];
    for (const monitor of this.#instances) {
      const { id, isUp, port } = monitor.instance;
      if (!isUp) {
        lastRows.push(...[monitor.lastRow()].filter((row) => row !== undefined));
        continue;
      }
      const dropped = drops === undefined || port === undefined ? undefined : (drops.get(port) ?? 0);
      looks.push(monitor.look(wallS, dropped, ownThread.get(id)));
    }
    this.#instanceFile.append([...looks.map(({ row }) => row), ...lastRows]);
    return looks;
  }

  /** The datagrams that everyone in this process sent and received since the start. */
  #datagrams(): { readonly up: number; readonly down: number } | undefined {
    const { instances, trackerGauges } = this.#init;
    if (trackerGauges === undefined) return undefined;
    let [up, down] = [0, 0];
    for (const gauges of [...instances.map((instance) => instance.gauges), ...trackerGauges]) {
      up += gauges.get('datagramsUp');
      down += gauges.get('datagramsDown');
    }
    return { up, down };
  }
}
