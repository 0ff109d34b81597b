import type { EventEmitter } from 'eventemitter3';
import type { Address } from '../network/address.js';
import type { Endpoint } from '../network/endpoint.js';
import type { SocketFigures } from '../network/socket-figures.js';
import type { Clock } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';
import type { Random } from '../runtime/random.js';
import type { InstanceStatistics } from '../statistics/instance-statistics.js';
import type { StatisticsLog } from '../output/statistics-log.js';
import type { ExperimentModule } from './experiment-module.js';
import type { InstanceVars, ServerVars } from '../protocol/variables.js';

/** What a module may listen to within its instance. */
export interface ExperimentEvents {
  /** The common start of the experiment. */
  start: () => void;
  /** The scenario marked this moment. */
  annotate: (text: string) => void;
  /** The instance is ending; its modules are about to be stopped. */
  stop: () => void;
}

/** An instance as its modules see it: who it is, whom it is with, and what it owns. */
export interface Experiment {
  /** From 1. */
  readonly myId: number;
  /** The ids of all instances, this one included. */
  readonly peers: readonly number[];
  /** What this instance publishes: `host` and `port` are there, modules add theirs before they are ready. */
  readonly vars: InstanceVars;
  /** What all instances published, by id; throws `GumbyError` SESSION_STATE before everyone is ready. */
  readonly allVars: Readonly<Record<number, Readonly<InstanceVars>>>;
  /** What the coordinator published: the same for all instances. */
  readonly serverVars: ServerVars;
  /** Configuration options in upper case: `EXPERIMENT_NAME`, `OUTPUT_DIR`, … */
  readonly options: Readonly<Record<string, string>>;
  /** The run's seed. */
  readonly seed: string;
  /** Seeded for this instance; `random.derive('name')` gives a module a source of its own. */
  readonly random: Random;
  /** The experiment's. */
  readonly clock: Clock;
  readonly endpoint: Endpoint;
  /** What can be measured at the endpoint. */
  readonly socketFigures: SocketFigures;
  readonly trackers: readonly Address[];
  /** Counters, gauges, histograms and events, for the report. */
  readonly statistics: InstanceStatistics;
  /** Lines of any key, as Gumby wrote them. */
  readonly statisticsLog: StatisticsLog;
  readonly events: EventEmitter<ExperimentEvents>;
  /** The loaded modules, in order. */
  readonly modules: readonly ExperimentModule[];
  /** Seconds since the start; negative before. */
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
