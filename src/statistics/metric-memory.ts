import { GumbyError } from '../runtime/errors.js';

/** How many slots one instance has; a slot is 16 bytes, and a page of memory that nobody uses costs nothing. */
export const METRICS_MAX = 1024;

/**
 * The values of an instance's counters and gauges, in memory that the coordinator sees: to change one is to store a number or two,
 * and nobody is woken to write it down.
 */
export class MetricMemory {
  readonly buffer: SharedArrayBuffer;
  readonly values: Float64Array;
  /** When each gauge was last set, in Unix time; 0 for counters, which change all the time. */
  readonly setAtMs: Float64Array;
  #used = 0;

  constructor(buffer = new SharedArrayBuffer(2 * 8 * METRICS_MAX)) {
    this.buffer = buffer;
    this.values = new Float64Array(buffer, 0, METRICS_MAX);
    this.setAtMs = new Float64Array(buffer, 8 * METRICS_MAX, METRICS_MAX);
  }

  /** @returns a slot that nobody has yet @throws GumbyError PARAMETER_INVALID when all are taken */
  allocate(name: string, value: number): number {
    if (this.#used === METRICS_MAX)
      throw new GumbyError('PARAMETER_INVALID', `"${name}" is too many: an instance can have ${METRICS_MAX} metrics`);
    const slot = this.#used++;
    this.values[slot] = value;
    return slot;
  }
}
