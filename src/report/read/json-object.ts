import type { JsonValue } from '../../runtime/json-value.js';

/** A JSON object whose keys may be any text: they are read with `Object.entries`, or as fields that are known. */
export type JsonObject = { readonly [key: string]: JsonValue };

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
