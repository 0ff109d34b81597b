import { readlinkSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Endpoint } from '../network/endpoint.js';
import type { Clock } from '../runtime/clock.js';
import { measuringClock } from '../runtime/measuring-clock.js';
import type { InstanceGauges } from '../statistics/instance-gauges.js';

/** Memory and socket are looked at this often at most, and only while something happens: an idle thread is not woken for it. */
const LOOK_INTERVAL_MS = 1000;

/** Keeps the gauges of the thread it is called in, at the occasion of whatever happens there. */
export class ThreadGauges {
  /** Whose timers are measured. */
  readonly clock: Clock;
  readonly #gauges: InstanceGauges;
  readonly #realClock: Clock;
  #endpoint: Endpoint | undefined;
  #lookedMs = -Infinity;

  constructor(gauges: InstanceGauges, clock: Clock) {
    this.#gauges = gauges;
    this.#realClock = clock;
    gauges.set('threadId', kernelThreadId());
    this.clock = measuringClock(clock, (latenessMs) => {
      gauges.recordTimer(latenessMs);
      this.#lookNowAndThen();
    });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) gauges.recordGc(duration);
    }).observe({ entryTypes: ['gc'] });
  }

  watch(endpoint: Endpoint): void {
    this.#endpoint = endpoint;
    endpoint.on('packet', () => this.#lookNowAndThen());
  }

  /** Looks at everything now; the last look is when the instance ends. */
  look(): void {
    this.#lookedMs = this.#realClock.nowMs();
    const { used_heap_size, external_memory } = getHeapStatistics();
    this.#gauges.set('heapUsedBytes', used_heap_size);
    this.#gauges.set('externalBytes', external_memory);
    const endpoint = this.#endpoint;
    if (endpoint === undefined) return;
    const { packetsUp, packetsDown, bytesUp, bytesDown, sendErrors } = endpoint.statistics;
    this.#gauges.set('datagramsUp', packetsUp);
    this.#gauges.set('datagramsDown', packetsDown);
    this.#gauges.set('bytesUp', bytesUp);
    this.#gauges.set('bytesDown', bytesDown);
    this.#gauges.set('sendErrors', sendErrors);
    this.#gauges.set('sendQueue', endpoint.sendQueueLength);
    this.#gauges.set('receiveBufferBytes', endpoint.receiveBufferBytes);
  }

  #lookNowAndThen(): void {
    if (this.#realClock.nowMs() >= this.#lookedMs + LOOK_INTERVAL_MS) this.look();
  }
}

/** Of the calling thread, from Linux's `/proc/thread-self`, which is `PROCESS/task/THREAD`; 0 elsewhere. */
function kernelThreadId(): number {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').at(-1));
  } catch {
    return 0;
  }
}
