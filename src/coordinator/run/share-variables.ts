import type { AllVars } from '../../protocol/instance-protocol.js';
import type { InstanceVars, ServerVars } from '../../protocol/variables.js';
import { seededRandom } from '../../runtime/random.js';
import type { InstanceActor } from '../instances/instance-actor.js';
import type { BringUpComponents } from './ready-instances.js';
import { whenAborted } from './when-aborted.js';

/** What every instance is told of all. */
export interface SharedVariables {
  readonly allVars: AllVars;
  readonly serverVars: ServerVars;
}

/** Tells every instance everyone's variables; resolves with them when all have taken note. */
export async function shareVariables(
  instances: readonly InstanceActor[],
  seed: string,
  { watch, signal }: BringUpComponents,
): Promise<SharedVariables> {
  const allVars: Record<number, InstanceVars> = {};
  for (const instance of instances) allVars[instance.id] = instance.vars;
  const shared = { key: ++sharedCount, json: sharedJson(allVars) };
  const serverVars: ServerVars = { global_random: seededRandom(seed, 'server-vars').float() };
  const told = instances.map((instance) => instance.receiveAllVars(shared, serverVars));
  await Promise.race([Promise.all(told), watch.stalled, whenAborted(signal)]);
  return { allVars: shared, serverVars };
}

/** Each set of variables that was shared in this process has a number of its own. */
let sharedCount = 0;

/** One copy for all threads: a thousand instances' variables, cloned for a thousand instances, would be gigabytes. */
function sharedJson(value: unknown): SharedArrayBuffer {
  const bytes = Buffer.from(JSON.stringify(value));
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  return shared;
}
