import test from 'ava';
import fc from 'fast-check';
import { DELAY_HISTOGRAM_LENGTH, DelayHistogram } from '../../src/network/delay-histogram.js';

function histogramOf(delays: readonly number[]): DelayHistogram {
  const histogram = new DelayHistogram(new Float64Array(DELAY_HISTOGRAM_LENGTH));
  for (const delayMs of delays) histogram.record(delayMs);
  return histogram;
}

test('quantiles are right within 1.1 %, and everything else exactly, however delays are spread over threads', (t) => {
  const delays = fc.array(fc.double({ min: 0.01, max: 3_600_000, noNaN: true }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(delays, fc.nat(), (values, cut) => {
      const place = cut % values.length;
      const summary = DelayHistogram.summaryOf([histogramOf(values.slice(0, place)), histogramOf(values.slice(place))]);
      const sorted = [...values].sort((one, other) => one - other);
      t.is(summary?.count, values.length);
      t.true(Math.abs((summary?.min ?? 0) - (sorted[0] ?? 0)) < 1e-6);
      t.true(Math.abs((summary?.max ?? 0) - (sorted.at(-1) ?? 0)) < 1e-6);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      t.true(Math.abs((summary?.mean ?? 0) - mean) <= 1e-6 + 1e-9 * mean);
      for (const [share, quantile] of [
        [0.05, summary?.p5],
        [0.5, summary?.median],
        [0.95, summary?.p95],
      ] as const) {
        const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
        t.true(Math.abs((quantile ?? 0) - exact) <= 0.011 * exact, `${share}: ${quantile} for ${exact}`);
      }
    }),
  );
});

test('nothing is said of nothing', (t) => {
  t.is(DelayHistogram.summaryOf([histogramOf([])]), undefined);
  t.like(DelayHistogram.summaryOf([histogramOf([0, 1e12])]), { min: 0, max: 1e12, p5: 0 });
});
