import type { InstanceLook } from './instance-monitor.js';
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
