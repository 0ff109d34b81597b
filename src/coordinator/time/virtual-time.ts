import { join } from 'node:path';
import { createExchangeMemory, type ExchangeMemory } from '../../network/emulated/packet-exchange.js';
import { type Clock, nextTurn, type Timer } from '../../runtime/clock.js';
import { GumbyError } from '../../runtime/errors.js';
import { EventScheduler } from '../../runtime/virtual-time/event-scheduler.js';
import { tracePartFile } from '../../output/trace/trace-line.js';
import { TimeBoard } from '../../runtime/virtual-time/time-board.js';
import type { ExperimentTime } from './experiment-time.js';
import { HangWatch } from './hang-watch.js';
import type { HostTime, VirtualHost } from './host-time.js';

export interface VirtualTimeInit {
  readonly hostCount: number;
  /** The smallest latency of any packet, in milliseconds. */
  readonly lookaheadMs: number;
  /** The Unix time at which the experiment's time is 0, in milliseconds. */
  readonly epochMs: number;
  /** How many milliseconds of the experiment may pass in a millisecond of the machine's time; `Infinity` for as many as can. */
  readonly speed: number;
  /** How long one event may keep the machine, in milliseconds. */
  readonly windowLimitMs: number;
  /** The directory that the parts of the event trace go to; absent where events are not traced. */
  readonly traceDir?: string;
}

/** How often hosts that have nothing to do are asked again: work outside of the experiment's time may have come to its end. */
const ASK_AGAIN_MS = 100;
/** For so long hosts that have nothing left to do are asked again. */
const NOTHING_LEFT_MS = 3000;

/**
 * Virtual time: hosts go from event to event by themselves, in step, as far as the coordinator lets them. The
 * coordinator's own timers are moments at which all hosts stand still, having run everything before and nothing at that
 * moment; its calls are events of one moment. So whatever the coordinator does, it does at the same moment in every run.
 */
export class VirtualTime implements ExperimentTime {
  readonly clock: Clock;
  readonly epochMs: number;
  readonly isVirtual = true;
  readonly sendAheadMs = Infinity;
  readonly stuck: Promise<never>;
  readonly #init: VirtualTimeInit;
  readonly #machine: Clock;
  readonly #board: TimeBoard;
  readonly #exchange: ExchangeMemory | undefined;
  readonly #hosts: VirtualHost[] = [];
  readonly #parked = new Set<number>();
  /** The coordinator's own timers. */
  readonly #timers = new EventScheduler();
  /** How many of the timers are worth to let time pass for them alone. */
  #strongTimers = 0;
  #nowMs = 0;
  /** When the last of the coordinator's calls was answered. */
  #answeredMs = 0;
  #isRunning = false;
  /** Whether the coordinator keeps time from passing, whatever is due. */
  #isHeld = true;
  #onHeld: (() => void) | undefined;
  /** Whether the hosts have got events of which the board knows nothing yet. */
  #hasCalled = false;
  #paceFrom: { readonly machineMs: number; readonly experimentMs: number } | undefined;
  #pace: Timer | undefined;
  #idleSinceMs: number | undefined;
  readonly #hangs: HangWatch;
  #rejectStuck!: (error: Error) => void;

