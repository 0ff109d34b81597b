import test from 'ava';
import fc from 'fast-check';
import {
  LATENESS_BUCKETS,
  latenessBucketOf,
  latenessQuantile,
  upperBoundOf,
} from '../../src/statistics/lateness-histogram.js';
import { quantilesOf } from '../../src/statistics/quantiles.js';

test('a quantile is never too low, and too high by a fifth at most', (t) => {
  const lateness = fc.double({ min: 0, max: 16_000, noNaN: true });
  fc.assert(
    fc.property(fc.array(lateness, { minLength: 1, maxLength: 300 }), (samples) => {
      const counts = new Float64Array(LATENESS_BUCKETS);
      for (const sample of samples) counts[latenessBucketOf(sample)] = (counts[latenessBucketOf(sample)] as number) + 1;
      const exact = quantilesOf(samples, 9)?.p99 ?? 0;
      const found = latenessQuantile(counts, 0.99) ?? 0;
      return found >= exact - 1e-6 && found <= Math.max(0.25, exact) * 2 ** 0.25 + 1e-6;
    }),
  );
  t.pass();
});

test('nothing counted has no quantile; what is later than the last bucket is in it', (t) => {
  t.is(latenessQuantile(new Float64Array(LATENESS_BUCKETS), 0.5), undefined);
  t.is(latenessBucketOf(1e9), LATENESS_BUCKETS - 1);
  t.is(latenessBucketOf(-1), 0);
  t.is(upperBoundOf(LATENESS_BUCKETS - 1), 0.25 * 2 ** 16);
});
