import test from 'ava';
import { every, nextTurn } from '../../src/runtime/clock.js';
import { ManualClock } from '../../src/runtime/manual-clock.js';

test('timers fire in order of time, then of creation, each at its own moment', (t) => {
  const clock = new ManualClock(1000);
  const fired: string[] = [];
  const note = (name: string) => () => fired.push(`${name} at ${clock.nowMs()} ${clock.wallMs()}`);
  clock.schedule(20, note('late'));
  clock.schedule(10, note('first'));
  clock.schedule(10, note('second'));
  clock.schedule(10, () => clock.schedule(5, note('later')));
  clock.advance(30);
  t.deepEqual(fired, ['first at 10 1010', 'second at 10 1010', 'later at 15 1015', 'late at 20 1020']);
  t.is(clock.nowMs(), 30);
});

test('a turn fires what is due when it begins, and neither what that leads to nor what that cancels', (t) => {
  const clock = new ManualClock();
  const fired: string[] = [];
  clock.scheduleTurn(() => {
    fired.push('first');
    cancelled.cancel();
    clock.scheduleTurn(() => fired.push('next turn'));
  });
  const cancelled = clock.scheduleTurn(() => fired.push('cancelled'));
  clock.schedule(1, () => fired.push('a millisecond later'));
  clock.turn();
  t.deepEqual(fired, ['first']);
  clock.turn();
  t.deepEqual(fired, ['first', 'next turn']);
  t.is(clock.pendingCount, 1);
});

test('a next turn comes after everything that waits already', async (t) => {
  const clock = new ManualClock();
  const order: string[] = [];
  clock.scheduleTurn(() => order.push('waited already'));
  const turn = nextTurn(clock).then(() => order.push('turn'));
  t.deepEqual(order, []);
  clock.turn();
  await turn;
  t.deepEqual(order, ['waited already', 'turn']);
});

test('what happens again and again stops when it is cancelled, also from within', (t) => {
  const clock = new ManualClock();
  let count = 0;
  const timer = every(clock, 10, () => {
    if (++count === 3) timer.cancel();
  });
  clock.advance(100);
  t.is(count, 3);
  t.is(clock.pendingCount, 0);
});
