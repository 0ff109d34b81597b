import type { JsonValue } from '../../runtime/json-value.js';

/** One whose keys may be anything: they are looked up with `Object.entries` or as fields that are known. */
export type JsonObject = { readonly [key: string]: JsonValue };

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
