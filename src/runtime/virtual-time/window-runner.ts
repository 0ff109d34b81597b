import type { Clock } from '../clock.js';
import type { EventScheduler } from './event-scheduler.js';
import type { TimeBoard } from './time-board.js';

/** What a runner needs of the place where its entities live. */
export interface WindowRunnerComponents {
  readonly scheduler: EventScheduler;
  readonly board: TimeBoard;
  /** The host's number on the board. */
  readonly host: number;
  /** The machine's clock. */
  readonly machine: Clock;
  /** What goes to other hosts and comes from them; absent where there are no other hosts. */
  readonly exchange?: HostExchange;
  /** Whether nothing that the present event has begun is still under way: files, asynchronous crypto. */
  readonly isQuiet: () => boolean;
  /** Is called when the present event has not become quiet for `BUSY_REPORT_MS`, and again after each further such time. */
  readonly onBusy?: (sinceMs: number) => void;
  /** The hosts wait for the coordinator. Every host calls it. */
  readonly onPark: () => void;
}

/** The events that a host sends to others, and those that others send to it. */
export interface HostExchange {
  /** The time of the earliest event that was sent since the last window; `Infinity` when there is none. */
  takeSentMs(): number;
  /** Takes the events that others sent in the last window. */
  receive(): void;
}

/**
 * A host that waits looks this often before it blocks: with a core of its own the decision is there within a
 * microsecond or two, and to be woken takes twenty.
 */
const LOOKS_BEFORE_BLOCKING = 4_000;
/** A thread that blocks hears nothing from the coordinator. */
const BLOCK_MS = 20;
/** So many turns of the loop are spent looking whether files and crypto are done, before turns get longer. */
const QUICK_TURNS = 200;
const BUSY_TURN_MS = 1;
/** How often whoever waits for real work to end is told. */
const BUSY_REPORT_MS = 1000;

/** Runs the events of a host, window by window, in step with all other hosts. */
export class WindowRunner {
  readonly #components: WindowRunnerComponents;
  #isRunning = false;
  #generation = 0;
  #endMs = 0;
  #busyTurns = 0;
  #busySinceMs = 0;
  #busyToldMs = 0;

  constructor(components: WindowRunnerComponents) {
    this.#components = components;
  }

  /** Goes on until all hosts wait for the coordinator again. */
  resume(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#arrive();
  }

  #arrive(): void {
    const { board, host, scheduler, exchange } = this.#components;
    this.#generation = board.generation;
    const sentMs = exchange?.takeSentMs() ?? Infinity;
    board.arrive(host, this.#generation, Math.min(scheduler.nextMs, sentMs));
    this.#wait();
  }

  #wait = (): void => {
    const { board, host, machine, exchange } = this.#components;
    let decision = board.decisionAfter(this.#generation);
    for (let look = 0; decision === undefined && look < LOOKS_BEFORE_BLOCKING; look++)
      decision = board.decisionAfter(this.#generation);
    if (decision === undefined) {
      board.block(this.#generation, BLOCK_MS);
      machine.scheduleTurn(this.#wait);
      return;
    }
    exchange?.receive();
    if (decision.kind === 'park') {
      // The host still counts as waiting.
      this.#isRunning = false;
      this.#components.onPark();
      return;
    }
    board.leave(host);
    this.#endMs = decision.endMs;
    this.#step();
  };

  /** Lets one event happen. Promises and ticks of the event before have had their turn. */
  #step = (): void => {
    const { scheduler, board, host, machine, isQuiet } = this.#components;
    if (!isQuiet()) {
      this.#waitForQuiet();
      return;
    }
    this.#busyTurns = 0;
    // The coordinator may have moved the horizon since.
    const endMs = Math.min(this.#endMs, board.horizonMs);
    const { next } = scheduler;
    if (next === undefined || next.timeMs >= endMs) {
      this.#arrive();
      return;
    }
    // It is noted beforehand: an event may never come back.
    board.noteEvent(host, next.timeMs, next.target);
    machine.scheduleTurn(this.#step);
    scheduler.runNext(endMs);
  };

  #waitForQuiet(): void {
    const { machine, onBusy } = this.#components;
    if (this.#busyTurns++ === 0) this.#busySinceMs = this.#busyToldMs = machine.nowMs();
    if (this.#busyTurns < QUICK_TURNS) {
      machine.scheduleTurn(this.#step);
      return;
    }
    const nowMs = machine.nowMs();
    if (nowMs - this.#busyToldMs >= BUSY_REPORT_MS) {
      this.#busyToldMs = nowMs;
      onBusy?.(nowMs - this.#busySinceMs);
    }
    machine.schedule(BUSY_TURN_MS, this.#step);
  }
}
