import type { Clock, Timer } from '../runtime/clock.js';
import type { ThreadActivity } from '../statistics/thread-activity.js';

/**
 * Tells the stages of instances that share a thread. A message for each stage would be a good part of what starting a
 * thousand instances takes, and of the stages that an instance goes through within one turn only the last is still true
 * when the message is read. So a stage is noted where the
 * coordinator can read it, and told when the turn is over; a thread that never comes to the end of its turn is known by the note.
 */
export class DeferredStages {
  readonly #activity: ThreadActivity;
  readonly #clock: Clock;
  readonly #tell: (id: number, stage: string) => void;
  readonly #waiting = new Map<number, string>();
  #turn: Timer | undefined;

  /** @param clock - the machine's clock */
  constructor(activity: ThreadActivity, clock: Clock, tell: (id: number, stage: string) => void) {
    this.#activity = activity;
    this.#clock = clock;
    this.#tell = tell;
  }

  enter(id: number, stage: string): void {
    this.#activity.note({ id, stage });
    this.#waiting.set(id, stage);
    this.#turn ??= this.#clock.scheduleTurn(() => this.#flush());
  }

  /** The stage of the instance is over: there is nothing left to tell. */
  leave(id: number): void {
    this.#waiting.delete(id);
  }

  #flush(): void {
    this.#turn = undefined;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const [id, stage] of waiting) this.#tell(id, stage);
  }
}
