import { Instance } from '../instance/instance.js';
import { wantedReceiveBufferBytes } from '../network/receive-buffer.js';
import type { HostApi, HostEvent, HostInit, HostMessage, InstanceInit } from '../protocol/host-protocol.js';
import type { AllVars, InstanceEvent, InstanceMessage } from '../protocol/instance-protocol.js';
import type { ServerVars, VarsJson } from '../protocol/variables.js';
import { writeFailed } from '../output/write-output-file.js';
import { GumbyError } from '../runtime/errors.js';
import { serialiseError } from '../runtime/error-transfer.js';
import { createLogger, formatError, type LogSink } from '../runtime/logger.js';
import { measuringClock } from '../runtime/measuring-clock.js';
import { ThreadActivity } from '../statistics/thread-activity.js';
import { DeferredStages } from './deferred-stages.js';
import { FrozenVars } from './frozen-vars.js';
import { TAKEN_THREAD_GAUGES } from '../statistics/thread-gauges.js';
import { TelemetryReporter } from '../statistics/told-telemetry.js';
import { WordReporter } from '../statistics/word-changes.js';
import type { HostEnvironment, InstanceTelemetry } from './host-environment.js';
import type { InstanceOutput } from './instance-output.js';
import { InstanceScope } from './instance-scope.js';
import { SocketMeter } from './socket-meter.js';
import { scopedClock } from './scoped-clock.js';
import type { ThreadMeter } from './thread-meter.js';

export interface InstanceHostComponents {
  readonly environment: HostEnvironment;
  readonly meter: ThreadMeter;
  readonly emit: (event: HostEvent) => void;
}

interface Hosted {
  readonly instance: Instance;
  readonly scope: InstanceScope;
  readonly output: InstanceOutput;
  readonly sockets: SocketMeter;
}

/** The instances that live in one place. It owns nothing of the place: its maker gives it an environment. */
export class InstanceHost implements HostApi {
  readonly #init: HostInit;
  readonly #components: InstanceHostComponents;
  readonly #hosted = new Map<number, Hosted>();
  /** What instances are told while they are started again. */
  readonly #waiting = new Map<number, InstanceMessage[]>();
  readonly #allVars = new FrozenVars();
  readonly #stages: DeferredStages | undefined;

  constructor(init: HostInit, components: InstanceHostComponents) {
    this.#init = init;
    this.#components = components;
    if (init.threadGauges === undefined) this.#tellThreadTelemetry();
    const { world } = components.environment;
    // In virtual time what is gathered is written when all stand still.
    if (world.notesAsItGoes) components.meter.watch(() => world.flush());
    this.#stages =
      init.activity &&
      new DeferredStages(new ThreadActivity(init.activity), components.environment.world.machine, (id, stage) =>
        components.emit({ from: id, event: { type: 'stage', stage } }),
      );
  }

  async setUp(init: InstanceInit): Promise<VarsJson> {
    const hosted = this.#create(init);
    this.#hosted.set(init.id, hosted);
    try {
      return await hosted.instance.setUp();
    } finally {
      this.#stages?.leave(init.id);
    }
  }

