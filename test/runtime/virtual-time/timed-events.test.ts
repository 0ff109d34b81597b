import test from 'ava';
import fc from 'fast-check';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { TimedEvents } from '../../../src/runtime/virtual-time/timed-events.js';

test('events happen at their time, in their order, and cancelled ones do not', (t) => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat({ max: 50 }), fc.boolean()), { maxLength: 40 }), (wanted) => {
      const clock = new ManualClock();
      const events = new TimedEvents(clock);
      const happened: string[] = [];
      const made = wanted.map(([timeMs, isCancelled], index) => ({
        isCancelled,
        timeMs,
        index,
        event: events.add('packet', timeMs, 1, 1, () => happened.push(`${index} at ${clock.nowMs()}`)),
      }));
      for (const { isCancelled, event } of made) if (isCancelled) events.cancel(event);
      clock.advance(60);
      t.deepEqual(
        happened,
        made
          .filter(({ isCancelled }) => !isCancelled)
          .sort((one, other) => one.timeMs - other.timeMs || one.index - other.index)
          .map(({ timeMs, index }) => `${index} at ${timeMs}`),
      );
      t.is(clock.pendingCount, 0);
    }),
  );
});

test('an event of a time that has passed happens in the next turn', (t) => {
  const clock = new ManualClock();
  const events = new TimedEvents(clock);
  clock.advance(100);
  let happened = 0;
  events.insert('packet', 5, 1, 2, 0, () => happened++);
  t.is(happened, 0);
  clock.advance(0);
  t.is(happened, 1);
});
