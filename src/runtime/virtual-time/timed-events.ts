import type { Clock, Timer } from '../clock.js';
import { EventMaker } from './event-maker.js';
import { EventQueue } from './event-queue.js';
import type { VirtualEvent } from './virtual-event.js';

/**
 * Events of a clock that runs by itself: they happen at their time or as soon afterwards as the thread gets to them, one
 * in each turn of its loop, in their total order.
 */
export class TimedEvents extends EventMaker {
  readonly #clock: Clock;
  readonly #queue = new EventQueue();
  #wake: { readonly timer: Timer; readonly timeMs: number } | undefined;

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
  }

  override get nowMs(): number {
    return this.#clock.nowMs();
  }

  override get isTraced(): boolean {
    return false;
  }

  override cancel(event: VirtualEvent): void {
    this.#queue.cancel(event);
    this.#wait();
  }

  protected override take(event: VirtualEvent): void {
    this.#queue.push(event);
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
    const event = isDue ? this.#queue.pop() : undefined;
    this.#wait();
    if (event === undefined) return;
    const { run } = event;
    // The event is over for whoever would still cancel it.
    event.run = undefined;
    run?.();
  }
}
