import { EventEmitter } from 'eventemitter3';
import { join } from 'node:path';
import type { Address } from '../network/address.js';
import type { Endpoint } from '../network/endpoint.js';
import type { MeteredEndpoint, SocketFigures } from '../network/socket-figures.js';
import type { Clock, Clocks } from '../runtime/clock.js';
import { GumbyError } from '../runtime/errors.js';
import { serialiseError } from '../runtime/error-transfer.js';
import { createLogger, formatError, type Logger, type LogSink } from '../runtime/logger.js';
import { type Random, seededRandom } from '../runtime/random.js';
import { InstanceStatistics } from '../statistics/instance-statistics.js';
import type { LogBuffer } from '../output/log-buffer.js';
import type { MetricMemory } from '../statistics/metric-memory.js';
import { STATISTICS_FILE, StatisticsLog } from '../output/statistics-log.js';
import { addBuiltInCommands } from './built-in-commands.js';
import { CommandQueue } from './command-queue.js';
import { CommandTable } from './command-table.js';
import { CompletionReport } from './completion-report.js';
import type { Experiment, ExperimentEvents } from './experiment.js';
import { callbacksOf } from './experiment-callback.js';
import type { ExperimentNetwork } from './experiment-network.js';
import { ExperimentModule } from './experiment-module.js';
import type {
  AllVars,
  CommandMessage,
  InstanceApi,
  InstanceEvent,
  InstanceMessage,
} from '../protocol/instance-protocol.js';
import type { HostInit, InstanceInit } from '../protocol/host-protocol.js';
import type { InstanceVars, ServerVars, VarsJson } from '../protocol/variables.js';
import { publishableVars } from './publishable-vars.js';
import type { ExperimentModuleClass } from './static-module.js';
import { unreachable } from '../runtime/unreachable.js';

export interface InstanceComponents {
  readonly clocks: Clocks;
  readonly endpoint: MeteredEndpoint;
  readonly network: ExperimentNetwork;
  /** The host at which others see the instance. @default the host of the endpoint */
  readonly outsideHost?: string | undefined;
  /** Where the lines of the modules' loggers go. */
  readonly logSink: LogSink;
  /** Where `echo` prints. */
  readonly print: (line: string) => void;
  /** Sends an event to the coordinator. */
  readonly emit: (event: InstanceEvent) => void;
  /** Evaluates the run's modules for this instance alone. */
  readonly loadModules: () => readonly ExperimentModuleClass[];
  /** Reads everyone's variables, once for all instances that live together. */
  readonly readAllVars: (allVars: AllVars) => InstancesVars;
  readonly log: LogBuffer;
  readonly metrics: MetricMemory;
}

/** Everyone's variables by id, frozen. */
export type InstancesVars = Readonly<Record<number, Readonly<InstanceVars>>>;

/**
 * The actor: one experiment instance with its modules, its socket and its files. It owns nothing of the thread that it
 * lives in, so that several can share one.
 */
export class Instance implements Omit<InstanceApi, 'restart'>, Experiment {
  readonly myId: number;
  readonly peers: readonly number[];
  readonly vars: InstanceVars = {};
  readonly options: Readonly<Record<string, string>>;
  readonly seed: string;
  readonly random: Random;
  readonly clock: Clock;
  readonly endpoint: Endpoint;
  readonly socketFigures: SocketFigures;
  readonly network: ExperimentNetwork;
  readonly trackers: readonly Address[];
  readonly statisticsLog: StatisticsLog;
  readonly statistics: InstanceStatistics;
  readonly events = new EventEmitter<ExperimentEvents>();
  readonly modules: ExperimentModule[] = [];

