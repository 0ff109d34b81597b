import test from 'ava';
import { entityClock } from '../../../src/runtime/virtual-time/entity-clock.js';
import { EventScheduler } from '../../../src/runtime/virtual-time/event-scheduler.js';
import { every } from '../../../src/runtime/clock.js';

test('time is the time of the present event, and stands still in between', (t) => {
  const scheduler = new EventScheduler();
  const clock = entityClock(scheduler, 1, 1000);
  const seen: string[] = [];
  const note = (name: string) => () => void seen.push(`${name} ${clock.nowMs()} ${clock.wallMs()}`);
  clock.schedule(5.25, note('later'));
  clock.schedule(0, note('now'));
  clock.scheduleTurn(note('turn'));
  while (scheduler.runNext(Infinity));
  t.deepEqual(seen, ['now 0 1000', 'turn 0 1000', 'later 5.25 1005.25']);
  t.is(clock.nowMs(), 5.25);
});

test('no event at the end of a window or after it happens in it', (t) => {
  const scheduler = new EventScheduler();
  scheduler.add('timer', 10, 1, 1, () => t.fail());
  t.false(scheduler.runNext(10));
  t.is(scheduler.nowMs, 0);
  t.is(scheduler.nextMs, 10);
});

test('events of one moment happen by kind, then by target, source and count, however they were made', (t) => {
  const scheduler = new EventScheduler();
  const seen: string[] = [];
  const add = (kind: 'packet' | 'timer' | 'command' | 'call', target: number, source: number) =>
    scheduler.add(kind, 1, target, source, () => void seen.push(`${kind} ${target} ${source}`));
  add('timer', 1, 1);
  add('packet', 2, 9);
  add('packet', 2, 3);
  add('packet', 1, 3);
  add('command', 7, 7);
  add('call', 8, 8);
  while (scheduler.runNext(Infinity));
  t.deepEqual(seen, ['call 8 8', 'command 7 7', 'packet 1 3', 'packet 2 3', 'packet 2 9', 'timer 1 1']);
});

test('a timer that was cancelled does not fire, also when it is cancelled at its own moment', (t) => {
  const scheduler = new EventScheduler();
  const clock = entityClock(scheduler, 1, 0);
  const timer = clock.schedule(1, () => t.fail());
  clock.schedule(0, () => timer.cancel());
  const own = clock.schedule(2, () => own.cancel());
  while (scheduler.runNext(Infinity));
  t.is(scheduler.size, 0);
  t.is(clock.nowMs(), 2);
});

test('an interval fires exactly at its times', (t) => {
  const scheduler = new EventScheduler();
  const clock = entityClock(scheduler, 1, 0);
  const times: number[] = [];
  every(clock, 0.125, () => times.push(clock.nowMs()));
  while (scheduler.runNext(100));
  t.is(times.length, 799);
  t.true(times.every((timeMs, index) => timeMs === 0.125 * (index + 1)));
});

test('an event in the past is refused', (t) => {
  const scheduler = new EventScheduler();
  scheduler.add('timer', 5, 1, 1, () => {});
  scheduler.runNext(Infinity);
  t.throws(() => scheduler.insert('packet', 4.999, 1, 2, 0, () => {}), { message: /too late/ });
  t.throws(() => scheduler.add('timer', Number.NaN, 1, 1, () => {}), { instanceOf: RangeError });
});

test('whose event it is, is known while it happens', (t) => {
  const scheduler = new EventScheduler();
  t.is(scheduler.activeEntity, undefined);
  scheduler.add('timer', 1, 3, 1, () => t.is(scheduler.activeEntity, 3));
  t.is(scheduler.next?.target, 3);
  scheduler.runNext(Infinity);
  t.is(scheduler.next?.target, undefined);
});

test('an entity that stands still gets everything afterwards, in its order, and what was cancelled not at all', (t) => {
  const scheduler = new EventScheduler();
  const [still, other] = [entityClock(scheduler, 1, 0), entityClock(scheduler, 2, 0)];
  const seen: string[] = [];
  const note = (what: string) => () => seen.push(`${what} at ${scheduler.nowMs}`);
  scheduler.add('network', 10, 0, 0, () => scheduler.pause(1));
  scheduler.add('network', 50, 0, 0, () => scheduler.resume(1));
  const cancelled = still.schedule(20, note('cancelled'));
  const cancelledLater = still.schedule(21, note('cancelled later'));
  still.schedule(5, note('before'));
  still.schedule(30, note('timer'));
  scheduler.add('packet', 25, 1, 2, note('packet'));
  scheduler.add('command', 28, 1, 1, note('command'));
  scheduler.add('call', 29, 1, 1, note('call'));
  other.schedule(40, () => cancelled.cancel());
  other.schedule(30, note('other'));
  // What has waited can still be cancelled when everybody goes on.
  scheduler.add('command', 50, 2, 2, () => cancelledLater.cancel());
  still.schedule(60, note('after'));
  while (scheduler.runNext(Infinity));
  t.deepEqual(seen, [
    ...['before at 5', 'call at 29', 'other at 30', 'packet at 50', 'command at 50', 'timer at 50', 'after at 60'],
  ]);
  t.is(scheduler.size, 0);
  cancelled.cancel();
  cancelledLater.cancel();
  t.is(scheduler.size, 0);
});
