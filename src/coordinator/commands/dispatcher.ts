import type { DueCommand } from '../../protocol/instance-protocol.js';
import type { Clock, Timer } from '../../runtime/clock.js';
import { placeText } from '../../scenario/scenario.js';
import type { ScheduledEvent } from '../../scenario/timeline.js';

export interface DispatcherComponents {
  /** The experiment's clock. */
  readonly clock: Clock;
  /** Is told of each command that was still to come when the dispatcher was stopped. */
  readonly leftOver: (peer: number, command: DueCommand) => void;
  readonly dispatch: (peer: number, command: DueCommand) => void;
}

/**
 * Commands are sent this much ahead of their time: long enough for a thousand instances to have theirs when the time comes, short
 * enough for a run that is stopped to be over soon.
 */
const SEND_AHEAD_MS = 200;

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
    const { clock } = this.#components;
    const delayMs = this.#startMs + next.timeMs - SEND_AHEAD_MS - clock.nowMs();
    this.#timer = clock.schedule(delayMs, () => this.#sendNext());
  }

  #sendNext(): void {
    const { clock, dispatch } = this.#components;
    this.#giveUntil(clock.nowMs() - this.#startMs + SEND_AHEAD_MS, dispatch);
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
