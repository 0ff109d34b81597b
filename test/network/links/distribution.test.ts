import test from 'ava';
import fc from 'fast-check';
import {
  type Distribution,
  DISTRIBUTION_SHAPES,
  parseMilliseconds,
  parseShare,
  quantileOf,
} from '../../../src/network/links/distribution.js';

const parsed = (text: string): Distribution | undefined => {
  const result = parseMilliseconds(text, 0.1, 3_600_000);
  return result.ok ? result.distribution : undefined;
};

const complaintOf = (text: string): string => {
  const result = parseMilliseconds(text, 0.1, 3_600_000);
  return result.ok ? '' : result.message;
};

test('a constant, a range, and a range with a shape', (t) => {
  t.deepEqual(parsed('20'), { from: 20, to: 20, shape: 'uniform' });
  t.deepEqual(parsed('0.2s'), { from: 200, to: 200, shape: 'uniform' });
  t.deepEqual(parsed('20..80'), { from: 20, to: 80, shape: 'uniform' });
  t.deepEqual(parsed('20ms..0.08s normal'), { from: 20, to: 80, shape: 'normal' });
  t.deepEqual(parsed('20..80:pareto'), { from: 20, to: 80, shape: 'pareto' });
});

test('what is none is an error that says what is expected', (t) => {
  for (const text of ['', 'fast', '-1', '0', '0.09', '1e9', '20..', '..80', '20..80 normal wide', '4000s'])
    t.regex(complaintOf(text), /^expected milliseconds from 0\.1 to 3600000/, text);
  t.is(complaintOf('80..20'), 'its limits are swapped: write 20..80');
  t.regex(complaintOf('20..80 norml'), /^"norml" is none of uniform, .*: did you mean "normal"\?$/);
});

test('a share is a percentage or a fraction, up to the whole', (t) => {
  t.is(parseShare('5%'), 0.05);
  t.is(parseShare('0.05'), 0.05);
  t.is(parseShare('100%'), 1);
  for (const text of ['101%', '1.01', '-1%', '', '%', 'all', '5 %']) t.is(parseShare(text), undefined, text);
});

const anyDistribution = fc
  .record({
    from: fc.double({ min: 0.1, max: 1e6, noNaN: true }),
    width: fc.double({ min: 0, max: 1e6, noNaN: true }),
    shape: fc.constantFrom(...DISTRIBUTION_SHAPES),
  })
  .map(({ from, width, shape }): Distribution => ({ from, to: from + width, shape }));

test('no value lies outside of the limits', (t) => {
  const anyShare = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
  fc.assert(
    fc.property(anyDistribution, anyShare, (distribution, share) => {
      const value = quantileOf(distribution, share);
      t.true(value >= distribution.from && value <= distribution.to);
    }),
  );
});

test('larger shares have larger values', (t) => {
  // Shares that are closer to each other than this differ by less than what a double rounds.
  const STEPS = 2 ** 32;
  const anyStep = fc.integer({ min: 0, max: STEPS - 1 });
  fc.assert(
    fc.property(anyDistribution, anyStep, anyStep, (distribution, u, v) => {
      t.true(quantileOf(distribution, Math.min(u, v) / STEPS) <= quantileOf(distribution, Math.max(u, v) / STEPS));
    }),
  );
});

/** Quantiles that follow from the definitions: of the truncated normal, the lognormal and the bounded Pareto distribution. */
for (const [shape, u, expected] of [
  ['uniform', 0.25, 35],
  ['normal', 0.5, 50],
  // Φ((60 - 50) / 10) = 0.8413447, and 0.9986501 and 0.0013499 of it are cut off.
  ['normal', (0.8413447461 - 0.0013498980316) / (1 - 2 * 0.0013498980316), 60],
  ['lognormal', 0.5, 40],
  // F(x) = (1 - (20 / x)^1.5) / (1 - (20 / 80)^1.5); at 40 ms that is 0.738796.
  ['pareto', (1 - (20 / 40) ** 1.5) / (1 - (20 / 80) ** 1.5), 40],
] as const)
  test(`${shape}: a share of ${u.toFixed(4)} lies below ${expected} ms of 20..80`, (t) => {
    t.true(Math.abs(quantileOf({ from: 20, to: 80, shape }, u) - expected) < 1e-6);
  });
