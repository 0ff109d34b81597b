import { EventMaker } from './event-maker.js';
import { EventQueue } from './event-queue.js';
import { EVENT_KINDS, type EventDetail, type EventKind, type VirtualEvent } from './virtual-event.js';

/** Is told of each event before it happens. */
export type EventListener = (timeMs: number, target: number, kind: EventKind, detail: EventDetail | undefined) => void;

/**
 * The events of the entities of one thread, and the time that they have reached. Time passes from event to event, and
 * only while an event is taken: whoever runs the scheduler decides when the next one may happen.
 */
export class EventScheduler extends EventMaker {
  readonly #queue = new EventQueue();
  readonly #onEvent: EventListener | undefined;
  /** The events that have come to entities that stand still, by entity. */
  readonly #held = new Map<number, Set<VirtualEvent>>();
  #nowMs = 0;
  #activeEntity: number | undefined;

  constructor(onEvent?: EventListener) {
    super();
    this.#onEvent = onEvent;
  }

  /** The time of the present event. */
  override get nowMs(): number {
    return this.#nowMs;
  }

  /** The time of the next event; `Infinity` when there is none. */
  get nextMs(): number {
    return this.#queue.nextMs;
  }

  /** The next event; undefined when there is none. */
  get next(): VirtualEvent | undefined {
    return this.#queue.peek();
  }

  /** How many events are to come. */
  get size(): number {
    return this.#queue.size;
  }

  /** The entity that the present event happens to: whoever prints, throws or draws a random number now. */
  get activeEntity(): number | undefined {
    return this.#activeEntity;
  }

  override get isTraced(): boolean {
    return this.#onEvent !== undefined;
  }

  override cancel(event: VirtualEvent): void {
    if (this.#held.get(event.target)?.delete(event) === true) event.run = undefined;
    else this.#queue.cancel(event);
  }

  /** Lets an entity stand still: what would happen to it waits, but for the coordinator's calls. */
  pause(entity: number): void {
    if (!this.#held.has(entity)) this.#held.set(entity, new Set());
  }

  /** Lets an entity go on: what has waited happens now, in the order in which it would have. */
  resume(entity: number): void {
    const held = this.#held.get(entity);
    this.#held.delete(entity);
    for (const event of held ?? []) {
      event.timeMs = this.#nowMs;
      event.rank = EVENT_KINDS.indexOf('held');
      event.source = entity;
      event.sequence = this.nextSequence(entity);
      this.#queue.push(event);
    }
  }

  /** Lets the next event happen, if it is due before `endMs`, or keeps it for an entity that stands still. @returns whether there was one */
  runNext(endMs: number): boolean {
    if (!(this.#queue.nextMs < endMs)) return false;
    const event = this.#queue.pop();
    const run = event?.run;
    if (event === undefined || run === undefined) return false;
    this.#nowMs = event.timeMs;
    if (this.#held.size > 0 && this.#holds(event)) return true;
    this.#activeEntity = event.target;
    this.#onEvent?.(event.timeMs, event.target, EVENT_KINDS[event.rank] as EventKind, event.detail);
    // The event is over for whoever would still cancel it.
    event.run = undefined;
    run();
    return true;
  }

  /** An event happens at a time that has not passed. */
  protected override take(event: VirtualEvent): void {
    if (!(event.timeMs >= this.#nowMs))
      throw new RangeError(`an event at ${event.timeMs} ms is too late: the experiment's time is ${this.#nowMs} ms`);
    this.#queue.push(event);
  }

  /** Keeps an event of an entity that stands still. */
  #holds(event: VirtualEvent): boolean {
    const held = this.#held.get(event.target);
    if (held === undefined || EVENT_KINDS[event.rank] === 'call') return false;
    held.add(event);
    return true;
  }
}
