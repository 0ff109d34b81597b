import type { EventEmitter } from 'eventemitter3';
import type { Address } from '../network/address.js';
import type { Endpoint } from '../network/endpoint.js';
import type { SocketFigures } from '../network/socket-figures.js';
import type { Clock } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';
import type { Random } from '../runtime/random.js';
import type { InstanceStatistics } from '../statistics/instance-statistics.js';
import type { StatisticsLog } from '../output/statistics-log.js';
import type { ExperimentNetwork } from './experiment-network.js';
import type { ExperimentModule } from './experiment-module.js';
import type { InstanceVars, ServerVars } from '../protocol/variables.js';

/** The events that a module may listen to within its instance. */
export interface ExperimentEvents {
  /** The common start of the experiment. */
  start: () => void;
  /** The scenario marked this moment. */
  annotate: (text: string) => void;
  /** The instance is ending; its modules are about to be stopped. */
  stop: () => void;
}

/** An instance as its modules see it: its number, the other instances, and what it owns. */
export interface Experiment {
  /** From 1. */
  readonly myId: number;
  /** The ids of all instances, this one included. */
  readonly peers: readonly number[];
  /** The variables that this instance publishes: `host` and `port` are there, modules add theirs before the instance is ready. */
  readonly vars: InstanceVars;
  /** The variables that all instances published, by id; throws `GumbyError` SESSION_STATE before all instances are ready. */
  readonly allVars: Readonly<Record<number, Readonly<InstanceVars>>>;
  /** The variables that the coordinator published: they are the same for all instances. */
  readonly serverVars: ServerVars;
  /** Configuration options in upper case: `EXPERIMENT_NAME`, `OUTPUT_DIR`, … */
  readonly options: Readonly<Record<string, string>>;
  /** The run's seed. */
  readonly seed: string;
  /** A source of chance that is seeded for this instance; `random.derive('name')` gives a module a source of its own. */
  readonly random: Random;
  /** The experiment's clock. */
  readonly clock: Clock;
  readonly endpoint: Endpoint;
  /** Figures that are measured at the endpoint. */
  readonly socketFigures: SocketFigures;
  /** The network between the instances, which a module can change in virtual time. */
  readonly network: ExperimentNetwork;
  readonly trackers: readonly Address[];
  /** Counters, gauges, histograms and events, for the report. */
  readonly statistics: InstanceStatistics;
  /** Writes lines of any key, as Gumby wrote them. */
  readonly statisticsLog: StatisticsLog;
  readonly events: EventEmitter<ExperimentEvents>;
  /** The loaded modules, in order. */
  readonly modules: readonly ExperimentModule[];
  /** Seconds since the start; negative before it. */
  readonly timeS: number;
  outputPath(name: string): string;
  loggerFor(name: string): Logger;
  /** The first loaded module of this class, if there is one. */
  findModule<M extends ExperimentModule>(moduleClass: abstract new (...args: never[]) => M): M | undefined;
  /**
   * Reports an error that nobody awaits, e.g. from a timer of a module: it is logged, counted, and makes the run's result
   * *failed*, while the instance goes on.
   */
  fault(what: string, error: unknown): void;
}
