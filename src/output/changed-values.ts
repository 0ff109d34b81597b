import type { JsonValue } from '../runtime/json-value.js';

/** Values by name; the values of a group are in an object of their own. */
export interface Values {
  readonly [name: string]: JsonValue | Values;
}

/** The values that are new or have changed, with groups reduced to their own changes; undefined when nothing has changed. */
export function changedValues(before: Values, now: Values): Values | undefined {
  const changed: [name: string, value: JsonValue | Values][] = [];
  for (const name of Object.keys(now)) {
    const value = now[name];
    if (value === undefined) continue;
    // A message may have the name of something that every object has, e.g. `constructor`.
    const old = Object.hasOwn(before, name) ? before[name] : undefined;
    if (old === value) continue;
    if (!isGroup(value)) {
      if (typeof value !== 'object' || JSON.stringify(old) !== JSON.stringify(value)) changed.push([name, value]);
      continue;
    }
    const inGroup = changedValues(isGroup(old) ? old : {}, value);
    if (inGroup !== undefined) changed.push([name, inGroup]);
  }
  return changed.length > 0 ? Object.fromEntries(changed) : undefined;
}

function isGroup(value: JsonValue | Values | undefined): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
