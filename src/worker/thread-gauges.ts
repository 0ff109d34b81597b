import { readlinkSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Endpoint } from '../network/endpoint.js';
import type { EndpointCount } from '../network/endpoint-statistics.js';
import type { Clock } from '../runtime/clock.js';
import { measuringClock } from '../runtime/measuring-clock.js';
import type { Gauge, InstanceGauges } from '../statistics/instance-gauges.js';

/** Memory and the state of the socket are looked at this often at most, and only while something happens: an idle thread is not woken for it. */
const LOOK_INTERVAL_MS = 1000;
/**
 * What went through the socket is noted more often: the monitor takes rates between two looks of its own, and a count that is a
 * second old would be missing in one rate and too much in the next.
 */
const COUNT_INTERVAL_MS = 50;

/** What of an endpoint's counts is kept as which gauge. */
const COUNTS: readonly (readonly [Gauge, EndpointCount])[] = [
  ['datagramsUp', 'packetsUp'],
  ['datagramsDown', 'packetsDown'],
  ['bytesUp', 'bytesUp'],
  ['bytesDown', 'bytesDown'],
  ['sendErrors', 'sendErrors'],
];

/** Keeps the gauges of the thread it is called in, at the occasion of whatever happens there. */
export class ThreadGauges {
  /** Whose timers are measured. */
  readonly clock: Clock;
  readonly #gauges: InstanceGauges;
  readonly #realClock: Clock;
  readonly #endpoints: Endpoint[] = [];
  #lookedMs = -Infinity;
  #countedMs = -Infinity;

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
    const queued = this.#endpoints.reduce((total, { sendQueueLength }) => total + sendQueueLength, 0);
    this.#gauges.set('sendQueue', queued);
    this.#gauges.set('receiveBufferBytes', Math.min(...this.#endpoints.map((each) => each.receiveBufferBytes)));
    this.#count();
  }

  #count(): void {
    this.#countedMs = this.#realClock.nowMs();
    this.#gauges.set('countedAtMs', this.#realClock.wallMs());
    for (const [gauge, count] of COUNTS) {
      let total = 0;
      for (const { statistics } of this.#endpoints) total += statistics.totalOf(count);
      this.#gauges.set(gauge, total);
    }
  }

  #lookNowAndThen(): void {
    const nowMs = this.#realClock.nowMs();
    if (nowMs >= this.#lookedMs + LOOK_INTERVAL_MS) this.look();
    else if (nowMs >= this.#countedMs + COUNT_INTERVAL_MS) this.#count();
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
