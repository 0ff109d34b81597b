import { GumbyError } from '../../runtime/errors.js';

/** A condition under which a comparison fails: `METRIC > +10%`, a change; `METRIC > +5`, a difference; `METRIC > 100`, a value. */
export interface FailCondition {
  readonly text: string;
  readonly metric: string;
  readonly operator: '>' | '<' | '>=' | '<=';
  readonly of: 'change' | 'difference' | 'value';
  /** The limit; in percent for a change. */
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
