import { deserialize, serialize } from 'node:v8';
import type { ScriptGlobals } from '../../instance/load-script.js';
import { EmulatedNetwork } from '../../network/emulated/emulated-network.js';
import type { CrossingPacket } from '../../network/emulated/crossing-packet.js';
import type { NetworkChange } from '../../network/links/network-change.js';
import { PacketExchange } from '../../network/emulated/packet-exchange.js';
import type { TraceEvent } from '../../output/trace/trace-line.js';
import { TraceWriter } from '../../output/trace/trace-writer.js';
import type { Carrier } from '../../network/carrier.js';
import { MemoryEndpoint } from '../../network/memory-endpoint.js';
import { observedCarrier } from '../../network/observed/observed-carrier.js';
import type { MeteredEndpoint } from '../../network/socket-figures.js';
import type { HostInit, VirtualHostInit } from '../../protocol/host-protocol.js';
import type { NetworkInit } from '../../protocol/network-protocol.js';
import type { Clock } from '../../runtime/clock.js';
import { seededRandom } from '../../runtime/random.js';
import { GumbyError } from '../../runtime/errors.js';
import { type InstanceRange, instancesIn } from '../../runtime/peers/instance-range.js';
import { entityClock } from '../../runtime/virtual-time/entity-clock.js';
import { EventScheduler } from '../../runtime/virtual-time/event-scheduler.js';
import type { EventDetail } from '../../runtime/virtual-time/virtual-event.js';
import { TimeBoard } from '../../runtime/virtual-time/time-board.js';
import { WindowRunner } from '../../runtime/virtual-time/window-runner.js';
import { HostNetwork, NETWORK } from '../host-network.js';
import type { InstanceOutput } from '../instance-output.js';
import { scopedClock } from '../scoped-clock.js';
import type { InstanceScope } from '../instance-scope.js';
import { ModuleNetwork } from '../module-network.js';
import { PacketCapture } from '../packet-capture.js';
import { SideFile } from '../side-file.js';
import type { OpenEndpointInit, World } from '../world.js';
import { PendingWork } from './pending-work.js';
import { VIRTUAL_GLOBAL_NAMES, virtualGlobals } from './virtual-globals.js';

export interface VirtualWorldComponents {
  readonly machine: Clock;
  /** The host waits for the coordinator, with all others. */
  readonly onPark: () => void;
  /** Is told what an instance does that makes its results doubtful. */
  readonly onWarning: (instance: number, message: string) => void;
  /** Is told of a failure that belongs to no instance. */
  readonly onFault: (what: string, error: unknown) => void;
}

/** Virtual time and the emulated network, as the entities of one thread live in them. */
export class VirtualWorld implements World {
  readonly machine: Clock;
  readonly notesAsItGoes = false;
  readonly furtherGlobals = VIRTUAL_GLOBAL_NAMES;
  readonly #init: VirtualHostInit;
  readonly #instanceCount: number;
  readonly #seed: string;
  readonly #onWarning: VirtualWorldComponents['onWarning'];
  readonly #board: TimeBoard;
  readonly #scheduler: EventScheduler;
  readonly #trace: SideFile<TraceWriter> | undefined;
  readonly #capture: PacketCapture | undefined;
  readonly #hostNetwork: HostNetwork;
  readonly #network: EmulatedNetwork;
  readonly #exchange: PacketExchange | undefined;
  readonly #work = new PendingWork();
  readonly #runner: WindowRunner;
  readonly #scopes = new Map<number, InstanceScope>();
  /** The calls that are not answered yet, by instance: how to end each. */
  readonly #calls = new Map<number, Set<() => void>>();

