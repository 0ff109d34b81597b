import { formatIdRanges } from '../output/id-ranges.js';
import type { CsvRecord } from '../output/tables/csv-table.js';
import type { ThreadColumn } from '../output/tables/thread-table.js';
import type { ThreadGauges } from '../statistics/thread-gauges.js';
import { ThreadUsageReader } from './proc.js';

/** A thread in which instances live, as the monitor sees it. */
export interface MonitoredThread {
  /** `instance 3`, or `the thread of instances 1-500`. */
  readonly name: string;
  /** The instances that live in the thread. */
  readonly ids: readonly number[];
  readonly gauges: ThreadGauges;
  readonly isUp: boolean;
  /** The share of the time since the last call in which the thread's event loop was busy; undefined while there is no thread. */
  takeLoopUtilization(): number | undefined;
}

/** The result of one look at a thread; differences are to the look before. */
export interface ThreadLook {
  readonly thread: MonitoredThread;
  /** The values by column. */
  readonly values: CsvRecord<ThreadColumn>;
  readonly gcMaxMs: number;
  /** How long the thread's event loop stood still at a stretch; see `LoopWatch`. */
  readonly silenceMs: number;
}

/** Looks at one thread, again and again. */
export class ThreadMonitor {
  readonly thread: MonitoredThread;
  /** The instances that live in it, as the table has them. */
  readonly ranges: string;
  readonly #procDir: string | undefined;
  #usage: ThreadUsageReader | undefined;

  constructor(thread: MonitoredThread, procDir?: string) {
    this.thread = thread;
    this.ranges = formatIdRanges(thread.ids);
    this.#procDir = procDir;
  }

  /** @param silenceMs - the longest standstill of the thread's event loop since the last look */
  look(silenceMs: number): ThreadLook {
    const { thread } = this;
    const { gauges } = thread;
    const threadId = gauges.get('threadId');
    if (threadId > 0) this.#usage ??= new ThreadUsageReader(threadId, this.#procDir);
    const usage = this.#usage?.read();
    return {
      thread,
      silenceMs,
      gcMaxMs: gauges.take('gcMaxMs'),
      values: {
        user_s: usage?.userS,
        system_s: usage?.systemS,
        voluntary_switches: usage?.voluntarySwitches,
        involuntary_switches: usage?.involuntarySwitches,
        // A thread in which nothing has happened yet has not noted its gauges: 0 says that there is no value.
        heap_bytes: gauges.get('heapUsedBytes') || undefined,
        external_bytes: gauges.get('externalBytes') || undefined,
        gc_s: gauges.get('gcMs') / 1000,
        loop_utilization: thread.takeLoopUtilization(),
        loop_silence_ms: Math.round(silenceMs),
      },
    };
  }

  /** Closes the files, after the last look. */
  close(): void {
    this.#usage?.close();
  }
}
