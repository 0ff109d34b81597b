import type { InstanceLook } from './instance-monitor.js';
import type { InstanceGauges } from '../statistics/instance-gauges.js';
import { sumOf } from './measurements.js';

/** The throughput of all instances together, for people who watch. */
export interface Throughput {
  readonly datagramsPerS: number;
  readonly bytesPerS: number;
  /** The share of all cores that was used, in percent. */
  readonly cpuPercent: number;
}

export const NO_THROUGHPUT: Throughput = { datagramsPerS: 0, bytesPerS: 0, cpuPercent: 0 };

/** @param sinceMs - the time since the look before, which is longer than the interval when the thread was busy */
export function throughputOf(looks: readonly InstanceLook[], sinceMs: number, cpuPercent: number): Throughput {
  const perS = 1000 / sinceMs;
  return {
    datagramsPerS: perS * sumOf(looks, ({ datagramsUp }) => datagramsUp),
    bytesPerS: perS * sumOf(looks, ({ bytesUp }) => bytesUp),
    cpuPercent,
  };
}

/** The traffic of all instances since they were made, for rates by the machine's time where looks at instances go by another. */
export class TrafficTotals {
  readonly #instances: readonly { readonly gauges: InstanceGauges }[];
  #datagrams = 0;
  #bytes = 0;

  constructor(instances: readonly { readonly gauges: InstanceGauges }[]) {
    this.#instances = instances;
  }

  /** @param sinceMs - the time since the last call */
  since(sinceMs: number, cpuPercent: number): Throughput {
    let [datagrams, bytes] = [0, 0];
    for (const { gauges } of this.#instances) {
      datagrams += gauges.get('datagramsUp');
      bytes += gauges.get('bytesUp');
    }
    const perS = 1000 / sinceMs;
    const datagramsPerS = perS * (datagrams - this.#datagrams);
    const bytesPerS = perS * (bytes - this.#bytes);
    this.#datagrams = datagrams;
    this.#bytes = bytes;
    return { datagramsPerS, bytesPerS, cpuPercent };
  }
}
