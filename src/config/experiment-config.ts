import type { Diagnostic } from '../runtime/diagnostic.js';
import type { InstanceCommand, RunCommand } from './command.js';
import type { Limits } from './limits.js';
import type { ChoiceOf, WordOf } from './options.js';

/** A configuration in effect: every value checked, every path absolute, times in milliseconds. */
export interface ExperimentConfig {
  readonly confFile: string;
  readonly experimentDir: string;
  readonly projectDir: string;
  readonly outputDir: string;
  readonly experimentName: string;
  /** From GO on; 0 for no limit. The limit of a process guard around the instances counts as well: the shorter of the two. */
  readonly experimentTimeMs: number;
  readonly scenarioFile?: string;
  /** How many instances run in this process; 0 when only external commands run. */
  readonly instanceCount: number;
  /** What is made of the measurements after the run. */
  readonly report: ChoiceOf<'report'>;
  /** Which pictures it has. */
  readonly graphs: readonly ChoiceOf<'graphs'>[];
  /** Between two looks at processor, memory and network. */
  readonly monitorIntervalMs: number;
  /** What a run has to keep to be valid. */
  readonly limits: Limits;
  /** How many instances share a worker thread; `auto`: as many threads as there are cores. */
  readonly instancesPerWorker: number | WordOf<'instances_per_worker'>;
  /** Memory limit of an instance in MiB. */
  readonly instanceMemoryMb: number;
  readonly localSetup: RunCommand;
  readonly localInstances: InstanceCommand;
  readonly postProcess: RunCommand;
  /** Whether the instances start together. */
  readonly synchronised: boolean;
  readonly startDelayMs: number;
  /** Where the coordinator also listens for instances outside this process; absent: nowhere. */
  readonly syncHost?: string;
  readonly syncPort?: number;
  readonly tracker: TrackerConfig;
  readonly seed?: string;
  /** What asks for a cluster, when something does: such a run is not available. */
  readonly cluster?: Diagnostic;
  /** Every option in upper case: exported to the commands of the run, and `$NAME` in the scenario. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface TrackerConfig {
  readonly command: RunCommand;
  readonly host: string;
  /** First of the consecutive ports; absent: any free ones. */
  readonly port?: number;
  /** How they verify and sign. */
  readonly crypto: ChoiceOf<'tracker_crypto'>;
  /** How many built-in trackers: one for every 1,000 instances, and at least four. */
  readonly count: number;
}
