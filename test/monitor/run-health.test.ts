import test from 'ava';
import { LIMITS, type Limits } from '../../src/config/limits.js';
import { RunHealth } from '../../src/monitor/run-health.js';

const limits: Limits = LIMITS;

test('a run of which nothing was measured has no verdict', (t) => {
  const health = new RunHealth(limits);
  health.judge(-1, [{ name: 'cpu', value: 100, unit: '%' }]);
  t.is(health.verdict(), undefined);
});

test('at a limit a run is valid, above the first degraded, above the second invalid; the gravest comes first', (t) => {
  const health = new RunHealth(limits);
  health.judge(0.5, [
    { name: 'timer_lateness', value: 100, unit: 'ms' },
    { name: 'cpu', value: 100, unit: '%' },
  ]);
  health.judge(1.5, [{ name: 'timer_lateness', value: 100.5, unit: 'ms', instance: 7 }]);
  health.judge(2.5, [{ name: 'timer_lateness', value: 1001, unit: 'ms', instance: 9 }]);
  health.cannotWatch('receive_drops: nowhere to read them');
  health.cannotWatch('receive_drops: nowhere to read them');
  health.hint('buffer', 'the first is kept');
  health.hint('buffer', 'and no other of the same thing');
  t.deepEqual(health.verdict(), {
    validity: 'INVALID',
    broken: [
      {
        name: 'timer_lateness',
        validity: 'INVALID',
        limit: 1000,
        worst: 1001,
        unit: 'ms',
        firstS: 1.5,
        seconds: [1, 2],
        instance: 7,
      },
      { name: 'cpu', validity: 'DEGRADED', limit: 90, worst: 100, unit: '%', firstS: 0.5, seconds: [0] },
    ],
    unwatched: ['receive_drops: nowhere to read them'],
    hints: ['the first is kept'],
  });
});
