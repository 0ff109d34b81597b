import type { ExperimentConfig } from '../../config/experiment-config.js';
import type { Clocks } from '../../runtime/clock.js';
import type { LifecyclePlan } from '../../scenario/lifecycle-commands.js';
import type { NetworkPlan } from '../../scenario/network-commands.js';
import type { Scenario } from '../../scenario/scenario.js';
import type { ExperimentTime } from '../time/experiment-time.js';
import type { CreateHost } from '../link/create-host.js';
import type { LoadedModules } from '../modules/load-modules.js';
import type { RunFailures } from './run-failures.js';
import type { ProgressListener } from './run-progress.js';

/** An experiment that has been read, checked and compiled, and not started. */
export interface LoadedExperiment {
  readonly config: ExperimentConfig;
  /** The scenario; absent when the configuration names none, so that only external commands run. */
  readonly scenario?: Scenario;
  readonly modules: LoadedModules;
  readonly seed: string;
  /** What the scenario does to the network. */
  readonly network: NetworkPlan;
  /** What the scenario does to the lives of instances. */
  readonly lifecycle: LifecyclePlan;
}

/** What every stage of a run works with. */
export interface RunContext {
  readonly experiment: LoadedExperiment;
  readonly outputDir: string;
  readonly clocks: Clocks;
  /** How the experiment's time passes. */
  readonly time: ExperimentTime;
  readonly failures: RunFailures;
  readonly onProgress: ProgressListener;
  /** Makes the places where instances live. */
  readonly createHost: CreateHost;
  /** Aborted when the run is to end early: by a signal, or because a stage failed for good. */
  readonly stop: AbortSignal;
  /** Aborted when everything is to end at once. */
  readonly kill: AbortSignal;
  /** The environment that commands of the run start from. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}
