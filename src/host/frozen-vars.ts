import type { InstancesVars } from '../instance/instance.js';
import type { AllVars } from '../protocol/instance-protocol.js';

/**
 * Reads everyone's variables, once for all instances that live together: if each of a thousand instances had its own
 * copy, memory would grow with the square of their number. The variables are frozen, because no instance may change
 * what another reads.
 */
export class FrozenVars {
  #key: number | undefined;
  #vars: InstancesVars = {};

  read({ key, json }: AllVars): InstancesVars {
    if (key !== this.#key) {
      this.#vars = freeze(JSON.parse(Buffer.from(json as Uint8Array).toString('utf8'))) as InstancesVars;
      this.#key = key;
    }
    return this.#vars;
  }
}

function freeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) freeze(part);
  return Object.freeze(value);
}
