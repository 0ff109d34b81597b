import type { Clock, Timer } from '../../runtime/clock.js';
import type { RegisteredMessage } from '../message/message-registry.js';
import type { Arrival } from './arrival.js';

/** How many packets of one kind wait for each other at most; then they are handled at once. */
export const BATCH_PACKETS_MAX = 1000;
/** How many bytes these packets have at most. */
export const BATCH_BYTES_MAX = 1024 * 1024;

interface Batch {
  readonly arrivals: Arrival[];
  readonly timer: Timer;
  bytes: number;
}

/** Packets of kinds whose messages are handled together: each kind has at most one batch, and each batch has one timer. */
export class Batches {
  readonly #batches = new Map<RegisteredMessage, Batch>();

  constructor(
    private readonly clock: Clock,
    private readonly onComplete: (arrivals: readonly Arrival[]) => void,
  ) {}

  /** How many packets wait. */
  get size(): number {
    let size = 0;
    for (const { arrivals } of this.#batches.values()) size += arrivals.length;
    return size;
  }

  add(arrival: Arrival, maxWindowMs: number): void {
    const { registered } = arrival;
    let batch = this.#batches.get(registered);
    if (batch === undefined) {
      const timer = this.clock.schedule(maxWindowMs, () => this.#complete(registered));
      batch = { arrivals: [], timer, bytes: 0 };
      this.#batches.set(registered, batch);
    }
    batch.arrivals.push(arrival);
    batch.bytes += arrival.packet.length;
    if (batch.arrivals.length >= BATCH_PACKETS_MAX || batch.bytes >= BATCH_BYTES_MAX) this.#complete(registered);
  }

  /** Forgets all batches. @returns the packets that were waiting. */
  clear(): readonly Arrival[] {
    const batches = [...this.#batches.values()];
    this.#batches.clear();
    for (const { timer } of batches) timer.cancel();
    return batches.flatMap(({ arrivals }) => arrivals);
  }

  #complete(registered: RegisteredMessage): void {
    const batch = this.#batches.get(registered);
    if (batch === undefined) return;
    this.#batches.delete(registered);
    batch.timer.cancel();
    this.onComplete(batch.arrivals);
  }
}
