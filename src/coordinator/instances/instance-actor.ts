import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  AllVars,
  DueCommand,
  InstanceApi,
  InstanceEvent,
  InstanceMessage,
} from '../../protocol/instance-protocol.js';
import type { HostLink, InstanceLink, InstanceListener } from '../../protocol/instance-link.js';
import type { InstanceInit } from '../../protocol/host-protocol.js';
import type { InstanceVars, ServerVars } from '../../protocol/variables.js';
import type { Clock } from '../../runtime/clock.js';
import { toError } from '../../runtime/errors.js';
import { deserialiseError } from '../../runtime/error-transfer.js';
import { formatError } from '../../runtime/logger.js';
import { unreachable } from '../../runtime/unreachable.js';
import { CommandLateness } from '../../statistics/command-lateness.js';
import { InstanceGauges } from '../../statistics/instance-gauges.js';
import type { InstanceState } from '../../output/record/run-result.js';
import { LogBuffer } from '../../output/log-buffer.js';
import { putFilesAside } from '../../output/instance-files.js';
import { writeFailed } from '../../output/write-output-file.js';
import { STATISTICS_FILE } from '../../output/statistics-log.js';
import { MetricMemory } from '../../statistics/metric-memory.js';
import type { MeasuredInstance } from '../../monitor/metrics-recorder.js';
import type { MonitoredInstance } from '../../monitor/instance-monitor.js';
import type { RunFailures } from '../run/run-failures.js';
import { foreignMessage, parseVars } from './instance-answers.js';
import { ToldCommands } from './told-commands.js';

export interface InstanceActorComponents {
  /** The machine's clock: for limits and graces, and for how long the instance's start took. */
  readonly clock: Clock;
  /** The experiment's clock, by which commands are due. */
  readonly experimentClock: Clock;
  readonly failures: RunFailures;
  /** Is called whenever the instance has made progress: for the synchronisation's no-progress limit. */
  readonly onProgress: () => void;
  /** Is told how late each command began, in milliseconds. */
  readonly onLateness: (latenessMs: number) => void;
  /**
   * The time between an instance's last event and the end of its thread. @default 100: ending threads takes the cores, and
   * when all stop at once, those that stop first must not make the others late
   */
  readonly terminateDelayMs?: number;
  /** Is told what an instance does that makes its results doubtful. */
  readonly onWarning: (message: string) => void;
}

/** What an instance needs to be where the others are. */
export interface RestartInit {
  readonly allVars: AllVars;
  readonly serverVars: ServerVars;
  /** GO, on the experiment's clock. */
  readonly startMs: number;
  /** Whether it finds the files that its modules wrote before the crash. */
  readonly keepsFiles: boolean;
}

const TERMINATE_DELAY_MS = 100;

/** How long a stop that was asked for may take before the instance is ended. */
export const STOP_GRACE_MS = 5_000;

/** An instance as the coordinator sees it: the host where it lives, its state, and what became of the commands that it was told. */
export class InstanceActor implements MonitoredInstance, MeasuredInstance {
  readonly id: number;
  /** The host where the instance lives. */
  readonly host: HostLink;
  state: InstanceState = 'waiting';
  #stage = 'not started';
  vars: InstanceVars = {};
  readonly commands: ToldCommands;
  /** How late the instance's commands entered their callbacks. */
  readonly commandLateness = new CommandLateness();
  /** Whether the scenario ended the instance, and not the coordinator, a crash or a limit. */
  stoppedByScenario = false;
  /** Resolves when the last crash that the scenario wanted has been seen to. */
  crashed: Promise<void> = Promise.resolve();
  failureCount = 0;
  readyMs: number | undefined;
  /** Resolves when the instance has stopped or failed, or has crashed for good. */
  readonly ended: Promise<void>;
  /** The names of the instance's counters and gauges, by slot. */
  metricNames: string[] = [];
  metricMemory = new MetricMemory();
  readonly gauges = new InstanceGauges();
  /** The part of the instance's `statistics.log` that is not written yet, as far as the host shares memory. */
  readonly #log = new LogBuffer();

  readonly #init: InstanceInit;
  readonly #components: InstanceActorComponents;
  #link: InstanceLink | undefined;
  /** Whether a call to the instance is under way: it is being set up, or told everyone's variables. */
  #isCalled = false;
  /** Whether the instance is being started again; commands wait for it at its host. */
  #isRestarting = false;
  #isAskedToStop = false;
  #hasPostedForeign = false;
  #settle!: () => void;