  constructor(init: VirtualTimeInit, machine: Clock) {
    this.#init = init;
    this.#machine = machine;
    this.epochMs = init.epochMs;
    this.#board = TimeBoard.forHosts(init.hostCount, init.lookaheadMs);
    this.#exchange = init.hostCount > 1 ? createExchangeMemory(init.hostCount) : undefined;
    this.clock = {
      earlyMs: 0,
      nowMs: () => this.#now(),
      wallMs: () => init.epochMs + this.#now(),
      schedule: (delayMs, callback, options) => this.#schedule(delayMs, callback, options?.weak === true),
      scheduleTurn: (callback) => machine.scheduleTurn(callback),
    };
    this.stuck = new Promise((_, reject) => (this.#rejectStuck = reject));
    this.stuck.catch(() => {});
    this.#hangs = new HangWatch(machine, this.#board, this.#hosts, init.windowLimitMs, () => this.#isRunning);
  }

  /** Hosts take their places in the order of their numbers. */
  readonly join = (host: VirtualHost): HostTime => {
    const { epochMs, windowLimitMs, traceDir } = this.#init;
    const number = this.#hosts.push(host) - 1;
    this.#parked.add(number);
    return {
      init: {
        board: this.#board.memory,
        host: number,
        hostCount: this.#init.hostCount,
        ...(this.#exchange === undefined ? {} : { exchange: this.#exchange }),
        ...{ epochMs, windowLimitMs },
        ...(traceDir === undefined ? {} : { traceFile: join(traceDir, tracePartFile(number)) }),
      },
      beginCall: () => {
        this.#hasCalled = true;
        this.#board.beginCall(number);
      },
      parked: () => this.#onParked(number),
      gone: () => {
        this.#board.remove(number);
        this.#onParked(number);
      },
    };
  };

  async stage<T>(calls: () => Promise<T>): Promise<T> {
    await this.#hold();
    this.#board.callTimeMs = Math.max(this.#nowMs, this.#board.latestMs);
    this.#board.stage = 'calls';
    const answers = calls();
    // They may fail before anybody waits for them.
    answers.catch(() => {});
    await nextTurn(this.#machine);
    this.#hasCalled = true;
    this.#release();
    try {
      return await answers;
    } finally {
      await this.#hold();
      this.#answeredMs = Math.max(this.#nowMs, this.#board.callsDoneMs);
      // What the coordinator does next takes as long as the fastest packet: no host is further than that.
      this.#nowMs = this.#answeredMs + this.#init.lookaheadMs;
    }
  }

  expect(count: number): void {
    this.#board.expect(count);
  }

  run(startMs: number): void {
    for (const [number, host] of this.#hosts.entries()) if (!this.#board.isGone(number)) host.go(startMs);
    this.#board.stage = 'run';
    this.#paceFrom = { machineMs: this.#machine.nowMs(), experimentMs: this.#nowMs };
    this.#hasCalled = true;
    this.#release();
  }

  stop(): void {
    // Nothing has happened since the instances were stopped.
    this.#nowMs = this.#answeredMs;
    this.#hangs.stop();
    this.#pace?.cancel();
  }

  #now(): number {
    return this.#isRunning ? Math.max(this.#nowMs, this.#board.reachedMs) : this.#nowMs;
  }

  #schedule(delayMs: number, callback: () => void, weak: boolean): Timer {
    const timeMs = Math.max(this.#now() + Math.max(0, delayMs), this.#timers.nowMs);
    let isDue = false;
    if (!weak) this.#strongTimers++;
    const settle = () => {
      if (!isDue && !weak) this.#strongTimers--;
      isDue = true;
    };
    const event = this.#timers.add('timer', timeMs, 0, 0, () => {
      settle();
      callback();
    });
    if (this.#isRunning) this.#board.horizonMs = Math.min(this.#board.horizonMs, timeMs);
    return {
      cancel: () => {
        settle();
        this.#timers.cancel(event);
      },
    };
  }

  /** Waits until all hosts stand still. */
  async #hold(): Promise<void> {
    this.#isHeld = true;
    this.#pace?.cancel();
    this.#board.horizonMs = -Infinity;
    if (!this.#isRunning) return;
    const limit = this.#machine.schedule(this.#hangs.limitMs, () => {
      for (const number of this.#hosts.keys()) if (!this.#parked.has(number)) this.#hangs.end(number);
    });
    await new Promise<void>((resolve) => (this.#onHeld = resolve));
    limit.cancel();
  }

  #release(): void {
    this.#isHeld = false;
    this.#goOn();
  }

  #onParked(host: number): void {
    this.#parked.add(host);
    if (this.#parked.size < this.#hosts.length) return;
    this.#isRunning = false;
    if (this.#board.stage === 'run') this.#nowMs = Math.max(this.#nowMs, this.#board.latestMs);
    this.#onHeld?.();
    this.#onHeld = undefined;
    if (!this.#isHeld) this.#goOn();
  }

  /** All hosts stand still: lets the coordinator's timers fire that are due, and then time pass as far as it may. */
  #goOn(): void {
    if (this.#isHeld || this.#isRunning) return;
    const { nextMs, pendingCalls, liveInstances, stage } = this.#board;
    const allowedMs = this.#allowedMs();
    const timerMs = this.#timers.nextMs;
    if (this.#hasCalled) {
      this.#hasCalled = false;
      this.#resume(Math.min(timerMs, allowedMs));
      return;
    }
    // Whoever waits for the calls, or for the instances to have ended, hears of it by them.
    if (stage === 'calls' ? pendingCalls === 0 : liveInstances === 0) return;
    if (nextMs < Infinity) this.#idleSinceMs = undefined;
    if (timerMs <= nextMs && (nextMs < Infinity || this.#strongTimers > 0)) {
      if (timerMs > allowedMs) this.#waitForPace(timerMs, allowedMs);
      else this.#fire(timerMs);
      return;
    }
    if (nextMs === Infinity) this.#askAgain();
    else if (nextMs >= allowedMs) this.#waitForPace(nextMs, allowedMs);
    else this.#resume(Math.min(timerMs, allowedMs));
  }

  #resume(horizonMs: number): void {
    this.#board.horizonMs = horizonMs;
    this.#isRunning = true;
    this.#parked.clear();
    for (const [number, host] of this.#hosts.entries()) {
      if (!this.#board.isGone(number) && host.resume()) continue;
      // It has ended, or was never started: nobody waits for it.
      this.#board.remove(number);
      this.#parked.add(number);
    }
    if (this.#parked.size === this.#hosts.length) this.#isRunning = false;
  }

  #fire(timeMs: number): void {
    this.#nowMs = timeMs;
    // What a timer asks of instances happens at its moment.
    this.#board.callTimeMs = timeMs;
    this.#timers.runNext(Infinity);
    // Promises have their turn before the next timer.
    this.#machine.scheduleTurn(() => this.#goOn());
  }

  /** How far time may have got by now, where it is not to go faster than the option `clock_speed` says. */
  #allowedMs(): number {
    const from = this.#paceFrom;
    if (from === undefined || this.#init.speed === Infinity) return Infinity;
    return from.experimentMs + (this.#machine.nowMs() - from.machineMs) * this.#init.speed;
  }

  #waitForPace(timeMs: number, allowedMs: number): void {
    this.#pace?.cancel();
    this.#pace = this.#machine.schedule(Math.max(1, (timeMs - allowedMs) / this.#init.speed), () => this.#goOn());
  }

  /** No event is left anywhere. What would make one is outside of the experiment's time, if it is anything. */
  #askAgain(): void {
    const nowMs = this.#machine.nowMs();
    this.#idleSinceMs ??= nowMs;
    if (this.#board.stage === 'run' && nowMs - this.#idleSinceMs >= NOTHING_LEFT_MS) {
      const count = this.#board.liveInstances;
      const who = count === 1 ? '1 instance has' : `${count} instances have`;
      const message = `nothing is left to happen at ${this.#nowMs / 1000} s of the experiment, and ${who} not stopped: no timer, packet or command is on its way; end the scenario with "stop", or set experiment_time`;
      this.#rejectStuck(new GumbyError('NOTHING_LEFT', message));
      return;
    }
    this.#pace = this.#machine.schedule(ASK_AGAIN_MS, () => {
      this.#hasCalled = true;
      this.#goOn();
    });
  }
}
