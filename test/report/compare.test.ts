import test from 'ava';
import fc from 'fast-check';
import { compare, type ComparedRun } from '../../src/report/compare/comparison.js';
import { parseFailCondition } from '../../src/report/compare/fail-on.js';
import { judgeConditions } from '../../src/report/compare/judge-condition.js';
import { runsNeeded } from '../../src/report/compare/runs-needed.js';
import { differenceOf, sampleOf } from '../../src/report/compare/sample.js';
import { GumbyError } from '../../src/runtime/errors.js';
import { seededRandom } from '../../src/runtime/random.js';

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

/** Runs of two kinds by their values. */
function kinds(base: readonly number[], other: readonly number[]) {
  return compare([...base.map((value) => run('a', value)), ...other.map((value) => run('b', value))]);
}

function judged(text: string, base: readonly number[], other: readonly number[]) {
  const [one] = judgeConditions([parseFailCondition(text)], kinds(base, other));
  if (one === undefined) throw new Error('a condition is judged for each later kind');
  return one;
}

test('a condition is about a change, a difference or a value', (t) => {
  for (const [text, expected] of [
    ['level > +10%', 'failed'],
    ['level > 10%', 'failed'],
    ['level>+20%', 'passed'],
    ['level >= +20%', 'failed'],
    ['level < -5%', 'passed'],
    ['level > +1', 'failed'],
    ['level > +2', 'passed'],
    ['level > 11.5', 'failed'],
    ['level < 12', 'passed'],
    ['level <= 12', 'failed'],
  ] as const)
    // What is the same in every run has no chance in it.
    t.is(judged(text, [10, 10], [12, 12, 12]).judgement, expected, text);
  const unknown = t.throws(() => judged('levle > 1', [1], [1]), { instanceOf: GumbyError });
  t.regex(unknown.message, /none of the runs has a metric "levle"; did you mean "level"\?/);
  t.like(judgeConditions([parseFailCondition('level > 1')], compare([run('a', 1), run('b', undefined)])), [
    { judgement: 'failed', explanation: 'b or a has no such value' },
  ]);
});

test('a difference that chance explains fails nothing, and is told with the runs that it would take', (t) => {
  const noisy = judged('level > +10%', [100, 900, 500], [1200, 300, 492]);
  t.is(noisy.judgement, 'not-significant');
  t.regex(noisy.explanation, /^b has \+32\.8 % \(\+164 ± \d+ m\): beyond the limit, but chance explains it/);
  t.regex(noisy.explanation, /\(Welch's t-test against the limit, 95 %\); about \d+ runs of each kind would tell$/);
  t.true((noisy.runsNeeded ?? 0) > 50);
  // The same difference with little chance in it.
  const clear = judged('level > +10%', [500, 501, 499], [664, 665, 663]);
  t.is(clear.judgement, 'failed');
  t.regex(clear.explanation, /^b has \+32\.8 % \(\+164 ± 2\.\d+ m\): beyond the limit, and not by chance/);
  // Other than before, but perhaps within the limit.
  t.is(judged('level > +10%', [100, 101, 99], [111, 114, 108]).judgement, 'not-significant');
  t.is(judged('level > +0', [100, 101, 99], [111, 114, 108]).judgement, 'failed');
  t.is(judged('level > +10', [100, 101, 99], [150, 151, 149]).judgement, 'failed');
  t.is(judged('level < -10%', [100, 101, 99], [80, 81, 79]).judgement, 'failed');
  t.is(judged('level < -10%', [-100, -101, -99], [-130, -131, -129]).judgement, 'failed');
  // A value is what was measured.
  t.is(judged('level > 0', [0, 0, 0], [0, 0, 1]).judgement, 'failed');
});

test('a single run of a kind cannot be told from chance, and says how many it takes', (t) => {
  t.like(judged('level > +10%', [10], [12]), {
    judgement: 'too-few-runs',
    explanation:
      'b has +20 % (+2 m): beyond the limit, but with 1 run of a and 1 run of b nobody can tell that from chance; make 3 runs of each kind at least',
  });
  const oneSided = judged('level > +1', [10, 11, 9], [12]);
  t.is(oneSided.judgement, 'too-few-runs');
  t.true((oneSided.runsNeeded ?? 0) >= 10);
  t.regex(oneSided.explanation, /with 3 runs of a and 1 run of b nobody can tell that from chance; about \d+ runs/);
  t.is(judged('level > +10%', [10], [10.5]).judgement, 'passed', 'what was measured does not meet it');
});

test('from nothing any growth is beyond every percentage, unless chance explains it', (t) => {
  t.is(judged('level > +10%', [0, 0], [5, 5]).judgement, 'failed');
  t.is(judged('level > +10%', [0, 0, 0], [0, 0, 1]).judgement, 'not-significant');
  t.is(judged('level > +10%', [0, 0], [0, 0]).judgement, 'passed');
  t.is(judged('level >= +10%', [0, 0], [0, 0]).judgement, 'passed');
  t.is(judged('level < -10%', [0, 0], [5, 5]).judgement, 'passed');
});

test('with as many runs as were told it fails, if the spread stays: the estimate keeps its word', (t) => {
  const spread = [-8, -3, 1, 4, 6];
  const needed = runsNeeded(4, sampleOf(spread), sampleOf(spread.map((value) => value + 4)));
  t.true(needed !== undefined && needed > 5 && needed < 200, String(needed));
  // Of a normal distribution with that spread: quantiles at equal distances instead of chance.
  const more = Array.from({ length: needed ?? 0 }, (_, at) => spread[at % spread.length] ?? 0);
  t.is(
    judged(
      'level > +0',
      more,
      more.map((value) => value + 4),
    ).judgement,
    'failed',
  );
  t.is(runsNeeded(4, sampleOf([1]), sampleOf([2])), undefined);
  t.is(runsNeeded(1e-9, sampleOf([1, 2]), sampleOf([2, 3])), Infinity);
  t.is(runsNeeded(4, sampleOf([1, 1]), sampleOf([2])), 3);
});

test('runs that differ by chance alone fail a build about once in forty', (t) => {
  const random = seededRandom('1', 'compare');
  // A sum of uniform numbers is nearly normal.
  const value = () => Array.from({ length: 6 }, () => random.float()).reduce((sum, each) => sum + each, 0);
  const four = () => Array.from({ length: 4 }, value);
  let failed = 0;
  for (let count = 0; count < 2000; count++) if (judged('level > +0', four(), four()).judgement === 'failed') failed++;
  t.true(failed > 20 && failed < 80, `${failed} of 2000`);
});

test('what only has the same name is not compared', (t) => {
  const gauge = run('a', 1);
  const counter = run('b', 2);
  const [metric] = counter.metrics;
  if (metric === undefined) throw new Error('there is one');
  const { metrics, notes } = compare([gauge, { ...counter, metrics: [{ ...metric, unit: '1/s' }] }]);
  t.deepEqual(
    metrics.map(({ differences }) => differences),
    [[null], [null]],
  );
  t.deepEqual(notes, ['level is "Level (m)" in one run and "Level (1/s)" in another: the two are not compared']);
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
