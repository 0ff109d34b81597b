import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  CommandMessage,
  InstanceApi,
  InstanceEvent,
  InstanceInit,
  InstanceMessage,
  InstanceVars,
  ServerVars,
} from '../instance/protocol.js';
import type { Clock } from '../runtime/clock.js';
import { GumbyError, toError } from '../runtime/errors.js';
import { deserialiseError } from '../runtime/error-transfer.js';
import { formatError } from '../runtime/logger.js';
import { unreachable } from '../runtime/unreachable.js';
import { InstanceGauges } from '../statistics/instance-gauges.js';
import { LogBuffer } from '../statistics/log-buffer.js';
import { STATISTICS_FILE } from '../statistics/statistics-log.js';
import { MetricMemory } from '../statistics/metric-memory.js';
import type { MeasuredInstance } from '../monitor/metrics-recorder.js';
import type { MonitoredInstance } from '../monitor/instance-monitor.js';
import type { RunFailures } from './run-failures.js';
import { WorkerThread, type WorkerThreadInit } from './worker-thread.js';

/** `waiting` for its turn to start; `failed`: ended without having been asked to. */
export type InstanceState = 'waiting' | 'starting' | 'ready' | 'running' | 'stopped' | 'failed';

export interface InstanceActorComponents {
  readonly clock: Clock;
  readonly failures: RunFailures;
  /** Called whenever the instance got somewhere: for the synchronisation's no-progress limit. */
  readonly onProgress: () => void;
}

/**
 * Between an instance's last word and the end of its thread: ending threads takes the cores, and when all stop at once, those
 * that stop first must not make the others late.
 */
const TERMINATE_DELAY_MS = 100;

export type InstanceThreadOptions = Pick<WorkerThreadInit, 'heapMb' | 'libraryCache'>;

/** How long a stop that was asked for may take before the thread is ended. */
export const STOP_GRACE_MS = 5_000;

/** An instance as the coordinator sees it: its thread, where it stands, and what became of what it was told. */
export class InstanceActor implements MonitoredInstance, MeasuredInstance {
  readonly id: number;
  state: InstanceState = 'waiting';
  /** What it was last seen doing. */
  stage = 'not started';
  vars: InstanceVars = {};
  readonly commands = { dispatched: 0, done: 0, failed: 0 };
  /** How late each command entered its callback, in milliseconds. */
  readonly latenessMs: number[] = [];
  failureCount = 0;
  readyMs: number | undefined;
  /** Resolves when the instance has stopped or failed. */
  readonly ended: Promise<void>;
  /** Of its counters and gauges. */
  readonly metricNames: string[] = [];
  readonly metricMemory: MetricMemory;
  /** What its thread says of itself. */
  readonly gauges: InstanceGauges;

  readonly #init: InstanceInit;
  readonly #components: InstanceActorComponents;
  readonly #threadOptions: InstanceThreadOptions;
  #thread: WorkerThread<InstanceApi> | undefined;
  #settle!: () => void;

