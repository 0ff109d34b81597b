import { readlinkSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';
import { memoryUsage } from 'node:process';
import type { Clock } from '../runtime/clock.js';
import type { ThreadGauges } from '../statistics/thread-gauges.js';

/** The gauges are noted this often at most, and only while something happens: an idle thread is not woken for them. */
const LOOK_INTERVAL_MS = 1000;

/** Keeps the gauges of the thread that it is made in up to date whenever something happens in the thread. */
export class ThreadMeter {
  readonly gauges: ThreadGauges;
  readonly #clock: Clock;
  readonly #watched = new Set<() => void>();
  readonly #observer: PerformanceObserver;
  #lookedMs = -Infinity;

  /** @param clock - the machine's clock */
  constructor(gauges: ThreadGauges, clock: Clock) {
    this.gauges = gauges;
    this.#clock = clock;
    gauges.set('threadId', kernelThreadId());
    this.#observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) gauges.recordGc(duration);
    });
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  /** @param note - notes the gauges of something in the thread @returns a function that ends the watch */
  watch(note: () => void): () => void {
    this.#watched.add(note);
    return () => void this.#watched.delete(note);
  }

  /** Notes everything now. */
  look(): void {
    this.#lookedMs = this.#clock.nowMs();
    this.gauges.set('lookedMs', this.#lookedMs);
    const { heapUsed, external } = memoryUsage();
    this.gauges.set('heapUsedBytes', heapUsed);
    this.gauges.set('externalBytes', external);
    for (const note of this.#watched) note();
  }

  /** Nothing further is measured. */
  close(): void {
    this.#observer.disconnect();
  }

  /** Is called when something happened in the thread. */
  readonly lookNowAndThen = (): void => {
    if (this.#clock.nowMs() >= this.#lookedMs + LOOK_INTERVAL_MS) this.look();
  };
}

/** The kernel's number of the calling thread, from Linux's `/proc/thread-self`, which is `PROCESS/task/THREAD`; 0 elsewhere. */
function kernelThreadId(): number {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').at(-1));
  } catch {
    return 0;
  }
}
