import test from 'ava';
import { handMadeRun, valuesOf } from '../support/hand-made-run.js';

const NONE = Number.NaN;

test('what is learned in a second stands at that second, whichever way it is told', async (t) => {
  const run = await handMadeRun(t, 7.2);
  run.log(1, -0.4, 'metric', { name: 'level', kind: 'gauge', unit: 'm', description: '' });
  run.log(1, -0.4, 'metric', { name: 'time', kind: 'histogram', unit: 'ms', description: '' });
  run.log(1, 3.1, 'found', { peers: 7 });
  run.log(1, 3.1, 'statistics', { communities: { abc: { classification: 'TestCommunity', nr_walked: 4 } } });
  run.log(1, 3.1, 'event', { name: 'measured' });
  run.log(1, 3.1, 'annotate', 'now');
  run.log(1, 3.1, 'metrics', { time: { count: 2, p50: 5, p95: 6, p99: 6, max: 6 } });
  run.metrics(1, 3.1, { level: 12 });
  run.resources(1, 3.1, { heap_bytes: 5e6 });
  run.resources(1, 7.1, { heap_bytes: 5e6 });
  const { series, annotations } = run.report();
  const values = (name: string, line = '1') =>
    valuesOf(
      series.find((each) => each.name === name),
      line,
    );
  const held = [NONE, NONE, NONE, 12, 12, 12, 12, 12];
  t.deepEqual(values('level'), held);
  t.deepEqual(
    values('heap'),
    held.map((value) => value - 7),
  );
  // Nobody knows whether what was told once is still so.
  t.deepEqual(values('found-peers'), [NONE, NONE, NONE, 7, NONE, NONE, NONE, NONE]);
  t.deepEqual(values('test-community-walked'), [NONE, NONE, NONE, 4, NONE, NONE, NONE, NONE]);
  t.deepEqual(values('time-max'), [NONE, NONE, NONE, 6, NONE, NONE, NONE, NONE]);
  t.deepEqual(values('event-counts', 'measured'), [0, 0, 0, 1, 1, 1, 1, 1]);
  t.deepEqual(annotations, [{ timeS: 3.1, text: 'now' }]);
});

test('what was before GO is known at GO, and last words belong to the last second', async (t) => {
  const run = await handMadeRun(t, 3);
  run.log(1, -2, 'metric', { name: 'time', kind: 'histogram', unit: 'ms', description: '' });
  run.log(1, -1.5, 'metrics', { time: { count: 1, p50: 1, p95: 1, p99: 1, max: 1 } });
  run.log(1, -1, 'level', 3);
  run.log(1, 2.9, 'level', 4);
  run.log(1, 3.01, 'level', 5);
  run.log(1, 3.01, 'metrics', { time: { count: 1, p50: 2, p95: 2, p99: 2, max: 2 } });
  t.deepEqual(run.values('level'), [3, 3, 5]);
  // A sample is of its own second: one that was taken before GO has none.
  t.deepEqual(run.values('time-p50'), [NONE, NONE, 2]);
});

test('the largest since the look before may have been in any second since', async (t) => {
  const run = await handMadeRun(t, 10);
  run.resources(1, -0.1, { timer_lateness_ms: 99, loop_utilization: 1 });
  run.resources(1, 4.9, { timer_lateness_ms: 7, loop_utilization: 0.2 });
  run.resources(1, 9.9, { timer_lateness_ms: 3, loop_utilization: 0.7 });
  t.deepEqual(run.values('timer-lateness'), [7, 7, 7, 7, 7, 3, 3, 3, 3, 3]);
  const utilization = run.values('loop-utilization');
  t.deepEqual(utilization.slice(0, 4), [20, 20, 20, 20]);
  t.is(Math.round(utilization[4] ?? 0), 25);
  t.deepEqual(utilization.slice(5), [70, 70, 70, 70, 70]);
  for (const tenth of [0.1, 0.2, 0.3, 0.4]) run.resources(2, tenth, { timer_lateness_ms: tenth === 0.2 ? 8 : 1 });
  t.is(run.values('timer-lateness', '2')[0], 8, 'several looks in a second');
});

test('a look that could not tell leaves a gap, and what is told next is of the time since it', async (t) => {
  const run = await handMadeRun(t, 5);
  run.resources(1, 0, {});
  run.resources(1, 1, { loop_utilization: 0.1, timer_lateness_ms: 4 });
  run.resources(1, 3, {});
  run.resources(1, 4, { loop_utilization: 0.3, timer_lateness_ms: 5 });
  run.resources(1, 5, { loop_utilization: 0.4, timer_lateness_ms: 6 });
  t.deepEqual(run.values('loop-utilization'), [10, NONE, NONE, 30, 40]);
  t.deepEqual(run.values('timer-lateness'), [4, NONE, NONE, 5, 6]);
});