  readonly #init: InstanceInit;
  readonly #host: HostInit;
  readonly #components: InstanceComponents;
  readonly #commands = new CommandTable();
  readonly #queue: CommandQueue;
  readonly #completions: CompletionReport;
  readonly #unannounced: string[] = [];
  /** The callbacks that have not settled yet: when each was entered, by the command's number. */
  readonly #unsettled = new Map<number, number>();
  #allVars: AllVars | undefined;
  #serverVars: ServerVars | undefined;
  #startMs: number | undefined;
  #stopping: Promise<void> | undefined;

  /** @param host - what all instances of the run have in common */
  constructor(init: InstanceInit, host: HostInit, components: InstanceComponents) {
    const { machine, experiment } = components.clocks;
    this.#init = init;
    this.#host = host;
    this.#components = components;
    this.myId = init.id;
    this.peers = peersOf(host);
    this.options = host.options;
    this.seed = host.seed;
    this.random = seededRandom(host.seed, 'instance', init.id);
    this.clock = experiment;
    this.endpoint = this.socketFigures = components.endpoint;
    this.#queue = new CommandQueue(experiment, (message) => void this.#run(message));
    this.#completions = new CompletionReport(machine, components.emit);
    this.network = components.network;
    this.trackers = host.trackers;
    this.statisticsLog = new StatisticsLog(join(init.directory, STATISTICS_FILE), init.id, {
      clock: experiment,
      machine,
      buffer: components.log,
    });
    this.statistics = new InstanceStatistics({
      clock: experiment,
      log: this.statisticsLog,
      memory: components.metrics,
      onSlot: (name) => this.#announce(name),
      startMs: () => this.#startMs,
    });
  }

