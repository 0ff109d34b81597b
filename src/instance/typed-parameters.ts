import type {
  BooleanParameter,
  ChoiceParameter,
  FloatParameter,
  IntegerParameter,
  Parameter,
  TextParameter,
} from '../runtime/parameter.js';
import { GumbyError } from '../runtime/errors.js';

/** A parameter that hands the method a `T`. */
export type TypedParameter<T> = Parameter & { readonly [VALUE]?: T };

/** The key carries the type only; no object has it. */
declare const VALUE: unique symbol;

export interface NumberOptions {
  readonly min?: number;
  readonly max?: number;
  readonly default?: number;
}

/** A whole number, within the range given. */
export function integer(name: string, options: NumberOptions = {}): TypedParameter<number> {
  return checked({ ...options, type: 'integer', name } satisfies IntegerParameter);
}

/** A number, within the range given. */
export function float(name: string, options: NumberOptions = {}): TypedParameter<number> {
  return checked({ ...options, type: 'float', name } satisfies FloatParameter);
}

/** `true`, `yes`, `on`, `1` or `false`, `no`, `off`, `0`, in any case. */
export function boolean(name: string, options: { readonly default?: boolean } = {}): TypedParameter<boolean> {
  return checked({ ...options, type: 'boolean', name } satisfies BooleanParameter);
}

/** One of the given words. */
export function choice<const C extends readonly [string, ...string[]]>(
  name: string,
  choices: C,
  options: { readonly default?: C[number] } = {},
): TypedParameter<C[number]> {
  return checked({ ...options, type: 'choice', name, choices } satisfies ChoiceParameter);
}

/** Any text. */
export function text(name: string, options: { readonly default?: string } = {}): TypedParameter<string> {
  return checked({ ...options, type: 'text', name } satisfies TextParameter);
}

/** @throws GumbyError PARAMETER_INVALID for a name that a scenario could not write, or a default out of range. */
function checked<T extends Parameter>(parameter: T): T {
  if (!/^[A-Za-z_]\w*$/.test(parameter.name))
    throw new GumbyError('PARAMETER_INVALID', `"${parameter.name}" is no parameter name: use letters, digits and _`);
  const bounds = 'min' in parameter || 'max' in parameter ? parameter : {};
  const { min = -Infinity, max = Infinity } = bounds as NumberOptions;
  if (min > max)
    throw new GumbyError('PARAMETER_INVALID', `parameter ${parameter.name}: min ${min} is greater than max ${max}`);
  if (typeof parameter.default === 'number' && !(parameter.default >= min && parameter.default <= max))
    throw new GumbyError(
      'PARAMETER_INVALID',
      `parameter ${parameter.name}: its default ${parameter.default} is out of range`,
    );
  return parameter.default === undefined ? parameter : { ...parameter, optional: true };
}
