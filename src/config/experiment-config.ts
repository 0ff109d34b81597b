import type { Diagnostic } from '../runtime/diagnostic.js';
import type { PeerSet } from '../runtime/peers/peer-set.js';
import type { InstanceCommand, RunCommand } from './command.js';
import type { Limits } from './limits.js';
import type { ChoiceOf, WordOf } from './options.js';
import type { WorldConfig } from './read-world.js';

/** A configuration in effect: every value checked, every path absolute, times in milliseconds. */
export interface ExperimentConfig {
  readonly confFile: string;
  readonly experimentDir: string;
  readonly projectDir: string;
  readonly outputDir: string;
  readonly experimentName: string;
  /**
   * The time limit, counted from GO; 0 for no limit. When a process guard around the instances has a limit too, the
   * shorter of the two counts.
   */
  readonly experimentTimeMs: number;
  readonly scenarioFile?: string;
  /** How many instances run in this process; 0 when only external commands run. */
  readonly instanceCount: number;
  /** How much of a report is made after the run. */
  readonly report: ChoiceOf<'report'>;
  /** In which formats the report's graphs are drawn. */
  readonly graphs: readonly ChoiceOf<'graphs'>[];
  /** The time between two looks at processor, memory and network. */
  readonly monitorIntervalMs: number;
  /** The limits that a run has to keep to be valid. */
  readonly limits: Limits;
  /** The time and the network that the run lives in. */
  readonly world: WorldConfig;
  /** Whose packets are captured, trackers being among all; absent when nobody's are. */
  readonly capture?: PeerSet;
  /** How many instances share a worker thread; `auto` for as many threads as there are cores. */
  readonly instancesPerWorker: number | WordOf<'instances_per_worker'>;
  /** Memory limit of an instance in MiB. */
  readonly instanceMemoryMb: number;
  readonly localSetup: RunCommand;
  readonly localInstances: InstanceCommand;
  readonly postProcess: RunCommand;
  /** Whether the instances start together. */
  readonly synchronised: boolean;
  readonly startDelayMs: number;
  /** The host at which the coordinator also listens for instances outside this process; absent when it does not. */
  readonly syncHost?: string;
  readonly syncPort?: number;
  readonly tracker: TrackerConfig;
  readonly seed?: string;
  /** The option that asks for a cluster, when one does: a run on a cluster is not available. */
  readonly cluster?: Diagnostic;
  /** Every option in upper case: exported to the commands of the run, and `$NAME` in the scenario. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface TrackerConfig {
  readonly command: RunCommand;
  readonly host: string;
  /** The first of the consecutive ports; absent when any free ports will do. */
  readonly port?: number;
  /** How the trackers verify and sign. */
  readonly crypto: ChoiceOf<'tracker_crypto'>;
  /** How many built-in trackers there are: one for every 1,000 instances, and at least four. */
  readonly count: number;
}
