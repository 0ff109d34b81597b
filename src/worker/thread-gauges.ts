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
  readonly #endpoints: Endpoint[] = [];
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

  /** What several count is summed. @param wantedBufferBytes - what the socket asks for */
  watch(endpoint: Endpoint, wantedBufferBytes = 0): void {
    this.#endpoints.push(endpoint);
    this.#gauges.set('wantedReceiveBufferBytes', wantedBufferBytes);
    endpoint.on('packet', () => this.#lookNowAndThen());
  }

  /** Looks at everything now; the last look is when the instance ends. */
  look(): void {
    this.#lookedMs = this.#realClock.nowMs();
    this.#gauges.set('lookedMs', this.#lookedMs);
    const { used_heap_size, external_memory } = getHeapStatistics();
    this.#gauges.set('heapUsedBytes', used_heap_size);
    this.#gauges.set('externalBytes', external_memory);
    const sum = (valueOf: (endpoint: Endpoint) => number) =>
      this.#endpoints.reduce((total, endpoint) => total + valueOf(endpoint), 0);
    this.#gauges.set(
      'datagramsUp',
      sum(({ statistics }) => statistics.packetsUp),
    );
    this.#gauges.set(
      'datagramsDown',
      sum(({ statistics }) => statistics.packetsDown),
    );
    this.#gauges.set(
      'bytesUp',
      sum(({ statistics }) => statistics.bytesUp),
    );
    this.#gauges.set(
      'bytesDown',
      sum(({ statistics }) => statistics.bytesDown),
    );
    this.#gauges.set(
      'sendErrors',
      sum(({ statistics }) => statistics.sendErrors),
    );
    this.#gauges.set(
      'sendQueue',
      sum(({ sendQueueLength }) => sendQueueLength),
    );
    this.#gauges.set('receiveBufferBytes', Math.min(...this.#endpoints.map((each) => each.receiveBufferBytes)));
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
