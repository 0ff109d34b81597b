import type { Logger } from '../runtime/logger.js';
import type { Experiment } from './experiment.js';
import type { InstanceVars } from '../protocol/variables.js';

/**
 * The base of everything that a scenario loads with `&module`. Methods marked `@experimentCallback` become commands of
 * the scenario; the hooks below follow the instance's life and may be asynchronous.
 */
export class ExperimentModule {
  readonly experiment: Experiment;
  /** Writes to the instance's standard error, each line led by the module's name. */
  readonly logger: Logger;

  constructor(experiment: Experiment) {
    this.experiment = experiment;
    this.logger = experiment.loggerFor(this.constructor.name);
  }

  /** After construction of this module, before the modules after it are loaded. */
  onModuleLoad(): void | Promise<void> {}

  /** The instance knows its id: the moment to publish variables in `vars`. */
  onIdReceived(): void | Promise<void> {}

  /** Everyone is ready and `allVars` holds what every instance published. The start follows. */
  onAllVarsReceived(): void | Promise<void> {}

  /** The instance ends; called in reverse order of loading. */
  onStop(): void | Promise<void> {}

  /** This instance's number, from 1. */
  get myId(): number {
    return this.experiment.myId;
  }

  /** The numbers of all instances of the run, this one included. */
  get peers(): readonly number[] {
    return this.experiment.peers;
  }

  /** What this instance publishes; closed once it is ready. */
  get vars(): InstanceVars {
    return this.experiment.vars;
  }

  /** What every instance published, by id. */
  get allVars(): Readonly<Record<number, Readonly<InstanceVars>>> {
    return this.experiment.allVars;
  }

  /** A path in this instance's own directory of the run's output. */
  outputPath(name: string): string {
    return this.experiment.outputPath(name);
  }
}
