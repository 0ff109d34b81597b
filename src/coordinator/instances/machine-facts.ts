import { availableParallelism, cpus, release, totalmem, type } from 'node:os';

/** What a run ran on, as far as it matters to its numbers; nothing that tells whose machine it is. */
export interface MachineFacts {
  readonly system: string;
  readonly processor: string;
  /** Those that this process may use. */
  readonly cores: number;
  readonly memoryBytes: number;
}

export function machineFacts(): MachineFacts {
  return {
    system: `${type()} ${release()}`,
    processor: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
  };
}
