import type { EventDetail, EventKind, VirtualEvent } from './virtual-event.js';

/** Where things are made to happen at a time of the experiment: virtual time, or a clock that runs by itself. */
export interface EventMaker {
  /** The experiment's time in milliseconds. */
  readonly nowMs: number;
  /** Whether events are traced, so that it is worth to say what they are about. */
  readonly isTraced: boolean;
  /** Counts an event that an entity of this thread makes. */
  nextSequence(source: number): number;
  /** Lets something happen to an entity of this thread. */
  add(
    kind: EventKind,
    timeMs: number,
    target: number,
    source: number,
    run: () => void,
    detail?: EventDetail,
  ): VirtualEvent;
  /** Takes an event whose source lives elsewhere, and has counted it there. */
  insert(
    kind: EventKind,
    timeMs: number,
    target: number,
    source: number,
    sequence: number,
    run: () => void,
    detail?: EventDetail,
  ): VirtualEvent;
  cancel(event: VirtualEvent): void;
}
