import type { Clock } from '../clock.js';
import type { EventScheduler } from './event-scheduler.js';

/**
 * The experiment's clock of one entity. Its timers are events of the entity: they happen exactly at their time.
 * @param epochMs - the Unix time at which the experiment's time is 0, in milliseconds
 */
export function entityClock(scheduler: EventScheduler, entity: number, epochMs: number): Clock {
  const schedule: Clock['schedule'] = (delayMs, callback) => {
    const event = scheduler.add('timer', scheduler.nowMs + Math.max(0, delayMs), entity, entity, callback);
    return { cancel: () => scheduler.cancel(event) };
  };
  return {
    earlyMs: 0,
    nowMs: () => scheduler.nowMs,
    wallMs: () => epochMs + scheduler.nowMs,
    schedule,
    // Timers of the same moment happen in the order in which they were made.
    scheduleTurn: (callback) => schedule(0, callback),
  };
}
