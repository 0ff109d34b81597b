import type { DueCommand } from '../../protocol/instance-protocol.js';
import type { Clock, Timer } from '../../runtime/clock.js';
import { placeText } from '../../scenario/scenario.js';
import type { ScheduledEvent } from '../../scenario/timeline.js';

export interface DispatcherComponents {
  /** The experiment's clock. */
  readonly clock: Clock;
  /** How much ahead of their time commands are sent. */
  readonly sendAheadMs: number;
  /** Is told of each command that was still to come when the dispatcher was stopped. */
  readonly leftOver: (peer: number, command: DueCommand) => void;
  readonly dispatch: (peer: number, command: DueCommand) => void;
}

/** Sends the command of every scheduled event shortly before its time. */
export class Dispatcher {
  #next = 0;
  #startMs = 0;
  #timer: Timer | undefined;
  readonly #schedule: readonly ScheduledEvent[];
  readonly #components: DispatcherComponents;

  /** @param schedule - events in order of time */
  constructor(schedule: readonly ScheduledEvent[], components: DispatcherComponents) {
    this.#schedule = schedule;
    this.#components = components;
  }

  start(startMs: number): void {
    this.#startMs = startMs;
    if (this.#components.sendAheadMs === Infinity) this.#giveUntil(Infinity, this.#components.dispatch);
    this.#wait();
  }

  /** Sends no further command. */
  stop(): void {
    this.#timer?.cancel();
    this.#giveUntil(Infinity, this.#components.leftOver);
  }

  #wait(): void {
    const next = this.#schedule[this.#next];
    if (next === undefined) return;
    const { clock, sendAheadMs } = this.#components;
    const delayMs = this.#startMs + next.timeMs - sendAheadMs - clock.nowMs();
    this.#timer = clock.schedule(delayMs, () => this.#sendNext());
  }

  #sendNext(): void {
    const { clock, sendAheadMs, dispatch } = this.#components;
    this.#giveUntil(clock.nowMs() - this.#startMs + sendAheadMs, dispatch);
    this.#wait();
  }

  #giveUntil(untilMs: number, give: DispatcherComponents['dispatch']): void {
    for (
      let next = this.#schedule[this.#next];
      next !== undefined && next.timeMs <= untilMs;
      next = this.#schedule[this.#next]
    ) {
      this.#next++;
      const { command, args, kwargs, place } = next.event;
      const due = { command, args, kwargs, place: placeText(place), dueMs: this.#startMs + next.timeMs };
      for (const peer of next.peers) give(peer, due);
    }
  }
}
