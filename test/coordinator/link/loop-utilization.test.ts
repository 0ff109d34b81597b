import test from 'ava';
import { plausibleUtilization } from '../../../src/coordinator/link/loop-utilization.js';

test('a loop that does nothing has a utilization of 0, whatever the order in which clocks are read', (t) => {
  t.deepEqual([0, 0.25, 1, -0.000006, -0.0059, 1.000001].map(plausibleUtilization), [0, 0.25, 1, 0, 0, 1]);
});

test('what is no share of time is none', (t) => {
  t.deepEqual([Number.NaN, -3.6, 1.4, Infinity].map(plausibleUtilization), [
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
