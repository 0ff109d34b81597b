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

  /** Is called after this module was constructed, before the modules after it are loaded. */
  onModuleLoad(): void | Promise<void> {}

  /** Is called when the instance knows its id: the moment to publish variables in `vars`. */
  onIdReceived(): void | Promise<void> {}

  /** Is called when all instances are ready and `allVars` holds what each of them published. The start follows. */
  onAllVarsReceived(): void | Promise<void> {}

  /** Is called when the instance ends, in reverse order of loading. */
  onStop(): void | Promise<void> {}

  /** This instance's number, from 1. */
  get myId(): number {
    return this.experiment.myId;
  }

  /** The numbers of all instances of the run, this one included. */
  get peers(): readonly number[] {
    return this.experiment.peers;
  }

  /** The variables that this instance publishes; they are closed once the instance is ready. */
  get vars(): InstanceVars {
    return this.experiment.vars;
  }

  /** The variables that every instance published, by id. */
  get allVars(): Readonly<Record<number, Readonly<InstanceVars>>> {
    return this.experiment.allVars;
  }

  /** A path in this instance's own directory of the run's output. */
  outputPath(name: string): string {
    return this.experiment.outputPath(name);
  }
}
