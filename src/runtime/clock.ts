/**
 * Time as our own code sees it. Everything that waits or measures takes a `Clock`, so that tests drive time by hand and
 * later modes (scaled, virtual, frozen) need no change elsewhere.
 */
export interface Clock {
  /** Monotonic time in milliseconds with a fraction; the same origin in every thread of the process. */
  nowMs(): number;
  /** Milliseconds since the Unix epoch, for people and logs; never for measuring. */
  wallMs(): number;
  /** Calls `callback` once, `delayMs` from now. */
  schedule(delayMs: number, callback: () => void, options?: TimerOptions): Timer;
}

export interface TimerOptions {
  /** A weak timer does not keep the thread alive. @default false */
  readonly weak?: boolean;
}

export interface Timer {
  cancel(): void;
}

/** The machine's own clock. The global timers are looked up at each call, never captured: they may be replaced. */
export const realClock: Clock = {
  nowMs: () => Number(process.hrtime.bigint()) / 1e6,
  wallMs: () => Date.now(), // eslint-disable-line no-restricted-properties -- this is the Clock
  schedule(delayMs, callback, options) {
    const timer = setTimeout(callback, Math.min(Math.max(0, delayMs), TIMER_MAX_MS));
    if (options?.weak === true) timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

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

export function sleep(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => clock.schedule(delayMs, resolve));
}
