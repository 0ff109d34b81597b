import type { CommandMessage } from '../instance/protocol.js';
import type { Clock, Timer } from '../runtime/clock.js';

/** A command and the instances that it is for. */
export interface DueCommand {
  /** Relative to the start; negative infinity never: `@!` is due at 0, before everything else. */
  readonly timeMs: number;
  readonly peers: readonly number[];
  readonly command: Omit<CommandMessage, 'dueMs'>;
}

export interface DispatcherComponents {
  readonly clock: Clock;
  readonly dispatch: (peer: number, message: CommandMessage) => void;
}

/**
 * Commands are sent this much ahead of their time: long enough for a thousand instances to have theirs when it comes, short
 * enough for a run that is stopped to be over soon.
 */
const SEND_AHEAD_MS = 200;

/** Sends every command shortly before its time, by the coordinator's clock. */
export class Dispatcher {
  #next = 0;
  #timer: Timer | undefined;
  readonly #commands: readonly DueCommand[];
  readonly #components: DispatcherComponents;

  /** @param commands - in the order in which they are due */
  constructor(commands: readonly DueCommand[], components: DispatcherComponents) {
    this.#commands = commands;
    this.#components = components;
  }

  start(startMs: number): void {
    this.#wait(startMs);
  }

  /** Nothing further is sent. */
  stop(): void {
    this.#timer?.cancel();
    this.#next = this.#commands.length;
  }

  #wait(startMs: number): void {
    const next = this.#commands[this.#next];
    if (next === undefined) return;
    const { clock } = this.#components;
    this.#timer = clock.schedule(startMs + next.timeMs - SEND_AHEAD_MS - clock.nowMs(), () => this.#sendNext(startMs));
  }

  #sendNext(startMs: number): void {
    const { clock, dispatch } = this.#components;
    const untilMs = clock.nowMs() - startMs + SEND_AHEAD_MS;
    for (
      let next = this.#commands[this.#next];
      next !== undefined && next.timeMs <= untilMs;
      next = this.#commands[this.#next]
    ) {
      this.#next++;
      const message = { ...next.command, dueMs: startMs + next.timeMs };
      for (const peer of next.peers) dispatch(peer, message);
    }
    this.#wait(startMs);
  }
}
