import { EVENT_KINDS, type EventDetail, type EventKind, type VirtualEvent } from './virtual-event.js';

/** Where things are made to happen at a time of the experiment: virtual time, or a clock that runs by itself. */
export abstract class EventMaker {
  /** How many events each entity has made. */
  readonly #made = new Map<number, number>();

  /** The experiment's time in milliseconds. */
  abstract get nowMs(): number;

  /** Whether events are traced, so that it is worth to say what they are about. */
  abstract get isTraced(): boolean;

  /** Lets something happen to an entity of this thread. */
  add(
    kind: EventKind,
    timeMs: number,
    target: number,
    source: number,
    run: () => void,
    detail?: EventDetail,
  ): VirtualEvent {
    return this.insert(kind, timeMs, target, source, this.nextSequence(source), run, detail);
  }

  /** Takes an event whose source lives elsewhere, and has counted it there. */
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
    this.take(event);
    return event;
  }

  /** Counts an event that an entity of this thread makes. */
  nextSequence(source: number): number {
    const sequence = this.#made.get(source) ?? 0;
    this.#made.set(source, sequence + 1);
    return sequence;
  }

  abstract cancel(event: VirtualEvent): void;

  /** Sees to it that an event happens at its time. */
  protected abstract take(event: VirtualEvent): void;
}
