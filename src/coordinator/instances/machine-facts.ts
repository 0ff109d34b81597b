import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import type { MachineFacts } from '../../output/record/run-record.js';

export function machineFacts(): MachineFacts {
  return {
    system: `${type()} ${release()}`,
    processor: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
  };
}
