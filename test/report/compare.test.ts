import test from 'ava';
import fc from 'fast-check';
import { compare, type ComparedRun } from '../../src/report/compare/comparison.js';
import { failuresOf, parseFailCondition } from '../../src/report/compare/fail-on.js';
import { differenceOf, sampleOf } from '../../src/report/compare/sample.js';
import { GumbyError } from '../../src/runtime/errors.js';

function run(label: string, value: number | undefined, validity: 'VALID' | 'INVALID' = 'VALID'): ComparedRun {
  const metrics = value === undefined ? [] : [{ name: 'level', title: 'Level', unit: 'm', value }];
  return { label, directory: `output-${label}`, outcome: 'succeeded', seed: '1', validity, metrics };
}

test('intervals are those of the tables of Student’s t, and of Welch’s example', (t) => {
  const near = (value: number | undefined, expected: number) =>
    t.true(Math.abs((value ?? 0) - expected) < 0.01, String(value));
  near(sampleOf([1, 3]).plusMinus, 12.706);
  near(sampleOf([1, 2, 3, 4, 5]).plusMinus, (2.776 * Math.sqrt(2.5)) / Math.sqrt(5));
  t.is(sampleOf([7]).plusMinus, undefined);
  // Of equal sizes and variances it is Student's: 2.306 for 8 degrees of freedom.
  const { absolute, plusMinus, isSignificant } = differenceOf(sampleOf([1, 2, 3, 4, 5]), sampleOf([5, 6, 7, 8, 9]));
  t.is(absolute, 4);
  near(plusMinus, 2.306 * Math.sqrt((2 * 2.5) / 5));
  t.true(isSignificant);
  t.deepEqual(differenceOf(sampleOf([0]), sampleOf([2])), { absolute: 2 });
  t.deepEqual(differenceOf(sampleOf([-4]), sampleOf([-2])), { absolute: 2, percent: 50 });
});

test('a metric that is not in every run of a kind is not made up', (t) => {
  const { metrics, kinds } = compare([run('a', 10), run('b', 12), run('b', undefined), run('c', 5)]);
  t.deepEqual(
    kinds.map(({ label, runs }) => [label, runs.length]),
    [
      ['a', 1],
      ['b', 2],
      ['c', 1],
    ],
  );
  t.deepEqual(metrics[0]?.samples, [{ values: [10], mean: 10 }, null, { values: [5], mean: 5 }]);
  t.deepEqual(metrics[0]?.differences, [null, { absolute: -5, percent: -50 }]);
});

test('runs that cannot be trusted are named', (t) => {
  const { notes } = compare([run('a', 1, 'INVALID'), { ...run('b', 1), outcome: 'failed' }]);
  t.deepEqual(notes, ['output-a: the run is INVALID, its times are not to be trusted', 'output-b: the run failed']);
});

test('a condition is about a change, a difference or a value', (t) => {
  const comparison = compare([run('a', 10), run('b', 12)]);
  const fails = (text: string) => failuresOf([parseFailCondition(text)], comparison).length > 0;
  for (const [text, expected] of [
    ['level > +10%', true],
    ['level > 10%', true],
    ['level>+20%', false],
    ['level >= +20%', true],
    ['level < -5%', false],
    ['level > +1', true],
    ['level > +2', false],
    ['level > 11.5', true],
    ['level < 12', false],
    ['level <= 12', true],
  ] as const)
    t.is(fails(text), expected, text);
  t.deepEqual(failuresOf([parseFailCondition('level > +1')], comparison), ['level > +1: b has +2 m']);
  const unknown = t.throws(() => fails('levle > 1'), { instanceOf: GumbyError });
  t.regex(unknown.message, /none of the runs has a metric "levle"; did you mean "level"\?/);
  t.deepEqual(failuresOf([parseFailCondition('level > 1')], compare([run('a', 1), run('b', undefined)])), [
    'level > 1: b or a has no such value',
  ]);
});

test('what is no condition is refused, whatever it is', (t) => {
  for (const text of ['', 'level', 'level > ', 'level > ten', 'level = 5', '> 5', 'level > +-5%', 'level > 5%%'])
    t.throws(() => parseFailCondition(text), { instanceOf: GumbyError, message: /is no condition/ }, text);
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        parseFailCondition(text);
        return true;
      } catch (error) {
        return error instanceof GumbyError && error.code === 'COMMAND_LINE_INVALID';
      }
    }),
  );
});
