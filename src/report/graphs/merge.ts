import type { Specification } from './specification.js';

/**
 * Merges a specification over another one: objects are merged; a list takes an object for each of its entries, or a
 * list entry by entry; any other value is replaced.
 */
export function merged(base: Specification, over: Specification): Specification {
  return mergedValue(base, over) as Specification;
}

function mergedValue(base: unknown, over: unknown): unknown {
  if (Array.isArray(base) && isPlainObject(over)) return base.map((each: unknown) => mergedValue(each, over));
  if (Array.isArray(base) && Array.isArray(over) && over.every(isPlainObject))
    return Array.from({ length: Math.max(base.length, over.length) }, (_, at) =>
      at < over.length ? mergedValue(base[at], over[at]) : (base[at] as unknown),
    );
  if (!isPlainObject(base) || !isPlainObject(over)) return over;
  const result = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) result.set(key, mergedValue(result.get(key), value));
  return Object.fromEntries(result);
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
