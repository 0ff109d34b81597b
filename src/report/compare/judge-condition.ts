import { rounded, signed } from './number-text.js';
import { closest } from 'fastest-levenshtein';
import { GumbyError } from '../../runtime/errors.js';
import type { Comparison, MetricComparison } from './comparison.js';
import type { FailCondition } from './fail-on.js';
import { RUNS_MAX, RUNS_MIN, runsNeeded } from './runs-needed.js';
import { differenceOf, type Sample, sampleOf, welch } from './sample.js';

/**
 * `passed`: the condition is not met; `failed`: it is met; `not-significant`: the measured values meet it, but chance
 * explains that; `too-few-runs`: the measured values meet it, but with a single run of a kind nobody can tell whether
 * by chance.
 */
export type Judgement = 'passed' | 'failed' | 'not-significant' | 'too-few-runs';

/** The result of one condition for one kind of runs. */
export interface JudgedCondition {
  readonly condition: string;
  /** The label of the kind. */
  readonly label: string;
  readonly judgement: Judgement;
  /** The judgement in words. */
  readonly explanation: string;
  /** How many runs of each kind it would take to tell; absent where more runs would not help, or their number is not known. */
  readonly runsNeeded?: number;
}

/**
 * Holds conditions against a comparison. A change or a difference meets one only if its whole 95 % confidence interval lies beyond the
 * limit, by Welch's t-test; a value is taken as it was measured.
 * @throws GumbyError COMMAND_LINE_INVALID for a metric that none of the runs has
 */
export function judgeConditions(
  conditions: readonly FailCondition[],
  { metrics, kinds }: Comparison,
): readonly JudgedCondition[] {
  return conditions.flatMap((condition) => {
    const metric = metrics.find(({ name }) => name === condition.metric);
    if (metric === undefined) throw unknownMetric(condition, metrics);
    const base = kinds[0]?.label ?? '';
    return kinds.slice(1).map(({ label }, at) => ({
      condition: condition.text,
      label,
      ...judge(condition, metric, { base, label, at: at + 1 }),
    }));
  });
}

type Judged = Omit<JudgedCondition, 'condition' | 'label'>;

interface Pair {
  readonly base: string;
  readonly label: string;
  /** The position of the kind among all kinds. */
  readonly at: number;
}

function judge(condition: FailCondition, { samples, unit }: MetricComparison, { base, label, at }: Pair): Judged {
  const [ofBase, other] = [samples[0], samples[at]];
  if (!other || (!ofBase && condition.of !== 'value'))
    return { judgement: 'failed', explanation: `${label} or ${base} has no such value` };
  if (condition.of === 'value' || !ofBase)
    return isMet(condition, other.mean)
      ? { judgement: 'failed', explanation: `${label} has ${withUnit(other.mean, unit)}` }
      : { judgement: 'passed', explanation: `${label} has ${withUnit(other.mean, unit)}` };
  const has = `${label} has ${describedDifference(ofBase, other, unit)}`;
  if (!isMeasuredToMeet(condition, ofBase, other)) return { judgement: 'passed', explanation: has };
  return tested(has, limitOf(condition, ofBase), other, { base, label });
}

/** @param limit - the base's sample moved to the limit */
function tested(has: string, limit: Sample, other: Sample, { base, label }: Pick<Pair, 'base' | 'label'>): Judged {
  const distance = other.mean - limit.mean;
  const reach = welch(limit, other);
  if (reach !== undefined && (reach === 0 || Math.abs(distance) > reach))
    return { judgement: 'failed', explanation: `${has}: beyond the limit, and not by chance (${TEST})` };
  const needed = runsNeeded(distance, limit, other);
  const known = needed === undefined || needed === Infinity ? {} : { runsNeeded: needed };
  if (reach !== undefined)
    return {
      judgement: 'not-significant',
      explanation: `${has}: beyond the limit, but chance explains it (${TEST}); ${advice(needed)}`,
      ...known,
    };
  const counts = `${runs(limit)} of ${base} and ${runs(other)} of ${label}`;
  return {
    judgement: 'too-few-runs',
    explanation: `${has}: beyond the limit, but with ${counts} nobody can tell that from chance; ${advice(needed)}`,
    ...known,
  };
}

const TEST = "Welch's t-test against the limit, 95 %";

function advice(needed: number | undefined): string {
  if (needed === undefined) return `make ${RUNS_MIN} runs of each kind at least`;
  if (needed === Infinity) return `not even ${RUNS_MAX} runs of each kind would tell: it is too close to the limit`;
  return `about ${needed} runs of each kind would tell`;
}

function runs({ values }: Sample): string {
  return `${values.length} run${values.length === 1 ? '' : 's'}`;
}

/** The base's sample moved to the limit: by the difference that is allowed, or by the percentage. */
function limitOf({ of, limit }: FailCondition, { values, mean }: Sample): Sample {
  const factor = 1 + (Math.sign(mean) * limit) / 100;
  return sampleOf(values.map((value) => (of === 'change' ? factor * value : value + limit)));
}

/** A change from 0 has no percentage: it counts as larger than any limit in its direction. */
function isMeasuredToMeet(condition: FailCondition, base: Sample, other: Sample): boolean {
  const { absolute, percent = Infinity * absolute } = differenceOf(base, other);
  return isMet(condition, condition.of === 'change' ? percent : absolute);
}

function isMet({ operator, limit }: FailCondition, value: number): boolean {
  switch (operator) {
    case '>':
      return value > limit;
    case '<':
      return value < limit;
    case '>=':
      return value >= limit;
    case '<=':
      return value <= limit;
  }
}

/** `+95.24 % (+20 ± 6.085 m)`. */
function describedDifference(base: Sample, other: Sample, unit: string): string {
  const { absolute, percent, plusMinus } = differenceOf(base, other);
  const range = plusMinus === undefined ? '' : ` ± ${rounded(plusMinus)}`;
  const difference = `${signed(absolute)}${range}${unit === '' ? '' : ` ${unit}`}`;
  return percent === undefined ? difference : `${signed(percent)} % (${difference})`;
}

function withUnit(value: number, unit: string): string {
  return unit === '' ? rounded(value) : `${rounded(value)} ${unit}`;
}

function unknownMetric({ text, metric }: FailCondition, metrics: readonly MetricComparison[]): GumbyError {
  const names = metrics.map(({ name }) => name);
  const near = names.length === 0 ? '' : `; did you mean "${closest(metric, names)}"?`;
  return new GumbyError(
    'COMMAND_LINE_INVALID',
    `--fail-on "${text}": none of the runs has a metric "${metric}"${near} (--all lists them)`,
  );
}
