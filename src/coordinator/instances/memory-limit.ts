import { type Clock, every, type Timer } from '../../runtime/clock.js';
import { GumbyError } from '../../runtime/errors.js';
import type { HostLink } from '../../protocol/instance-link.js';
import type { InstanceActor } from './instance-actor.js';

const INTERVAL_MS = 250;

/**
 * Ends instances whose memory outside of the heap is over the limit: Buffers, typed arrays, memory of native code. The
 * limit of the heap is kept by V8 itself. A thread notes its memory when it has worked for a while and its event loop
 * turns, so the memory of a loop that never yields is not seen.
 */
export function limitMemory(
  hosts: readonly HostLink[],
  instances: readonly InstanceActor[],
  instanceLimitMb: number,
  clock: Clock,
): Timer {
  return every(
    clock,
    INTERVAL_MS,
    () => {
      for (const { ids, name, isUp, gauges } of hosts) {
        if (!isUp) continue;
        const limitMb = ids.length * instanceLimitMb;
        const [heapMb, externalMb] = [gauges.get('heapUsedBytes'), gauges.get('externalBytes')].map(
          (bytes) => bytes / 2 ** 20,
        ) as [number, number];
        if (heapMb + externalMb <= limitMb) continue;
        const error = memoryError(name, heapMb, externalMb, limitMb);
        for (const id of ids) void instances[id - 1]?.fail(error);
      }
    },
    { weak: true },
  );
}

function memoryError(name: string, heapMb: number, externalMb: number, limitMb: number): GumbyError {
  return new GumbyError(
    'INSTANCE_LOST',
    `${name} ran out of memory: ${Math.round(externalMb)} MiB in Buffers and the like and ${Math.round(heapMb)} MiB of heap are more than the limit of ${limitMb} MiB (option instance_memory)`,
    { context: { heapMb, externalMb, limitMb, machineLimit: true } },
  );
}
