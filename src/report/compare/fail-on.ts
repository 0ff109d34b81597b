import { closest } from 'fastest-levenshtein';
import { GumbyError } from '../../runtime/errors.js';
import type { Comparison, MetricComparison } from './comparison.js';

/** What must not be: `METRIC > +10%`, a change; `METRIC > +5`, a difference; `METRIC > 100`, a value. */
export interface FailCondition {
  readonly text: string;
  readonly metric: string;
  readonly operator: '>' | '<' | '>=' | '<=';
  readonly of: 'change' | 'difference' | 'value';
  /** Percent for a change. */
  readonly limit: number;
}

const CONDITION = /^\s*([\w.-]+)\s*(>=|<=|>|<)\s*([+-]?)(\d+(?:\.\d+)?)\s*(%?)\s*$/;

/** @throws GumbyError COMMAND_LINE_INVALID */
export function parseFailCondition(text: string): FailCondition {
  const match = CONDITION.exec(text);
  if (match === null)
    throw new GumbyError(
      'COMMAND_LINE_INVALID',
      `--fail-on "${text}" is no condition: expected METRIC > +10% (a change), METRIC > +5 (a difference) or METRIC > 100 (a value)`,
    );
  const [, metric = '', operator, sign = '', number = '', percent = ''] = match;
  const limit = Number(`${sign}${number}`);
  const of = percent === '%' ? 'change' : sign === '' ? 'value' : 'difference';
  return { text, metric, operator: operator as FailCondition['operator'], of, limit };
}

/**
 * What of a comparison meets the conditions, for people.
 * @throws GumbyError COMMAND_LINE_INVALID for a metric that none of the runs has
 */
export function failuresOf(conditions: readonly FailCondition[], { metrics, kinds }: Comparison): readonly string[] {
  return conditions.flatMap((condition) => {
    const metric = metrics.find(({ name }) => name === condition.metric);
    if (metric === undefined) throw unknownMetric(condition, metrics);
    return kinds.slice(1).flatMap(({ label }, at) => {
      const value = valueOf(condition, metric, at);
      if (value === undefined) return [`${condition.text}: ${label} or ${kinds[0]?.label ?? ''} has no such value`];
      return isMet(condition, value)
        ? [`${condition.text}: ${label} has ${described(condition, value, metric.unit)}`]
        : [];
    });
  });
}

function valueOf({ of }: FailCondition, { samples, differences }: MetricComparison, at: number): number | undefined {
  switch (of) {
    case 'change':
      return differences[at]?.percent;
    case 'difference':
      return differences[at]?.absolute;
    case 'value':
      return samples[at + 1]?.mean;
  }
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

function described({ of }: FailCondition, value: number, unit: string): string {
  const number = Number(value.toPrecision(4));
  const sign = value > 0 && of !== 'value' ? '+' : '';
  return `${sign}${number}${of === 'change' ? ' %' : unit === '' ? '' : ` ${unit}`}`;
}

function unknownMetric({ text, metric }: FailCondition, metrics: readonly MetricComparison[]): GumbyError {
  const names = metrics.map(({ name }) => name);
  const near = names.length === 0 ? '' : `; did you mean "${closest(metric, names)}"?`;
  return new GumbyError(
    'COMMAND_LINE_INVALID',
    `--fail-on "${text}": none of the runs has a metric "${metric}"${near} (--all lists them)`,
  );
}
