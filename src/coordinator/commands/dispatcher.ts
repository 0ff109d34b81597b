import type { CommandMessage } from '../../protocol/instance-protocol.js';
import type { Clock, Timer } from '../../runtime/clock.js';

/** A command and the instances that it is for. */
export interface DueCommand {
  /** Relative to the start; negative infinity never: `@!` is due at 0, before everything else. */
  readonly timeMs: number;
  readonly peers: readonly number[];
  readonly command: Omit<CommandMessage, 'dueMs' | 'number'>;
}

export interface DispatcherComponents {
  /** The experiment's. */
  readonly clock: Clock;
  /** Told of each command that was still to come when the dispatcher was stopped. */
  readonly leftOver: (peer: number, command: Omit<CommandMessage, 'number'>) => void;
  readonly dispatch: (peer: number, command: Omit<CommandMessage, 'number'>) => void;
}

/**
 * Commands are sent this much ahead of their time: long enough for a thousand instances to have theirs when it comes, short
 * enough for a run that is stopped to be over soon.
 */
const SEND_AHEAD_MS = 200;

/** Sends every command shortly before its time. */
export class Dispatcher {
  #next = 0;
  #startMs = 0;
  #timer: Timer | undefined;
  readonly #commands: readonly DueCommand[];
  readonly #components: DispatcherComponents;

  /** @param commands - in the order in which they are due */
  constructor(commands: readonly DueCommand[], components: DispatcherComponents) {
    this.#commands = commands;
    this.#components = components;
  }

  start(startMs: number): void {
    this.#startMs = startMs;
    this.#wait();
  }

  /** Nothing further is sent. */
  stop(): void {
    this.#timer?.cancel();
    this.#giveUntil(Infinity, this.#components.leftOver);
  }

  #wait(): void {
    const next = this.#commands[this.#next];
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
      let next = this.#commands[this.#next];
      next !== undefined && next.timeMs <= untilMs;
      next = this.#commands[this.#next]
    ) {
      this.#next++;
      const command = { ...next.command, dueMs: this.#startMs + next.timeMs };
      for (const peer of next.peers) give(peer, command);
    }
  }
}
