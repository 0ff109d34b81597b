import { GumbyError } from '../runtime/errors.js';
import type { InstanceVars, JsonValue } from '../protocol/variables.js';

/**
 * The deepest nesting that is taken: deeper data comes from getters that make ever new objects, and would overflow the
 * stack of its readers.
 */
const DEPTH_MAX = 200;

/**
 * The variables that an instance publishes, copied as plain data. Everyone gets them as JSON, so only values that JSON
 * can hold are taken: any other value would arrive as something that its author never wrote, such as `{}` for a `Map`.
 * Nothing is asked of the values' prototypes, which
 * modules may have changed, and no `toJSON` is called.
 * @throws GumbyError PARAMETER_INVALID naming the variable and the place in it
 */
export function publishableVars(vars: InstanceVars): InstanceVars {
  return copyOfObject(vars, 'vars', []) as InstanceVars;
}

/** @param around - the objects and arrays that this value stands in, outermost first */
function copyOf(value: unknown, path: string, around: readonly object[]): JsonValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value;
      throw unpublishable(path, `is ${value}, and JSON has only finite numbers`, 'publish a number, a text or null');
    case 'object':
      if (value === null) return null;
      if (around.includes(value)) throw unpublishable(path, 'refers back to what it stands in', NAME_IT);
      if (around.length >= DEPTH_MAX) throw unpublishable(path, `is nested deeper than ${DEPTH_MAX} levels`, NAME_IT);
      return Array.isArray(value) ? copyOfArray(value, path, around) : copyOfObject(value, path, around);
    default:
      throw unpublishable(path, `is ${article(typeof value)}`, 'publish what it stands for as a number or a text');
  }
}

const NAME_IT = 'publish a number or a name that stands for it';

function copyOfArray(array: readonly unknown[], path: string, around: readonly object[]): JsonValue {
  if (Object.getPrototypeOf(array) !== Array.prototype) throw unpublishableInstance(array, path);
  const within = [...around, array];
  const copy: JsonValue[] = [];
  // Elements are read by index: a hole reads as undefined, and would arrive as null.
  for (let index = 0; index < array.length; index++) copy.push(copyOf(array[index], `${path}[${index}]`, within));
  const extra = Reflect.ownKeys(array).find((key) => key !== 'length' && !Object.hasOwn(copy, key));
  // Beside its elements an array may have properties like any object, which JSON leaves out.
  if (extra !== undefined)
    throw unpublishable(pathOf(path, extra), 'is a property of an array', 'publish an object instead of the array');
  return copy;
}

function copyOfObject(object: object, path: string, around: readonly object[]): JsonValue {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== null && prototype !== Object.prototype) throw unpublishableInstance(object, path);
  const within = [...around, object];
  // The copy has no prototype: a setter in one could keep the value, and `__proto__` is a name like others.
  const copy = Object.create(null) as Record<string, JsonValue>;
  for (const key of Reflect.ownKeys(object)) {
    const at = pathOf(path, key);
    if (typeof key === 'symbol') throw unpublishable(at, 'has a symbol for its name', 'give it a text as its name');
    copy[key] = copyOf((object as Readonly<Record<string, unknown>>)[key], at, within);
  }
  return copy;
}

function pathOf(path: string, key: string | symbol): string {
  if (typeof key === 'symbol') return `${path}[${String(key)}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

/** What to write instead, for the classes that are published by mistake most often. */
const INSTEAD: Readonly<Record<string, string>> = {
  Map: 'publish Object.fromEntries(map) or [...map]',
  Set: 'publish [...set]',
  Date: 'publish date.getTime() or date.toISOString()',
  Buffer: "publish buffer.toString('base64')",
  Uint8Array: "publish Buffer.from(bytes).toString('base64')",
  RegExp: 'publish pattern.source',
  URL: 'publish url.href',
};

function unpublishableInstance(object: object, path: string): GumbyError {
  const name = classNameOf(object);
  const instead = Object.hasOwn(INSTEAD, name) ? INSTEAD[name] : 'publish its values in a plain object or an array';
  return unpublishable(path, `is an instance of ${name}`, instead as string);
}

/** The name of an object's class, by its constructor, which a module may have hidden. */
function classNameOf(object: object): string {
  const { constructor: made } = object as { readonly constructor?: unknown };
  return typeof made === 'function' && made.name !== '' ? made.name : 'a class without a name';
}

function article(type: string): string {
  return type === 'undefined' ? type : `a ${type}`;
}

function unpublishable(path: string, what: string, wayOut: string): GumbyError {
  return new GumbyError('PARAMETER_INVALID', `${path} cannot be published: it ${what}; ${wayOut}`, {
    context: { variable: path },
  });
}
