import { SharedGauges } from './shared-gauges.js';

/** The gauges of a thread; its counts begin with its start. */
const NAMES = [
  /** The kernel's number of the thread; 0 where no such number can be read. */
  'threadId',
  /** When the thread last noted its gauges, on the monotonic clock; 0 before. */
  'lookedMs',
  'heapUsedBytes',
  'externalBytes',
  /** Garbage collections: how many, how long in all, and the longest since the last look. */
  'gcCount',
  'gcMs',
  'gcMaxMs',
] as const;

/** The gauges that the reader sets back, by their index. */
export const TAKEN_THREAD_GAUGES: ReadonlySet<number> = new Set([NAMES.indexOf('gcMaxMs')]);

export type ThreadGauge = (typeof NAMES)[number];

/** The gauges of a thread, whether one instance lives in it or a thousand. */
export class ThreadGauges extends SharedGauges<ThreadGauge> {
  constructor(buffer?: SharedArrayBuffer) {
    super(NAMES, 0, buffer);
  }

  recordGc(durationMs: number): void {
    this.add('gcCount', 1);
    this.add('gcMs', durationMs);
    this.raise('gcMaxMs', durationMs);
  }
}
