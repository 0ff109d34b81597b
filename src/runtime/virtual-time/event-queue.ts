import { comesBefore, type VirtualEvent } from './virtual-event.js';

/** Cancelled events are swept out when there are this many of them, and more of them than of the others. */
const SWEEP_FROM = 1024;

/** Events in their total order: a binary heap. A cancelled event stays in it until its turn comes or the heap is swept. */
export class EventQueue {
  #heap: VirtualEvent[] = [];
  #cancelled = 0;

  /** How many events are to come. */
  get size(): number {
    return this.#heap.length - this.#cancelled;
  }

  /** The time of the next event; `Infinity` when there is none. */
  get nextMs(): number {
    return this.peek()?.timeMs ?? Infinity;
  }

  /** The next event, which stays. */
  peek(): VirtualEvent | undefined {
    this.#dropCancelled();
    return this.#heap[0];
  }

  push(event: VirtualEvent): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as VirtualEvent;
      if (!comesBefore(event, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = event;
  }

  /** Takes the next event out. */
  pop(): VirtualEvent | undefined {
    this.#dropCancelled();
    return this.#takeFirst();
  }

  /** The event will not happen. */
  cancel(event: VirtualEvent): void {
    if (event.run === undefined) return;
    event.run = undefined;
    this.#cancelled++;
    if (this.#cancelled >= SWEEP_FROM && 2 * this.#cancelled > this.#heap.length) this.#sweep();
  }

  #dropCancelled(): void {
    while (this.#heap.length > 0 && this.#heap[0]?.run === undefined) {
      this.#takeFirst();
      this.#cancelled--;
    }
  }

  #takeFirst(): VirtualEvent | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    this.#sink(last, 0);
    return first;
  }

  /** Puts an event where it belongs at or below a place of the heap. */
  #sink(event: VirtualEvent, from: number): void {
    const heap = this.#heap;
    const { length } = heap;
    let index = from;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= length) break;
      if (child + 1 < length && comesBefore(heap[child + 1] as VirtualEvent, heap[child] as VirtualEvent)) child++;
      const below = heap[child] as VirtualEvent;
      if (!comesBefore(below, event)) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = event;
  }

  #sweep(): void {
    this.#heap = this.#heap.filter(({ run }) => run !== undefined);
    this.#cancelled = 0;
    for (let index = (this.#heap.length >> 1) - 1; index >= 0; index--)
      this.#sink(this.#heap[index] as VirtualEvent, index);
  }
}
