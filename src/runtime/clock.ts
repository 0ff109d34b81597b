/**
 * Time as our own code sees it. Everything that waits or measures takes a `Clock`, so that tests drive time by hand and
 * later modes (scaled, virtual, frozen) need no change elsewhere.
 */
export interface Clock {
  /** Monotonic time in milliseconds with a fraction; the same origin in every thread of the process. */
  nowMs(): number;
  /** Milliseconds since the Unix epoch, for people and logs; never for measuring. */
  wallMs(): number;
  /** How much too early a timer of this clock may fire, in milliseconds. */
  readonly earlyMs: number;
  /** Calls `callback` once, `delayMs` from now. */
  schedule(delayMs: number, callback: () => void, options?: TimerOptions): Timer;
  /** Calls `callback` once, after everything that waits already has had its turn. */
  scheduleTurn(callback: () => void): Timer;
}

/** The two times of a run. Which of them a piece of code takes is part of what it means. */
export interface Clocks {
  /** The machine's own clock: for limits, graces, monitoring, and how long things took. */
  readonly machine: Clock;
  /** The experiment's clock: for the scenario, the overlays, the time stamps of statistics, and whatever modules do. */
  readonly experiment: Clock;
}

export interface TimerOptions {
  /** A weak timer does not keep the thread alive. @default false */
  readonly weak?: boolean;
}

export interface Timer {
  cancel(): void;
}

/* eslint-disable gumby/time-from-clocks -- the real clock is where the machine's time comes in */
const { setTimeout, clearTimeout, setImmediate, clearImmediate } = globalThis;
const wallMs = Date.now.bind(Date);
const monotonicNs = process.hrtime.bigint.bind(process.hrtime);
/* eslint-enable gumby/time-from-clocks */

/** The machine's own clock. It holds on to Node's own functions: a module may replace those that it sees. */
export const realClock: Clock = {
  // Timers of Node count whole milliseconds.
  earlyMs: 0.5,
  nowMs: () => Number(monotonicNs()) / 1e6,
  wallMs,
  schedule(delayMs, callback, options) {
    const timer = setTimeout(callback, Math.min(Math.max(0, Math.round(delayMs)), TIMER_MAX_MS));
    if (options?.weak === true) timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
  scheduleTurn(callback) {
    const turn = setImmediate(callback);
    return { cancel: () => clearImmediate(turn) };
  },
};

/** In real time the experiment's clock is the machine's. */
export const realClocks: Clocks = { machine: realClock, experiment: realClock };

/** setTimeout's own limit: 2^31 - 1; anything longer fires at once. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** Calls `callback` every `intervalMs` until cancelled; a late call does not make the following ones later. */
export function every(clock: Clock, intervalMs: number, callback: () => void, options?: TimerOptions): Timer {
  let dueMs = clock.nowMs() + intervalMs;
  let timer = clock.schedule(intervalMs, tick, options);
  let cancelled = false;
  function tick(): void {
    callback();
    if (cancelled) return;
    dueMs = Math.max(dueMs + intervalMs, clock.nowMs());
    timer = clock.schedule(dueMs - clock.nowMs(), tick, options);
  }
  return {
    cancel() {
      cancelled = true;
      timer.cancel();
    },
  };
}

/** Lets everything that waits already have its turn. */
export function nextTurn(clock: Clock): Promise<void> {
  return new Promise((resolve) => clock.scheduleTurn(resolve));
}

export function sleep(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => clock.schedule(delayMs, resolve));
}