  constructor(init: InstanceInit, host: HostLink, components: InstanceActorComponents) {
    this.id = init.id;
    this.commands = new ToldCommands(init.id);
    this.#init = init;
    this.host = host;
    this.#components = components;
    this.ended = new Promise((resolve) => (this.#settle = resolve));
  }

  get isUp(): boolean {
    return this.state === 'starting' || this.state === 'ready' || this.state === 'running';
  }

  /** The last known stage of the instance, also when its thread never comes back from it. */
  get stage(): string {
    const { activity } = this.host;
    return this.#isCalled && activity?.id === this.id ? activity.stage : this.#stage;
  }

  /** The port of the instance's socket, once it is known. */
  get port(): number | undefined {
    const port = this.vars['port'];
    return typeof port === 'number' ? port : undefined;
  }

  /** Starts the instance on its host, and brings it to *ready*. Fails with the reason why the instance never gets there. */
  async start(): Promise<void> {
    const startedMs = this.#components.clock.nowMs();
    const link = this.#connect();
    this.vars = await this.#call(link, 'its set-up', async (api) => parseVars(await api.setUp()));
    // The instance may have been ended in the meantime.
    if (!this.isUp) return;
    this.state = 'ready';
    this.#stage = 'ready';
    this.readyMs = this.#components.clock.nowMs() - startedMs;
    this.#components.onProgress();
  }

  /** @param preferredPort - the port that the instance's socket is to have, if it is free */
  #connect(preferredPort = this.#init.preferredPort): InstanceLink {
    this.state = 'starting';
    this.#stage = 'starting its host';
    const listener: InstanceListener = {
      onEvent: (event) => this.#onEvent(event),
      onInvalidEvent: (problem) => void this.fail(foreignMessage(this.id, problem)),
      onForeignMessage: (problem) => this.#onForeignMessage(problem),
    };
    const telemetry = { gauges: this.gauges.buffer, metrics: this.metricMemory.buffer, log: this.#log.memory };
    const link = this.host.connect({ ...this.#init, preferredPort }, listener, telemetry);
    this.#link = link;
    void link.ended.then((reason) => {
      if (link === this.#link) this.#onEnd(reason);
    });
    return link;
  }

  async receiveAllVars(allVars: AllVars, serverVars: ServerVars): Promise<void> {
    if (this.#link !== undefined)
      await this.#call(this.#link, 'receiving all variables', (api) => api.receiveAllVars(allVars, serverVars));
    this.#stage = 'waiting for the start';
  }

  go(startMs: number): void {
    this.commands.go(startMs);
    // The instance may have ended in the meantime.
    if (!this.isUp) return;
    this.state = 'running';
    this.#post({ type: 'go', startMs });
  }

  dispatch(command: DueCommand): void {
    if (this.state === 'running' || this.#isRestarting) this.#post({ type: 'command', ...this.commands.tell(command) });
    else if (this.state === 'crashed') this.commands.missCrashed(command);
    else this.commands.miss(command);
  }

  /** Notes a command that comes after the end of the run; it counts as missed only if the instance had ended before. */
  leaveOut(command: DueCommand): void {
    if (this.state === 'crashed') this.commands.missCrashed(command);
    else if (!this.isUp) this.commands.miss(command);
  }

  /**
   * Ends the instance at once, because the scenario wants to see what a crash does.
   * @param howLong - whether the scenario starts the instance again
   */
  crash(howLong: 'for a while' | 'for good'): void {
    this.crashed = this.#crash(howLong);
  }

  async #crash(howLong: 'for a while' | 'for good'): Promise<void> {
    const nowMs = this.#components.experimentClock.nowMs();
    this.state = 'crashed';
    this.#stage = 'crashed';
    await this.#link?.terminate();
    this.#saveStatistics();
    this.commands.loseUntil(nowMs);
    if (howLong === 'for a while') return;
    this.commands.missUntil(Infinity);
    this.#settle();
  }

  /** Starts the instance again after a crash. Fails with the reason why it does not get there. */
  async restart({ allVars, serverVars, startMs, keepsFiles }: RestartInit): Promise<void> {
    const restartedMs = this.#components.experimentClock.nowMs();
    // What was begun before the crash is not among what was missed since.
    void this.crashed.then(() => this.commands.missUntil(restartedMs));
    if (!keepsFiles)
      try {
        putFilesAside(this.#init.directory);
      } catch (error) {
        this.state = 'failed';
        this.#record(toError(error));
        this.#settle();
        throw error;
      }
    this.metricNames = [];
    this.metricMemory = new MetricMemory();
    this.#isRestarting = true;
    try {
      // Everyone else knows it at the port that it had.
      const knownPort = this.port;
      const link = this.#connect(knownPort);
      this.vars = await this.#call(link, 'its restart', async (api) =>
        parseVars(await api.restart(allVars, serverVars, startMs)),
      );
      if (knownPort !== undefined && this.port !== knownPort)
        this.#components.onWarning(
          `instance ${this.id} came back at port ${this.port ?? 'none'}: its port ${knownPort}, at which others know it, was taken meanwhile`,
        );
      if (!this.isUp) return;
      this.state = 'running';
    } finally {
      this.#isRestarting = false;
    }
  }

  /** Ends the instance at once, as failed. */
  async fail(error: Error): Promise<void> {
    if (!this.isUp) return;
    this.state = 'failed';
    this.#record(error);
    this.#appendToStderr(error);
    await this.terminate();
  }

  /** Asks the instance to end, and ends it when it has not ended after the grace. */
  async stop(): Promise<void> {
    const link = this.#link;
    if (link === undefined || !this.isUp) return;
    this.#isAskedToStop = true;
    try {
      await link.call('stopping', STOP_GRACE_MS, (api) => api.stop());
    } catch (error) {
      await this.fail(toError(error));
    }
    await this.terminate();
  }

  /** Ends the instance at once. */
  async terminate(): Promise<void> {
    await this.#link?.terminate();
    this.#saveStatistics();
    if (this.isUp) this.state = 'stopped';
    if (this.state === 'crashed') this.commands.missUntil(Infinity);
    this.commands.end();
    this.#settle();
  }

  /** Makes a call of the instance's start: an instance that does not answer it as it should has failed. */
  async #call<T>(link: InstanceLink, what: string, invoke: (api: InstanceApi) => Promise<T>): Promise<T> {
    this.#isCalled = true;
    try {
      return await link.call(what, Infinity, invoke);
    } catch (error) {
      await this.fail(toError(error));
      throw error;
    } finally {
      this.#isCalled = false;
    }
  }

  #post(message: InstanceMessage): void {
    this.#link?.post(message);
  }

  /** Reports the first such message only: a library that posts to its parent may do so a thousand times a second. */
  #onForeignMessage(problem: string): void {
    if (this.#hasPostedForeign) return;
    this.#hasPostedForeign = true;
    this.#record(foreignMessage(this.id, problem));
  }

  #onEvent(event: InstanceEvent): void {
    switch (event.type) {
      case 'stage':
        this.#stage = event.stage;
        this.#components.onProgress();
        return;
      case 'commands-done':
        for (const [index, number] of event.numbers.entries())
          if (this.commands.settle(number, 'done') !== undefined) this.#late(event.latenessMs[index] ?? 0);
        return;
      case 'command-failed': {
        const command = this.commands.settle(event.number, 'failed');
        if (command === undefined) return;
        this.#late(event.latenessMs);
        this.#record(deserialiseError(event.error), command.place);
        return;
      }
      case 'metrics-defined':
        this.metricNames.push(...event.names);
        return;
      case 'warning':
        this.#components.onWarning(event.message);
        return;
      case 'fault':
        this.#record(deserialiseError(event.error));
        return;
      case 'stopped':
        if (this.isUp) {
          this.state = 'stopped';
          this.stoppedByScenario = !this.#isAskedToStop;
        }
        this.commands.end(new Map(event.unsettled));
        this.#components.clock.schedule(
          this.#components.terminateDelayMs ?? TERMINATE_DELAY_MS,
          () => void this.terminate(),
        );
        return;
      case 'lost':
      case 'telemetry':
        // Nothing is to be done here for these two: the end of a lost instance is told by the link itself, which also applies telemetry.
        return;
      default:
        unreachable(event);
    }
  }

  #late(latenessMs: number): void {
    this.commandLateness.add(latenessMs);
    this.#components.onLateness(latenessMs);
  }

  #onEnd(reason: Error | undefined): void {
    if (reason !== undefined && this.isUp) {
      void this.fail(reason);
      return;
    }
    // The instance had stopped. An exception that comes afterwards is reported all the same, but an exit is no failure then.
    if (reason?.cause !== undefined) this.#record(reason);
    // Who has crashed may be started again.
    if (this.state !== 'crashed') this.#settle();
  }

  /** Writes the statistics that an instance had not written yet when it was ended. */
  #saveStatistics(): void {
    const file = join(this.#init.directory, STATISTICS_FILE);
    try {
      this.#log.rescue(file);
    } catch (cause) {
      this.#record(writeFailed(file, cause));
    }
  }

  #record(error: Error, place?: string): void {
    this.failureCount++;
    this.#components.failures.add(error, { instance: this.id, ...(place === undefined ? {} : { place }) });
  }

  /** Writes an error to the instance's standard error: its thread can no longer do so. */
  #appendToStderr(error: Error): void {
    try {
      appendFileSync(this.#init.stderrFile, `${formatError(error)}\n`);
    } catch {
      // The failure itself is recorded and reported elsewhere; a full disk is reported by the part that fills it.
    }
  }
}
