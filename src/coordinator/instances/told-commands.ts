import type { UnfinishedCommand, UnfinishedFate } from '../../output/record/run-result.js';
import type { CommandMessage, DueCommand } from '../../protocol/instance-protocol.js';
import { STOP_COMMAND } from '../../scenario/built-in-commands.js';

/** An instance that is lost early in a long scenario misses thousands of commands: the first of them are kept, and all are counted. */
const KEPT = 100;

/** The commands that one instance was told: those under way, and those that will certainly not be finished. */
export class ToldCommands {
  /** How many of the commands came to each of these ends. */
  readonly counts = { dispatched: 0, done: 0, failed: 0, unfinished: 0 };
  /** The first of the commands that were not finished. */
  readonly unfinished: UnfinishedCommand[] = [];
  readonly #instance: number;
  readonly #waiting = new Map<number, DueCommand>();
  #startMs = 0;
  #told = 0;

  constructor(instance: number) {
    this.#instance = instance;
  }

  /** @param startMs - GO, on the clock of the commands */
  go(startMs: number): void {
    this.#startMs = startMs;
  }

  /** Notes a command that the instance is told now. */
  tell(command: DueCommand): CommandMessage {
    const number = this.#told++;
    this.counts.dispatched++;
    this.#waiting.set(number, command);
    return { ...command, number };
  }

  /** @returns the command, or undefined when no command of that number is under way */
  settle(number: number, how: 'done' | 'failed'): DueCommand | undefined {
    const command = this.#waiting.get(number);
    if (command === undefined) return undefined;
    this.#waiting.delete(number);
    this.counts[how]++;
    return command;
  }

  /** Notes a command that came too late for the instance, which is gone. */
  miss(command: DueCommand): void {
    this.#add(command, 'not-told');
  }

  /** Notes a command for an instance that has crashed. It has stopped already, and misses everything else. */
  missCrashed(command: DueCommand): void {
    if (command.command === STOP_COMMAND) this.settle(this.tell(command).number, 'done');
    else this.miss(command);
  }

  /** The instance has crashed: what it had begun has come to nothing. */
  loseUntil(timeMs: number): void {
    this.#giveUp((command) => command.dueMs < timeMs, 'lost');
  }

  /** The instance was not there until this time: the commands that were due meanwhile were for nobody, but it has stopped. */
  missUntil(timeMs: number): void {
    for (const [number, { command, dueMs }] of this.#waiting)
      if (command === STOP_COMMAND && dueMs < timeMs) this.settle(number, 'done');
    this.#giveUp((command) => command.dueMs < timeMs, 'not-told');
  }

  /** The run ends at this time: commands that are due later were told ahead, and are not missed. */
  forgetAfter(timeMs: number): void {
    for (const [number, { dueMs }] of this.#waiting)
      if (dueMs > timeMs) {
        this.#waiting.delete(number);
        this.counts.dispatched--;
      }
  }

  /**
   * The instance has ended, and nothing further will settle.
   * @param unsettled - when each callback was entered that has not settled, by the command's number; absent when the instance did not say
   */
  end(unsettled?: ReadonlyMap<number, number>): void {
    for (const [number, command] of this.#waiting) {
      const enteredMs = unsettled?.get(number);
      if (unsettled === undefined) this.#add(command, 'lost');
      else if (enteredMs === undefined) this.#add(command, 'not-begun');
      else this.#add(command, 'unsettled', enteredMs);
    }
    this.#waiting.clear();
  }

  #giveUp(which: (command: DueCommand) => boolean, fate: UnfinishedFate): void {
    for (const [number, command] of this.#waiting) {
      if (!which(command)) continue;
      this.#waiting.delete(number);
      this.#add(command, fate);
    }
  }

  #add({ command, place, dueMs }: DueCommand, fate: UnfinishedFate, enteredMs?: number): void {
    this.counts.unfinished++;
    if (this.unfinished.length >= KEPT) return;
    this.unfinished.push({
      instance: this.#instance,
      command,
      place,
      dueS: this.#secondsOf(dueMs),
      ...(enteredMs === undefined ? {} : { enteredS: this.#secondsOf(enteredMs) }),
      fate,
    });
  }

  #secondsOf(timeMs: number): number {
    return Math.round(timeMs - this.#startMs) / 1000;
  }
}
