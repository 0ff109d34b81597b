import type { JsonValue } from '../runtime/json-value.js';

export type { JsonValue };

/** What an instance publishes to all others before the start: `public_key`, `host`, `port`, … */
export type InstanceVars = Record<string, JsonValue>;

/** `InstanceVars` as JSON: the coordinator takes nothing but text from a thread that runs a user's code. */
export type VarsJson = string;

/** What the coordinator publishes to every instance: `global_random`, in [0, 1), the same for all. */
export interface ServerVars extends Readonly<Record<string, JsonValue>> {
  readonly global_random: number;
}
