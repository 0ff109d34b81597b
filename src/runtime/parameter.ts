/**
 * The typed parameters of a scenario command. They are plain data, because a description crosses threads: the worker
 * that loads the modules describes them, the main thread checks scenarios against them, every instance converts by them.
 */
export type Parameter = TextParameter | IntegerParameter | FloatParameter | BooleanParameter | ChoiceParameter;

interface ParameterBase {
  readonly name: string;
  /** The parameter takes all remaining positional arguments. */
  readonly rest?: boolean;
  /** The argument may be left out: the method has a default of its own, or `default` is set. */
  readonly optional?: boolean;
}

export interface TextParameter extends ParameterBase {
  readonly type: 'text';
  readonly default?: string;
}

export interface IntegerParameter extends ParameterBase {
  readonly type: 'integer';
  readonly default?: number;
  readonly min?: number;
  readonly max?: number;
}

export interface FloatParameter extends ParameterBase {
  readonly type: 'float';
  readonly default?: number;
  readonly min?: number;
  readonly max?: number;
}

export interface BooleanParameter extends ParameterBase {
  readonly type: 'boolean';
  readonly default?: boolean;
}

export interface ChoiceParameter extends ParameterBase {
  readonly type: 'choice';
  readonly choices: readonly string[];
  readonly default?: string;
}

export type ParameterValue = string | number | boolean;

export type ConvertedArgument =
  { readonly ok: true; readonly value: ParameterValue } | { readonly ok: false; readonly expected: string };

/** Converts the text of an argument; on failure `expected` completes "expected …". */
export function convertArgument(parameter: Parameter, text: string): ConvertedArgument {
  switch (parameter.type) {
    case 'text':
      return { ok: true, value: text };
    case 'integer':
    case 'float': {
      const pattern = parameter.type === 'integer' ? INTEGER : FLOAT;
      const value = Number(text);
      const inRange = value >= (parameter.min ?? -Infinity) && value <= (parameter.max ?? Infinity);
      const safe = parameter.type === 'float' ? Number.isFinite(value) : Number.isSafeInteger(value);
      return pattern.test(text) && inRange && safe
        ? { ok: true, value }
        : { ok: false, expected: describeType(parameter) };
    }
    case 'boolean': {
      const value = BOOLEANS.get(text.toLowerCase());
      return value === undefined ? { ok: false, expected: describeType(parameter) } : { ok: true, value };
    }
    case 'choice':
      return parameter.choices.includes(text)
        ? { ok: true, value: text }
        : { ok: false, expected: describeType(parameter) };
  }
}

/** What a parameter takes, in words: `an integer from 1 to 10`. */
export function describeType(parameter: Parameter): string {
  switch (parameter.type) {
    case 'text':
      return 'text';
    case 'integer':
      return `an integer${describeRange(parameter)}`;
    case 'float':
      return `a number${describeRange(parameter)}`;
    case 'boolean':
      return 'a boolean (true, yes, on, 1, or false, no, off, 0)';
    case 'choice':
      return `one of ${parameter.choices.join(', ')}`;
  }
}

function describeRange({ min, max }: IntegerParameter | FloatParameter): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  if (max !== undefined) return ` of at most ${max}`;
  return '';
}

const INTEGER = /^[+-]?\d+$/;
const FLOAT = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** ConfigObj's spelling of booleans, which Gumby's users know. */
export const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes', 'on', '1'].map((word) => [word, true] as const),
  ...['false', 'no', 'off', '0'].map((word) => [word, false] as const),
]);
