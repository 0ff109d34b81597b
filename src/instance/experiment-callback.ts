import type { Parameter } from '../runtime/parameter.js';
import type { TypedParameter } from './typed-parameters.js';

export interface CallbackOptions<P extends readonly TypedParameter<unknown>[]> {
  /** The command's name. @default the method's name, in snake_case and as written */
  readonly name?: string;
  /** Typed parameters in order of position; by them arguments are checked before the run, and converted. */
  readonly parameters?: P;
}

/** A method that takes its arguments as the scenario's text. */
type TextMethod = (...args: never[]) => unknown;

type ValuesOf<P extends readonly TypedParameter<unknown>[]> = {
  -readonly [K in keyof P]: P[K] extends TypedParameter<infer T> ? T : never;
};

type MethodDecorator<M> = (method: M, context: ClassMethodDecoratorContext) => void;

/** Untyped parameters are text: a method that wants numbers says so with typed parameters. */
type TakesText<M extends TextMethod> =
  string[] extends Parameters<M> ? M : Partial<Parameters<M>> extends (string | undefined)[] ? M : never;

/**
 * Makes a method of an experiment module a command of the scenario. Bare, called, with a name, or with options:
 *
 * ```ts
 * @experimentCallback hello() {}
 * @experimentCallback('say_hello') hello() {}
 * @experimentCallback({ parameters: [integer('repetitions', { min: 1 })] }) hello(repetitions: number) {}
 * ```
 */
export function experimentCallback<M extends TextMethod>(
  method: TakesText<M>,
  context: ClassMethodDecoratorContext,
): void;
export function experimentCallback(
  name?: string,
): <M extends TextMethod>(method: TakesText<M>, context: ClassMethodDecoratorContext) => void;
export function experimentCallback<const P extends readonly TypedParameter<unknown>[]>(
  options: CallbackOptions<P> & { readonly parameters: P },
): MethodDecorator<(...args: ValuesOf<P>) => unknown>;
export function experimentCallback(
  first?: TextMethod | string | CallbackOptions<readonly TypedParameter<unknown>[]>,
  context?: ClassMethodDecoratorContext,
): unknown {
  if (typeof first === 'function') {
    register(context as ClassMethodDecoratorContext, {});
    return undefined;
  }
  const options = typeof first === 'string' ? { name: first } : (first ?? {});
  return (_method: TextMethod, decorated: ClassMethodDecoratorContext) => register(decorated, options);
}

/** A callback as its decorator recorded it. */
export interface RegisteredCallback {
  readonly methodName: string;
  readonly names: readonly [string, ...string[]];
  readonly parameters?: readonly Parameter[];
}

/** The callbacks of a class and its base classes, base first; a method that is overridden stays a callback. */
export function callbacksOf(moduleClass: abstract new (...args: never[]) => unknown): readonly RegisteredCallback[] {
  const byMethod = new Map<string, RegisteredCallback>();
  const chain: Registry[] = [];
  for (
    let metadata = metadataOf(moduleClass);
    metadata;
    metadata = Object.getPrototypeOf(metadata) as typeof metadata
  ) {
    const registry = Object.hasOwn(metadata, CALLBACKS) ? metadata[CALLBACKS] : undefined;
    if (registry !== undefined) chain.unshift(registry);
  }
  for (const callback of chain.flat()) byMethod.set(callback.methodName, callback);
  return [...byMethod.values()];
}

type Registry = RegisteredCallback[];

/** The symbol is shared by every copy of this library in a thread. */
const CALLBACKS = Symbol.for('gumby.callbacks');

type Metadata = Record<symbol, Registry | undefined> & object;

function metadataOf(moduleClass: abstract new (...args: never[]) => unknown): Metadata | null {
  // Node has no Symbol.metadata yet; esbuild's decorators fall back to this symbol.
  const key = (Symbol as { metadata?: symbol }).metadata ?? Symbol.for('Symbol.metadata');
  return ((moduleClass as unknown as Record<symbol, unknown>)[key] ?? null) as Metadata | null;
}

function register(
  context: ClassMethodDecoratorContext,
  options: CallbackOptions<readonly TypedParameter<unknown>[]>,
): void {
  if (context.static || context.private || typeof context.name !== 'string')
    throw new TypeError(
      `@experimentCallback marks public methods; ${String(context.name)} is a ${context.static ? 'static ' : ''}${context.private ? 'private ' : ''}${context.kind}`,
    );
  const metadata = context.metadata as unknown as Metadata;
  if (!Object.hasOwn(metadata, CALLBACKS)) metadata[CALLBACKS] = [];
  metadata[CALLBACKS]?.push({
    methodName: context.name,
    names: options.name === undefined ? namesOf(context.name) : [options.name],
    ...(options.parameters === undefined ? {} : { parameters: options.parameters.map(plainParameter) }),
  });
}

/** `extendedHello` answers to `extended_hello` and `extendedHello`. */
function namesOf(methodName: string): readonly [string, ...string[]] {
  const snake = methodName.replace(/([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])/g, '$1$3_$2$4').toLowerCase();
  return snake === methodName ? [snake] : [snake, methodName];
}

function plainParameter(parameter: TypedParameter<unknown>): Parameter {
  return parameter;
}
