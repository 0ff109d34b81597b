import { LATENESS_BUCKETS, latenessBucketOf } from './lateness-histogram.js';
import { SharedGauges } from './shared-gauges.js';

/** The gauges of an instance itself; its counts begin with its start. The gauges of its thread are in `ThreadGauges`. */
const NAMES = [
  /** When the counts of the socket were last noted, in Unix time. */
  'countedAtMs',
  'datagramsUp',
  'datagramsDown',
  'bytesUp',
  'bytesDown',
  'sendErrors',
  /** The send queue is not measured while the socket is closed, or where packets never wait. */
  'sendQueue',
  /** The receive buffer that the system grants the socket; not measured while the socket is closed, or where the system has no part in it. */
  'receiveBufferBytes',
  /** The receive buffer that the system was asked for. */
  'wantedReceiveBufferBytes',
  /** How late the latest timer since the last look was. */
  'timerLatenessMaxMs',
] as const;

/** The gauges that the reader sets back, by their index. */
export const TAKEN_INSTANCE_GAUGES: ReadonlySet<number> = new Set([NAMES.indexOf('timerLatenessMaxMs')]);

export type InstanceGauge = (typeof NAMES)[number];

/** The gauges of an instance, and how many of its timers fired how late. */
export class InstanceGauges extends SharedGauges<InstanceGauge> {
  readonly #lateness: Float64Array;

  constructor(buffer?: SharedArrayBuffer) {
    super(NAMES, 8 * LATENESS_BUCKETS, buffer);
    this.#lateness = new Float64Array(this.buffer, 8 * NAMES.length, LATENESS_BUCKETS);
  }

  recordTimer(latenessMs: number): void {
    const bucket = latenessBucketOf(latenessMs);
    this.#lateness[bucket] = (this.#lateness[bucket] as number) + 1;
    this.raise('timerLatenessMaxMs', latenessMs);
  }

  /** The number of timers in each bucket of lateness since the start; see `lateness-histogram.ts`. */
  get timerLateness(): Readonly<Float64Array> {
    return this.#lateness;
  }
}