  constructor(
    { instanceCount, seed, capture }: HostInit,
    init: VirtualHostInit,
    network: NetworkInit,
    { machine, onPark, onWarning, onFault }: VirtualWorldComponents,
  ) {
    this.machine = machine;
    this.#init = init;
    this.#instanceCount = instanceCount;
    this.#seed = seed;
    this.#onWarning = onWarning;
    this.#board = new TimeBoard(init.board);
    const { traceFile } = init;
    if (traceFile !== undefined)
      this.#trace = new SideFile('writing the trace', () => new TraceWriter(traceFile), onFault);
    if (capture !== undefined) this.#capture = new PacketCapture(capture, onFault);
    this.#scheduler = new EventScheduler(
      this.#trace &&
        ((timeMs, instance, kind, detail) => this.#note({ timeMs, instance, kind, what: detail?.what ?? '' }, detail)),
    );
    const hostNetwork = new HostNetwork(network, instanceCount, seed, {
      pause: (group) => this.#eachHere(group, (instance) => this.#scheduler.pause(instance)),
      resume: (group) => this.#eachHere(group, (instance) => this.#scheduler.resume(instance)),
    });
    this.#hostNetwork = hostNetwork;
    const exchange =
      init.exchange &&
      new PacketExchange(init.exchange, init.host, (crossing) => {
        if (crossing.target === NETWORK) this.#takeChange(crossing);
        else this.#network.receive(crossing);
      });
    this.#exchange = exchange;
    this.#network = new EmulatedNetwork({
      events: this.#scheduler,
      fates: hostNetwork.links,
      router: hostNetwork.router,
      bandwidths: hostNetwork.bandwidths,
      figures: hostNetwork.figures,
      thread: init.host,
      threadOf: (entity) => hostNetwork.threadOf(entity),
      ...(exchange === undefined ? {} : { others: exchange }),
    });
    this.#runner = new WindowRunner({
      scheduler: this.#scheduler,
      board: this.#board,
      host: init.host,
      machine,
      ...(exchange === undefined ? {} : { exchange }),
      isQuiet: () => this.#work.isQuiet,
      onBusy: (sinceMs) => this.#onBusy(sinceMs),
      onPark,
    });
  }

  /** The instance that the present event happens to; undefined when it is a tracker's, or no instance lives any more that it could be. */
  get activeScope(): InstanceScope | undefined {
    const { activeEntity } = this.#scheduler;
    return activeEntity === undefined ? undefined : this.#scopes.get(activeEntity);
  }

  go(startMs: number): void {
    this.#hostNetwork.go(startMs, this.#scheduler);
  }

  /** Addresses of the emulated network follow from numbers. */
  learn(): void {}

  /** Lets virtual time pass. */
  resume(): void {
    this.#runner.resume();
  }

  enter(scope: InstanceScope): void {
    // An instance that is started again does not stand still any more.
    this.#scheduler.resume(scope.id);
    this.#scopes.set(scope.id, scope);
    this.#board.setLive(this.#init.host, this.#scopes.size);
    scope.own(() => {
      this.#scopes.delete(scope.id);
      this.#board.setLive(this.#init.host, this.#scopes.size);
      for (const end of this.#calls.get(scope.id) ?? []) end();
      this.#calls.delete(scope.id);
    });
  }

  clockOf(entity: number): Clock {
    return entityClock(this.#scheduler, entity, this.#init.epochMs);
  }

  trafficClockOf(entity: number): Clock {
    return this.clockOf(entity);
  }

  openEndpoint(entity: number, { logger }: OpenEndpointInit): MeteredEndpoint {
    return new MemoryEndpoint({
      carrier: this.#carrierOf(entity),
      host: this.#hostNetwork.router.insideHostOf(entity),
      logger,
    });
  }

  networkOf(instance: number): ModuleNetwork {
    return new ModuleNetwork(this.#instanceCount, (change) => this.#submit(instance, change));
  }

  outsideHostOf(entity: number): string {
    return this.#hostNetwork.router.sourceHostOf(entity, false);
  }

  globalsOf(scope: InstanceScope, output: InstanceOutput): ScriptGlobals {
    return virtualGlobals(scope, output, {
      clock: scopedClock(this.clockOf(scope.id), scope),
      random: seededRandom(this.#seed, 'globals', scope.id),
      work: this.#work,
      carrier: this.#carrierOf(scope.id),
      host: this.#hostNetwork.router.insideHostOf(scope.id),
      onOutside: (what, place) => {
        const message = `${what} is used in ${place}: it lives in real time, and its results may differ from run to run`;
        output.stderr(`WARNING ${message}\n`);
        this.#onWarning(scope.id, message);
      },
    });
  }

  /**
   * Makes a call of the coordinator an event of the entity. It is answered when what it began is done, or when the
   * instance has ended.
   */
  call<T>(entity: number, run: () => Promise<T>): Promise<T> {
    const { host } = this.#init;
    const timeMs = Math.max(this.#board.callTimeMs, this.#scheduler.nowMs);
    return new Promise((resolve, reject) => {
      const calls = this.#calls.get(entity) ?? new Set();
      this.#calls.set(entity, calls);
      const end = () => {
        if (calls.delete(end)) this.#board.endCall(host, this.#scheduler.nowMs);
      };
      calls.add(end);
      this.#scheduler.add('call', timeMs, entity, entity, () => {
        run().then(resolve, reject).finally(end);
      });
    });
  }

  /** Lets a command happen to an instance at a time of the experiment. @param describe - the command, and where it stands */
  schedule(entity: number, timeMs: number, describe: () => string, run: () => void): void {
    const scheduler = this.#scheduler;
    const detail = scheduler.isTraced ? { what: describe() } : undefined;
    scheduler.add('command', Math.max(timeMs, scheduler.nowMs), entity, entity, run, detail);
  }

  flush(): void {
    this.#trace?.flush();
    this.#capture?.flush();
  }

  /** The network as an instance or tracker uses it: all its sockets, those of packages with sockets of their own as well. */
  #carrierOf(entity: number): Carrier {
    const carrier = this.#network.carrierOf(entity);
    const observer = this.#capture?.observerOf(entity, this.clockOf(entity));
    return observer === undefined ? carrier : observedCarrier(carrier, observer);
  }

  /** A change that a module makes is everywhere when the fastest packet would be. */
  #submit(instance: number, change: NetworkChange): void {
    const { lookaheadMs } = this.#init.board;
    this.#hostNetwork.checkChange(change, lookaheadMs);
    const crossing: CrossingPacket = {
      timeMs: this.#scheduler.nowMs + lookaheadMs,
      sentMs: this.#scheduler.nowMs,
      ...{ target: NETWORK, source: instance, sequence: this.#scheduler.nextSequence(instance) },
      ...{ sourcePort: 0, targetPort: 0, isInside: false, bytes: serialize(change) },
    };
    this.#takeChange(crossing);
    for (let host = 0; host < this.#init.hostCount; host++)
      if (host !== this.#init.host) this.#exchange?.send(host, crossing);
  }

  #takeChange({ timeMs, source, sequence, bytes }: CrossingPacket): void {
    const change = deserialize(bytes) as NetworkChange;
    const apply = () => this.#hostNetwork.apply(change);
    this.#scheduler.insert('network', timeMs, NETWORK, source, sequence, apply, { what: change.type });
  }

  #eachHere(group: readonly InstanceRange[], call: (instance: number) => void): void {
    for (const instance of instancesIn(group))
      if (this.#hostNetwork.threadOf(instance) === this.#init.host) call(instance);
  }

  #note(event: Omit<TraceEvent, 'hash'>, detail: EventDetail | undefined): void {
    // What happens to the network happens in every thread, and once.
    if (event.instance === NETWORK && this.#init.host > 0) return;
    this.#trace?.write((trace) => trace.note(event, detail?.bytes));
  }

  /** Real work of an event does not come to an end. */
  #onBusy(sinceMs: number): void {
    const { windowLimitMs } = this.#init;
    if (sinceMs < windowLimitMs) return;
    this.#work.abandon();
    const message = `work that it began – reading a file, or crypto – has not ended after ${windowLimitMs / 1000} s of the machine's time (option window_limit), and the experiment's time stands still meanwhile`;
    this.activeScope?.lose(new GumbyError('INSTANCE_TIMEOUT', message, { context: { machineLimit: true } }));
  }
}