  async setUp(): Promise<VarsJson> {
    this.#stage('loading modules');
    const classes = this.#components.loadModules();
    this.#stage(`binding its UDP socket`);
    const address = await this.endpoint.open({ preferredPort: this.#init.preferredPort });
    const { outsideHost = address.host } = this.#components;
    Object.assign(this.vars, { host: outsideHost, port: address.port });
    addBuiltInCommands(this.#commands, this.#host.builtInCommands, this, this.#components.print);
    for (const [index, moduleClass] of classes.entries()) await this.#addModule(moduleClass, index);
    for (const module of this.modules) await this.#callHook(module, 'onIdReceived');
    return JSON.stringify(publishableVars(this.vars));
  }

  async receiveAllVars(allVars: AllVars, serverVars: ServerVars): Promise<void> {
    this.#allVars = allVars;
    this.#serverVars = serverVars;
    for (const module of this.modules) await this.#callHook(module, 'onAllVarsReceived');
  }

  /** Takes a one-way message of the coordinator. */
  receive(message: InstanceMessage): void {
    switch (message.type) {
      case 'go':
        this.#startMs = message.startMs;
        this.clock.schedule(message.startMs - this.clock.nowMs(), () => this.events.emit('start'), { weak: true });
        return;
      case 'command':
        this.#queue.push(message);
        return;
      default:
        unreachable(message);
    }
  }

  /**
   * Stops the modules in reverse order and closes what the instance owns; a failure in one of these steps does not keep
   * the others from being done.
   */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  get allVars(): InstancesVars {
    if (this.#allVars === undefined)
      throw new GumbyError('SESSION_STATE', 'allVars is known from onAllVarsReceived on, not before');
    return this.#components.readAllVars(this.#allVars);
  }

  get serverVars(): ServerVars {
    if (this.#serverVars === undefined)
      throw new GumbyError('SESSION_STATE', 'serverVars is known from onAllVarsReceived on, not before');
    return this.#serverVars;
  }

  get timeS(): number {
    return this.#startMs === undefined ? -Infinity : (this.clock.nowMs() - this.#startMs) / 1000;
  }

  outputPath(name: string): string {
    return join(this.#init.directory, name);
  }

  loggerFor(name: string): Logger {
    return createLogger(name, this.#components.logSink);
  }

  findModule<M extends ExperimentModule>(moduleClass: abstract new (...args: never[]) => M): M | undefined {
    return this.modules.find((module): module is M => module instanceof moduleClass);
  }

  fault(what: string, error: unknown): void {
    this.#components.logSink('error', `${what}: ${formatError(error)}`);
    this.#components.emit({ type: 'fault', what, error: serialiseError(error) });
  }

  /** Tells at once which commands are done: the instance is about to end without having been asked to. */
  reportDone(): void {
    this.#completions.flush();
  }

  /** Writes the statistics that are not written yet: also for a thread that is about to end without having been asked to. */
  closeStatistics(): void {
    try {
      this.statistics.finish();
    } finally {
      this.statisticsLog.close();
    }
  }

  async #addModule(moduleClass: ExperimentModuleClass, index: number): Promise<void> {
    this.#stage(`new ${moduleClass.name}`);
    const module = new moduleClass(this);
    this.modules.push(module);
    const descriptions = this.#host.commands[index] ?? [];
    for (const [position, { methodName }] of callbacksOf(moduleClass).entries()) {
      const description = descriptions[position];
      if (description === undefined) throw new Error(`${moduleClass.name}.${methodName} was never described`);
      const methods = module as unknown as Record<string, (...args: unknown[]) => unknown>;
      this.#commands.add(description, (args) => methods[methodName]?.(...args));
    }
    await this.#callHook(module, 'onModuleLoad');
  }

  /** Tells the stage and calls the hook; a hook that a module does not override does nothing, and is not worth a message. */
  async #callHook(
    module: ExperimentModule,
    hook: 'onModuleLoad' | 'onIdReceived' | 'onAllVarsReceived',
  ): Promise<void> {
    if (module[hook] === ExperimentModule.prototype[hook]) return;
    this.#stage(`${module.constructor.name}.${hook}`);
    await module[hook]();
  }

  async #run({ number, command, place, args, kwargs, dueMs }: CommandMessage): Promise<void> {
    const enteredMs = this.clock.nowMs();
    const latenessMs = Math.max(0, enteredMs - dueMs);
    this.#unsettled.set(number, enteredMs);
    try {
      await this.#commands.dispatch(command, args, kwargs);
      this.#unsettled.delete(number);
      this.#completions.add(number, latenessMs);
    } catch (error) {
      this.#unsettled.delete(number);
      this.#components.logSink('error', `${place}: ${command} failed: ${formatError(error)}`);
      this.#components.emit({ type: 'command-failed', number, latenessMs, error: serialiseError(error) });
    }
  }

  async #stop(): Promise<void> {
    this.#queue.clear();
    this.events.emit('stop');
    for (const module of [...this.modules].reverse())
      await this.#orFault(`${module.constructor.name}.onStop`, () => module.onStop());
    await this.#orFault('closing the socket', () => this.endpoint.close());
    await this.#orFault('writing the statistics', () => this.closeStatistics());
    this.#completions.flush();
    this.#components.emit({ type: 'stopped', unsettled: [...this.#unsettled] });
  }

  async #orFault(what: string, action: () => void | Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.fault(what, error);
    }
  }

  /** The names of one turn are told together: a module may define a hundred metrics in it. */
  #announce(metricName: string): void {
    if (this.#unannounced.push(metricName) > 1) return;
    queueMicrotask(() => this.#components.emit({ type: 'metrics-defined', names: this.#unannounced.splice(0) }));
  }

  #stage(stage: string): void {
    this.#components.emit({ type: 'stage', stage });
  }
}

const peerLists = new WeakMap<HostInit, readonly number[]>();

/** All instances of a host share one list: otherwise each of ten thousand instances would have a list of ten thousand numbers. */
function peersOf(host: HostInit): readonly number[] {
  let peers = peerLists.get(host);
  if (peers === undefined) {
    peers = Object.freeze(Array.from({ length: host.instanceCount }, (_, index) => index + 1));
    peerLists.set(host, peers);
  }
  return peers;
}
