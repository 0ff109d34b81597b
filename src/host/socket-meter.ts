import type { SocketFigures } from '../network/socket-figures.js';
import type { Clock } from '../runtime/clock.js';
import type { InstanceGauge, InstanceGauges } from '../statistics/instance-gauges.js';

/**
 * The counts of a socket are noted this often at most: the monitor takes rates between two looks of its own, and a count that is a
 * second old would be missing in one rate and too much in the next.
 */
const COUNT_INTERVAL_MS = 50;

/** Pairs of an endpoint's count and the gauge that keeps it. */
const COUNTS = [
  ['datagramsUp', 'packetsUp'],
  ['datagramsDown', 'packetsDown'],
  ['bytesUp', 'bytesUp'],
  ['bytesDown', 'bytesDown'],
  ['sendErrors', 'sendErrors'],
] as const satisfies readonly (readonly [InstanceGauge, keyof SocketFigures['counts']])[];

/** Keeps the gauges of an instance's sockets up to date whenever something happens at one of them; counts of several sockets are summed. */
export class SocketMeter {
  readonly #gauges: InstanceGauges;
  readonly #sockets: readonly SocketFigures[];
  readonly #clock: Clock;
  #countedMs = -Infinity;

  /** @param clock - the clock of whoever looks at the counts */
  constructor(gauges: InstanceGauges, sockets: readonly SocketFigures[], clock: Clock) {
    this.#gauges = gauges;
    this.#sockets = sockets;
    this.#clock = clock;
  }

  /** Notes everything now. */
  note(): void {
    const queued = measuredOf(this.#sockets.map(({ sendQueueLength }) => sendQueueLength));
    this.#gauges.set(
      'sendQueue',
      queued?.reduce((total, length) => total + length, 0),
    );
    const granted = measuredOf(this.#sockets.map(({ receiveBufferBytes }) => receiveBufferBytes));
    this.#gauges.set('receiveBufferBytes', granted && Math.min(...granted));
    this.count();
  }

  /** Is called when something happened at a socket, or beside it. */
  countNowAndThen(): void {
    if (this.#clock.nowMs() >= this.#countedMs + COUNT_INTERVAL_MS) this.count();
  }

  /** Notes what has gone through the sockets. */
  count(): void {
    this.#countedMs = this.#clock.nowMs();
    this.#gauges.set('countedAtMs', this.#clock.wallMs());
    for (const [gauge, count] of COUNTS) {
      let total = 0;
      for (const { counts } of this.#sockets) total += counts[count];
      this.#gauges.set(gauge, total);
    }
  }
}

/** The values, unless one of them cannot be measured: their sum cannot be told then. */
function measuredOf(values: readonly (number | undefined)[]): readonly number[] | undefined {
  const measured = values.filter((value) => value !== undefined);
  return measured.length === values.length ? measured : undefined;
}
