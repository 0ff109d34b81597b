import type { Endpoint } from '../network/endpoint.js';
import type { EndpointCount } from '../network/endpoint-statistics.js';
import type { Clock } from '../runtime/clock.js';
import type { InstanceGauge, InstanceGauges } from '../statistics/instance-gauges.js';

/**
 * What went through a socket is noted this often at most: the monitor takes rates between two looks of its own, and a count that is a
 * second old would be missing in one rate and too much in the next.
 */
const COUNT_INTERVAL_MS = 50;

/** What of an endpoint's counts is kept as which gauge. */
const COUNTS: readonly (readonly [InstanceGauge, EndpointCount])[] = [
  ['datagramsUp', 'packetsUp'],
  ['datagramsDown', 'packetsDown'],
  ['bytesUp', 'bytesUp'],
  ['bytesDown', 'bytesDown'],
  ['sendErrors', 'sendErrors'],
];

/** Keeps the gauges of an instance's sockets, at the occasion of whatever happens there; what several count is summed. */
export class SocketMeter {
  readonly #gauges: InstanceGauges;
  readonly #endpoints: readonly Endpoint[];
  readonly #clock: Clock;
  #countedMs = -Infinity;

  /** @param clock - the machine's */
  constructor(gauges: InstanceGauges, endpoints: readonly Endpoint[], clock: Clock) {
    this.#gauges = gauges;
    this.#endpoints = endpoints;
    this.#clock = clock;
  }

  /** Notes everything now. */
  note(): void {
    const queued = this.#endpoints.reduce((total, { sendQueueLength }) => total + sendQueueLength, 0);
    this.#gauges.set('sendQueue', queued);
    this.#gauges.set('receiveBufferBytes', Math.min(...this.#endpoints.map((each) => each.receiveBufferBytes)));
    this.#count();
  }

  /** Something happened at a socket, or beside it. */
  countNowAndThen(): void {
    if (this.#clock.nowMs() >= this.#countedMs + COUNT_INTERVAL_MS) this.#count();
  }

  #count(): void {
    this.#countedMs = this.#clock.nowMs();
    this.#gauges.set('countedAtMs', this.#clock.wallMs());
    for (const [gauge, count] of COUNTS) {
      let total = 0;
      for (const { statistics } of this.#endpoints) total += statistics.totalOf(count);
      this.#gauges.set(gauge, total);
    }
  }
}
