import test from 'ava';
import { DeferredStages } from '../../src/host/deferred-stages.js';
import { ManualClock } from '../../src/runtime/manual-clock.js';
import { ThreadActivity } from '../../src/statistics/thread-activity.js';

function setUp() {
  const [clock, told] = [new ManualClock(), [] as (readonly [number, string])[]];
  const activity = new ThreadActivity();
  const stages = new DeferredStages(activity, clock, (id, stage) => told.push([id, stage]));
  return { clock, told, stages, reader: new ThreadActivity(activity.memory) };
}

test('a stage is noted at once, and of each instance the last of a turn is told', (t) => {
  const { clock, told, stages, reader } = setUp();
  t.is(reader.read(), undefined);
  stages.enter(1, 'loading modules');
  t.deepEqual(reader.read(), { id: 1, stage: 'loading modules' });
  stages.enter(1, 'new Module');
  stages.enter(2, 'loading modules');
  t.deepEqual(reader.read(), { id: 2, stage: 'loading modules' });
  t.deepEqual(told, []);
  clock.turn();
  t.deepEqual(told, [
    [1, 'new Module'],
    [2, 'loading modules'],
  ]);
  stages.enter(1, 'Module.onIdReceived');
  clock.turn();
  t.is(told.length, 3);
});

test('of what is done by the end of the turn nothing is told', (t) => {
  const { clock, told, stages } = setUp();
  stages.enter(1, 'new Module');
  stages.enter(2, 'new Module');
  stages.leave(1);
  clock.turn();
  t.deepEqual(told, [[2, 'new Module']]);
});

test('a name that is too long is cut, also in the middle of nothing but wide letters', (t) => {
  const { stages, reader } = setUp();
  stages.enter(7, `new ${'ж'.repeat(500)}`);
  const { id, stage } = reader.read() ?? { id: 0, stage: '' };
  t.is(id, 7);
  t.regex(stage, /^new ж{100,118}$/);
});
