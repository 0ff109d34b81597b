import type { Clock, Timer } from '../clock.js';
import type { EventMaker } from './event-maker.js';
import { EventQueue } from './event-queue.js';
import { EVENT_KINDS, type EventDetail, type EventKind, type VirtualEvent } from './virtual-event.js';

/**
 * Events of a clock that runs by itself: they happen at their time or as soon afterwards as the thread gets to them, one
 * in each turn of its loop, in their total order.
 */
export class TimedEvents implements EventMaker {
  readonly isTraced = false;
  readonly #clock: Clock;
  readonly #queue = new EventQueue();
  /** How many events each entity has made. */
  readonly #made = new Map<number, number>();
  #wake: { readonly timer: Timer; readonly timeMs: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get nowMs(): number {
    return this.#clock.nowMs();
  }

  nextSequence(source: number): number {
    const sequence = this.#made.get(source) ?? 0;
    this.#made.set(source, sequence + 1);
    return sequence;
  }

  add(kind: EventKind, timeMs: number, target: number, source: number, run: () => void): VirtualEvent {
    return this.insert(kind, timeMs, target, source, this.nextSequence(source), run);
  }

  insert(
    kind: EventKind,
    timeMs: number,
    target: number,
    source: number,
    sequence: number,
    run: () => void,
    detail?: EventDetail,
  ): VirtualEvent {
    const event: VirtualEvent = { timeMs, rank: EVENT_KINDS.indexOf(kind), target, source, sequence, run, detail };
    this.#queue.push(event);
    this.#wait();
    return event;
  }

  cancel(event: VirtualEvent): void {
    this.#queue.cancel(event);
    this.#wait();
  }

  /** Sees to it that the next event happens at its time. */
  #wait(): void {
    const { nextMs } = this.#queue;
    if (this.#wake !== undefined && this.#wake.timeMs <= nextMs && nextMs < Infinity) return;
    this.#wake?.timer.cancel();
    this.#wake = undefined;
    if (nextMs === Infinity) return;
    const delayMs = nextMs - this.#clock.nowMs();
    const run = () => this.#runNext();
    const timer = delayMs <= this.#clock.earlyMs ? this.#clock.scheduleTurn(run) : this.#clock.schedule(delayMs, run);
    this.#wake = { timer, timeMs: nextMs };
  }

  #runNext(): void {
    this.#wake = undefined;
    const isDue = this.#queue.nextMs <= this.#clock.nowMs() + this.#clock.earlyMs;
    const run = isDue ? this.#queue.pop()?.run : undefined;
    this.#wait();
    run?.();
  }
}