  constructor(init: InstanceInit, thread: InstanceThreadOptions, components: InstanceActorComponents) {
    this.id = init.id;
    this.#init = init;
    this.gauges = new InstanceGauges(init.gauges);
    this.metricMemory = new MetricMemory(init.metrics);
    this.#threadOptions = thread;
    this.#components = components;
    this.ended = new Promise((resolve) => (this.#settle = resolve));
  }

  get isUp(): boolean {
    return this.state === 'starting' || this.state === 'ready' || this.state === 'running';
  }

  /** Where its socket was bound, once that is known. */
  get port(): number | undefined {
    const port = this.vars['port'];
    return typeof port === 'number' ? port : undefined;
  }

  takeLoopUtilization(): number | undefined {
    return this.#thread?.takeLoopUtilization();
  }

  /** Starts the thread and brings the instance to *ready*. Fails with the reason why it never gets there. */
  async start(): Promise<void> {
    this.state = 'starting';
    this.stage = 'starting its thread';
    const startedMs = this.#components.clock.nowMs();
    const thread = new WorkerThread<InstanceApi>(
      {
        name: `instance ${this.id}`,
        job: { job: 'instance', init: this.#init },
        ...this.#threadOptions,
        onMessage: (message) => this.#onEvent(message as InstanceEvent),
      },
      this.#components,
    );
    this.#thread = thread;
    void thread.ended.then((reason) => this.#onThreadEnd(reason));
    try {
      this.vars = await thread.call('its set-up', Infinity, (api) => api.setUp());
    } catch (error) {
      await this.#fail(toError(error));
      throw error;
    }
    // It may have been ended in the meantime.
    if (!this.isUp) return;
    this.state = 'ready';
    this.stage = 'ready';
    this.readyMs = this.#components.clock.nowMs() - startedMs;
  }

  async receiveAllVars(allVars: SharedArrayBuffer, serverVars: ServerVars): Promise<void> {
    try {
      await this.#thread?.call('receiving all variables', Infinity, (api) => api.receiveAllVars(allVars, serverVars));
    } catch (error) {
      await this.#fail(toError(error));
      throw error;
    }
    this.stage = 'waiting for the start';
  }

  go(startMs: number): void {
    this.state = 'running';
    this.#post({ type: 'go', startMs });
  }

  dispatch(message: CommandMessage): void {
    if (this.state !== 'running') return;
    this.commands.dispatched++;
    this.#post({ type: 'command', ...message });
  }

  /** Asks the instance to end, and ends its thread when it has not after the grace. */
  async stop(): Promise<void> {
    const thread = this.#thread;
    if (thread === undefined || !this.isUp) return;
    try {
      await thread.call('stopping', STOP_GRACE_MS, (api) => api.stop());
    } catch (error) {
      await this.#fail(toError(error));
    }
    await this.terminate();
  }

  /** Ends the thread at once. */
  async terminate(): Promise<void> {
    await this.#thread?.terminate();
    this.#saveStatistics();
    if (this.isUp) this.state = 'stopped';
    this.#settle();
  }

  #post(message: InstanceMessage): void {
    this.#thread?.post(message);
  }

  #onEvent(event: InstanceEvent): void {
    switch (event.type) {
      case 'stage':
        this.stage = event.stage;
        this.#components.onProgress();
        return;
      case 'commands-done':
        this.commands.done += event.latenessMs.length;
        this.latenessMs.push(...event.latenessMs);
        return;
      case 'command-failed':
        this.commands.failed++;
        this.latenessMs.push(event.latenessMs);
        this.#record(deserialiseError(event.error), event.place);
        return;
      case 'metrics-defined':
        this.metricNames.push(...event.names);
        return;
      case 'fault':
        this.#record(deserialiseError(event.error));
        return;
      case 'stopped':
        if (this.isUp) this.state = 'stopped';
        this.#components.clock.schedule(TERMINATE_DELAY_MS, () => void this.terminate());
        return;
      default:
        unreachable(event);
    }
  }

  #onThreadEnd(reason: Error | undefined): void {
    if (reason !== undefined && this.isUp) void this.#fail(reason);
    else this.#settle();
  }

  /** What a thread that was ended had not written yet. */
  #saveStatistics(): void {
    try {
      new LogBuffer(this.#init.statistics).rescue(join(this.#init.directory, STATISTICS_FILE));
    } catch (cause) {
      const file = join(this.#init.directory, STATISTICS_FILE);
      const message = `cannot write ${file}: ${toError(cause).message}`;
      this.#record(new GumbyError('OUTPUT_WRITE_FAILED', message, { context: { file }, cause }));
    }
  }

  async #fail(error: Error): Promise<void> {
    if (!this.isUp) return;
    this.state = 'failed';
    this.#record(error);
    this.#appendToStderr(error);
    await this.terminate();
  }

  #record(error: Error, place?: string): void {
    this.failureCount++;
    this.#components.failures.add(error, { instance: this.id, ...(place === undefined ? {} : { place }) });
  }

  /** The thread can no longer write its last words itself. */
  #appendToStderr(error: Error): void {
    try {
      appendFileSync(this.#init.stderrFile, `${formatError(error)}\n`);
    } catch {
      // The failure itself is recorded and reported; a disk that is full is reported by who fills it.
    }
  }
}