  async receiveAllVars(id: number, allVars: AllVars, serverVars: ServerVars): Promise<void> {
    const { world } = this.#components.environment;
    world.learn(() => this.#allVars.read(allVars));
    try {
      await this.#of(id).instance.receiveAllVars(allVars, serverVars);
    } finally {
      this.#stages?.leave(id);
    }
  }

  async restart(init: InstanceInit, allVars: AllVars, serverVars: ServerVars, startMs: number): Promise<VarsJson> {
    const { id } = init;
    const waiting: InstanceMessage[] = [];
    this.#waiting.set(id, waiting);
    try {
      const vars = await this.setUp(init);
      await this.receiveAllVars(id, allVars, serverVars);
      const { instance } = this.#of(id);
      this.#components.environment.world.go(startMs);
      for (const message of [{ type: 'go', startMs } as const, ...waiting]) instance.receive(message);
      return vars;
    } finally {
      this.#waiting.delete(id);
    }
  }

  async stop(id: number): Promise<void> {
    await this.#of(id).instance.stop();
  }

  async end(id: number): Promise<void> {
    this.#hosted.get(id)?.instance.reportDone();
    const instance = this.#letGo(id);
    await instance?.endpoint.close();
    instance?.closeStatistics();
    this.#components.environment.world.flush();
  }

  receive(message: HostMessage): void {
    if (message.to === 'host') {
      this.#components.meter.look();
      return;
    }
    if (message.message.type === 'go') this.#components.environment.world.go(message.message.startMs);
    if (this.#waiting.has(message.to)) this.#waiting.get(message.to)?.push(message.message);
    // An instance may have ended while the message was on its way.
    else this.#hosted.get(message.to)?.instance.receive(message.message);
  }

  /** Notes what has gone through the sockets of all instances. */
  noteTraffic(): void {
    for (const { sockets } of this.#hosted.values()) sockets.count();
  }

  /** Reports a failure of which nobody can tell which instance it belongs to. */
  fault(what: string, error: unknown): void {
    this.#components.emit({ from: 'host', event: { type: 'fault', what, error: serialiseError(error) } });
  }

  /** Writes what all instances have measured: the place where they live is about to end. */
  closeStatistics(): void {
    this.#components.meter.look();
    for (const { instance, output } of this.#hosted.values())
      try {
        instance.closeStatistics();
      } catch (error) {
        output.stderr(`${formatError(error)}\n`);
      }
  }

  #tellThreadTelemetry(): void {
    const { meter, emit } = this.#components;
    const reporter = new WordReporter(meter.gauges.buffer, TAKEN_THREAD_GAUGES);
    meter.watch(() => {
      const gauges = reporter.take();
      if (gauges.length > 0) emit({ from: 'host', event: { type: 'thread-telemetry', gauges } });
    });
  }

  /** Takes an instance out of the host: nothing of it runs any more, and no message reaches it. */
  #letGo(id: number): Instance | undefined {
    const hosted = this.#hosted.get(id);
    this.#hosted.delete(id);
    this.#stages?.leave(id);
    hosted?.scope.end();
    return hosted?.instance;
  }

  #of(id: number): Hosted {
    const hosted = this.#hosted.get(id);
    if (hosted === undefined) throw new GumbyError('INSTANCE_LOST', `instance ${id} has ended`);
    return hosted;
  }

  #create(init: InstanceInit): Hosted {
    const { id } = init;
    const { environment, meter } = this.#components;
    const emit = (event: InstanceEvent) => {
      if (event.type === 'stage' && this.#stages !== undefined) {
        this.#stages.enter(id, event.stage);
        return;
      }
      const isLastWord = event.type === 'stopped';
      // The gauges have their final values now, and the thread may end with its last instance.
      if (isLastWord) {
        noteForGood();
        world.flush();
      }
      this.#components.emit({ from: id, event });
      if (isLastWord) this.#letGo(id);
    };
    // Promises of an instance that has ended may still settle: another one may have its number by then.
    const emitWhileAlive = (event: InstanceEvent) => {
      if (scope.isOpen) emit(event);
    };
    const { world } = environment;
    const scope = new InstanceScope(id, (error) => {
      output.stderr(`${formatError(error)}\n`);
      emit({ type: 'lost', error: serialiseError(error) });
      this.end(id).catch((cause: unknown) => this.fault(`ending instance ${id}`, cause));
    });
    world.enter(scope);
    const output = environment.outputOf(init, (file, cause) => {
      emit({ type: 'fault', what: 'writing output', error: serialiseError(writeFailed(file, cause)) });
    });
    const telemetry = environment.telemetryOf(init.telemetry);
    const logSink: LogSink = (level, line) => output.stderr(`${timeOf(instance)} ${level.toUpperCase()} ${line}\n`);
    const receiveBufferBytes = wantedReceiveBufferBytes(this.#init.instanceCount);
    const endpoint = world.openEndpoint(id, { logger: createLogger('endpoint', logSink), receiveBufferBytes });
    telemetry.gauges.set('wantedReceiveBufferBytes', receiveBufferBytes);
    const { machine } = world;
    const sockets = new SocketMeter(telemetry.gauges, [endpoint], world.trafficClockOf(id));
    const tell = init.telemetry === undefined ? tellerOf(telemetry, emit) : () => {};
    const note = () => {
      sockets.note();
      tell();
    };
    if (world.notesAsItGoes) scope.own(meter.watch(note));
    // In real time an instance alone in its thread takes the thread with it; with many in a thread, a look at all of them at the end
    // of each would take minutes.
    const noteForGood = () => {
      if (this.#init.ids.length === 1 && world.notesAsItGoes) meter.look();
      else note();
    };
    const onActivity = () => {
      if (!world.notesAsItGoes) return;
      meter.lookNowAndThen();
      sockets.countNowAndThen();
    };
    endpoint.onPacket(onActivity);
    const onTimer = (latenessMs: number) => {
      telemetry.gauges.recordTimer(latenessMs);
      onActivity();
    };
    const instance: Instance = new Instance(init, this.#init, {
      clocks: {
        machine: scopedClock(machine, scope),
        experiment: scopedClock(measuringClock(world.clockOf(id), onTimer), scope),
      },
      endpoint,
      network: world.networkOf(id),
      outsideHost: world.outsideHostOf(id),
      logSink,
      print: (line) => output.stdout(`${line}\n`),
      emit: emitWhileAlive,
      loadModules: () => environment.loadModules(scope, output),
      readAllVars: (allVars) => this.#allVars.read(allVars),
      log: telemetry.log,
      metrics: telemetry.metrics,
    });
    return { instance, scope, output, sockets };
  }
}

/** Tells the coordinator what has changed in what an instance measures. */
function tellerOf({ gauges, metrics }: InstanceTelemetry, emit: (event: InstanceEvent) => void): () => void {
  const reporter = new TelemetryReporter({ gauges: gauges.buffer, metrics: metrics.buffer });
  return () => {
    const changes = reporter.take();
    if (changes !== undefined) emit({ type: 'telemetry', ...changes });
  };
}

function timeOf({ timeS }: Instance): string {
  return Number.isFinite(timeS) ? timeS.toFixed(3) : '-';
}
