import type { JsonValue } from 'gumby';

/** Values by name; those of a group are in an object of their own. */
export interface Values {
  readonly [name: string]: JsonValue | Values;
}

/** What is new or other than before, groups reduced to their own changes; nothing when all is as it was. */
export function changedValues(before: Values, now: Values): Values | undefined {
  const changed: Record<string, JsonValue | Values> = {};
  for (const [name, value] of Object.entries(now)) {
    const old = before[name];
    if (!isGroup(value)) {
      if (JSON.stringify(old) !== JSON.stringify(value)) changed[name] = value;
      continue;
    }
    const inGroup = changedValues(isGroup(old) ? old : {}, value);
    if (inGroup !== undefined) changed[name] = inGroup;
  }
  return Object.keys(changed).length > 0 ? changed : undefined;
}

function isGroup(value: JsonValue | Values | undefined): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
