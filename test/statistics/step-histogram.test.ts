import { createHistogram } from 'node:perf_hooks';
import test from 'ava';
import fc from 'fast-check';
import { StepHistogram } from '../../src/statistics/step-histogram.js';

const PERCENTS = [0.1, 1, 25, 50, 75, 95, 99, 99.9, 100];
const values = (max: number) => fc.array(fc.integer({ min: 1, max }), { minLength: 1, maxLength: 400 });

test('property: few or many, the quantiles are those of the library to a hundredth, and count and maximum agree', (t) => {
  fc.assert(
    fc.property(values(1_000_000), (all) => {
      const library = createHistogram({ lowest: 1, highest: 2 ** 40, figures: 2 });
      const histogram = new StepHistogram();
      for (const value of all) {
        library.record(value);
        histogram.record(value);
      }
      t.is(histogram.count, all.length);
      for (const percent of PERCENTS) {
        const [ours, theirs] = [histogram.percentile(percent), library.percentile(percent)];
        t.true(Math.abs(ours - theirs) <= theirs / 100, `${percent} %: ${ours} and ${theirs}`);
      }
      t.true(Math.abs(histogram.max - Math.max(...all)) <= Math.max(...all) / 100);
    }),
  );
});

test('property: what is added to another is there as if it had been recorded there', (t) => {
  fc.assert(
    fc.property(values(5000), values(5000), (one, other) => {
      const [together, added, second] = [new StepHistogram(), new StepHistogram(), new StepHistogram()];
      for (const value of [...one, ...other]) together.record(value);
      for (const value of one) added.record(value);
      for (const value of other) second.record(value);
      added.add(second);
      t.is(added.count, together.count);
      for (const percent of PERCENTS) {
        const difference = Math.abs(added.percentile(percent) - together.percentile(percent));
        t.true(difference <= together.percentile(percent) / 50);
      }
    }),
  );
});

test('few values are known exactly, and a reset forgets all', (t) => {
  const histogram = new StepHistogram();
  for (const value of [123_457, 1, 99_999]) histogram.record(value);
  t.is(histogram.percentile(50), 99_999);
  t.is(histogram.max, 123_457);
  histogram.reset();
  t.is(histogram.count, 0);
  for (let value = 1; value <= 1000; value++) histogram.record(7);
  t.is(histogram.count, 1000);
  t.is(histogram.percentile(99), 7);
  histogram.reset();
  histogram.record(5);
  t.deepEqual([histogram.count, histogram.max], [1, 5]);
});
