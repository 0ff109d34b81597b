import { LATENESS_BUCKETS, latenessBucketOf } from './lateness-histogram.js';

/** What an instance's thread says of itself; counts are since its start. */
export const GAUGES = [
  /** The kernel's number of the thread; 0 where it has none that can be read. */
  'threadId',
  /** When the thread last noted its gauges, on the monotonic clock; 0 before. */
  'lookedMs',
  'heapUsedBytes',
  'externalBytes',
  /** Of garbage collection: how often, how long in all, and the longest since the last look. */
  'gcCount',
  'gcMs',
  'gcMaxMs',
  /** When the counts of the socket were last noted, in Unix time. */
  'countedAtMs',
  'datagramsUp',
  'datagramsDown',
  'bytesUp',
  'bytesDown',
  'sendErrors',
  'sendQueue',
  /** What the system grants the socket; 0 while it is closed. */
  'receiveBufferBytes',
  /** What it was asked for. */
  'wantedReceiveBufferBytes',
  /** The latest timer since the last look. */
  'timerLatenessMaxMs',
] as const;

export type Gauge = (typeof GAUGES)[number];

const INDEX = Object.fromEntries(GAUGES.map((name, index) => [name, index])) as Readonly<Record<Gauge, number>>;

/**
 * Numbers that a thread writes and the main thread reads, in memory that both share: nobody is woken to tell them. Each value
 * is one 64-bit word with one writer, except that the reader sets those *since the last look* back.
 */
export class InstanceGauges {
  readonly buffer: SharedArrayBuffer;
  readonly #values: Float64Array;
  readonly #lateness: Float64Array;

  constructor(buffer = new SharedArrayBuffer(8 * (GAUGES.length + LATENESS_BUCKETS))) {
    this.buffer = buffer;
    this.#values = new Float64Array(buffer, 0, GAUGES.length);
    this.#lateness = new Float64Array(buffer, 8 * GAUGES.length, LATENESS_BUCKETS);
  }

  get(gauge: Gauge): number {
    return this.#values[INDEX[gauge]] as number;
  }

  set(gauge: Gauge, value: number): void {
    this.#values[INDEX[gauge]] = value;
  }

  /** Reads a value *since the last look*. */
  take(gauge: 'gcMaxMs' | 'timerLatenessMaxMs'): number {
    const value = this.get(gauge);
    this.set(gauge, 0);
    return value;
  }

  recordGc(durationMs: number): void {
    this.set('gcCount', this.get('gcCount') + 1);
    this.set('gcMs', this.get('gcMs') + durationMs);
    if (durationMs > this.get('gcMaxMs')) this.set('gcMaxMs', durationMs);
  }

  recordTimer(latenessMs: number): void {
    const bucket = latenessBucketOf(latenessMs);
    this.#lateness[bucket] = (this.#lateness[bucket] as number) + 1;
    if (latenessMs > this.get('timerLatenessMaxMs')) this.set('timerLatenessMaxMs', latenessMs);
  }

  /** Timers by lateness since the start; see `lateness-histogram.ts`. */
  get timerLateness(): Readonly<Float64Array> {
    return this.#lateness;
  }
}
