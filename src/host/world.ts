import type { ScriptGlobals } from '../instance/load-script.js';
import type { ExperimentNetwork } from '../instance/experiment-network.js';
import type { InstancesVars } from '../instance/instance.js';
import type { MeteredEndpoint } from '../network/socket-figures.js';
import type { Clock } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';
import type { InstanceOutput } from './instance-output.js';
import type { InstanceScope } from './instance-scope.js';

export interface OpenEndpointInit {
  readonly logger: Logger;
  /** How large a receive buffer to ask the system for. @default the system's own */
  readonly receiveBufferBytes?: number;
}

/** The world that the instances of a thread live in: what time it is there, and what network they are on. */
export interface World {
  /** The machine's clock. */
  readonly machine: Clock;
  /**
   * Whether instances note what they measure as it goes, because whoever looks may look at any moment. In virtual time
   * it is noted when all stand still, before anybody looks.
   */
  readonly notesAsItGoes: boolean;
  /** An instance begins to live. */
  enter(scope: InstanceScope): void;
  /** Takes note of where the instances can be reached. @param readVars - reads everyone's variables */
  learn(readVars: () => InstancesVars): void;
  /** The experiment begins: from then on the scenario changes the network. Later calls change nothing. */
  go(startMs: number): void;
  /** The experiment's clock of an instance or tracker. */
  clockOf(entity: number): Clock;
  /** The clock by which an instance's traffic is dated: the clock of whoever looks at it. */
  trafficClockOf(entity: number): Clock;
  /** @returns a closed endpoint for an instance or tracker */
  openEndpoint(entity: number, init: OpenEndpointInit): MeteredEndpoint;
  /** The network as the modules of an instance change it. */
  networkOf(instance: number): ExperimentNetwork;
  /** The host at which others see an instance; undefined where it is the host of its sockets. */
  outsideHostOf(entity: number): string | undefined;
  /** The names of globals that instances have for themselves besides those of `GLOBAL_NAMES`. */
  readonly furtherGlobals: readonly string[];
  /** The globals that an instance has for itself. */
  globalsOf(scope: InstanceScope, output: InstanceOutput): ScriptGlobals;
  /** Writes down what is gathered for the files that the thread writes beside the experiment. */
  flush(): void;
}
