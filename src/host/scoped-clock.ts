import type { Clock, Timer, TimerOptions } from '../runtime/clock.js';
import type { InstanceScope } from './instance-scope.js';

/** A clock whose timers belong to one instance: they end with the instance, and an exception in one ends the instance. */
export function scopedClock(clock: Clock, scope: InstanceScope): Clock {
  const owned = (callback: () => void, start: (run: () => void) => Timer): Timer => {
    const timer = start(() => {
      letGo();
      scope.run(callback);
    });
    const letGo = scope.own(() => timer.cancel());
    return {
      cancel() {
        letGo();
        timer.cancel();
      },
    };
  };
  return {
    earlyMs: clock.earlyMs,
    nowMs: () => clock.nowMs(),
    wallMs: () => clock.wallMs(),
    schedule: (delayMs: number, callback: () => void, options?: TimerOptions) =>
      owned(callback, (run) => clock.schedule(delayMs, run, options)),
    scheduleTurn: (callback) => owned(callback, (run) => clock.scheduleTurn(run)),
  };
}
