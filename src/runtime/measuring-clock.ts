import type { Clock } from './clock.js';

/**
 * A clock that tells how late its timers fire.
 * @param onTimer - called before each timer's callback, with its lateness in milliseconds, 0 at least
 */
export function measuringClock(clock: Clock, onTimer: (latenessMs: number) => void): Clock {
  return {
    earlyMs: clock.earlyMs,
    nowMs: () => clock.nowMs(),
    wallMs: () => clock.wallMs(),
    scheduleTurn: (callback) => clock.scheduleTurn(callback),
    schedule(delayMs, callback, options) {
      const dueMs = clock.nowMs() + Math.max(0, delayMs);
      return clock.schedule(
        delayMs,
        () => {
          onTimer(Math.max(0, clock.nowMs() - dueMs));
          callback();
        },
        options,
      );
    },
  };
}
