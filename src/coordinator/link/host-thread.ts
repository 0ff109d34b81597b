import type { Remote } from 'comlink';
import type {
  HostApi,
  HostEvent,
  HostInit,
  HostMessage,
  InstanceInit,
  TelemetryMemory,
} from '../../protocol/host-protocol.js';
import type { HostLink, InstanceLink, InstanceListener, TelemetryCarrier } from '../../protocol/instance-link.js';
import type { InstanceApi, InstanceMessage } from '../../protocol/instance-protocol.js';
import type { CodeCache } from '../../protocol/module-protocol.js';
import type { TrackersInit } from '../../protocol/tracker-protocol.js';
import type { Clock } from '../../runtime/clock.js';
import { boundedCall } from '../../runtime/bounded-call.js';
import { deserialiseError } from '../../runtime/error-transfer.js';
import { faultError, lostError } from '../../runtime/lost-error.js';
import { GumbyError } from '../../runtime/errors.js';
import { type Activity, ThreadActivity } from '../../statistics/thread-activity.js';
import { TAKEN_THREAD_GAUGES, ThreadGauges } from '../../statistics/thread-gauges.js';
import { applyTelemetry } from '../../statistics/told-telemetry.js';
import { applyWordChanges } from '../../statistics/word-changes.js';
import type { ExperimentTime } from '../time/experiment-time.js';
import type { HostTime } from '../time/host-time.js';
import { formatIds } from '../instances/format-ids.js';
import { problemOfHostEvent } from './check-instance-event.js';
import { WorkerThread } from './worker-thread.js';

export interface HostThreadInit {
  /** What the instances of the thread have in common; `ids` names them. */
  readonly host: Omit<HostInit, 'threadGauges' | 'activity' | 'virtual'>;
  /** Limit of the thread's heap in MiB, for all its instances together. */
  readonly heapMb: number;
  /** The part of the heap that is meant for each instance. */
  readonly instanceMemoryMb: number;
  readonly libraryCache?: CodeCache;
  /** @default 'memory' */
  readonly telemetry?: TelemetryCarrier;
}

export interface HostThreadComponents {
  /** The machine's clock. */
  readonly clock: Clock;
  /** The experiment's time, by which instances are given time to stop. */
  readonly time: Pick<ExperimentTime, 'clock' | 'join'>;
  /** The trackers that live in the host, in virtual time. */
  readonly trackers?: TrackersInit;
  /** Is told when the thread is gone. */
  readonly onEnded?: () => void;
  /** Is told of a failure in the thread of which nobody knows which instance it belongs to. */
  readonly onFault: (error: Error) => void;
}

/** How long a host may take to let go of an instance; a host that takes longer hangs, and is ended with all instances that live in it. */
const END_LIMIT_MS = 10_000;

/** A worker thread of this process, in which one or many instances live. */
export class HostThread implements HostLink {
  readonly name: string;
  readonly ids: readonly number[];
  readonly gauges = new ThreadGauges();
  readonly #activity = new ThreadActivity();
  readonly #init: HostThreadInit;
  readonly #components: HostThreadComponents;
  readonly #links = new Map<number, ThreadLink>();
  readonly #time: HostTime | undefined;
  #thread: WorkerThread<HostApi> | undefined;
  #hasEnded = false;
  /** How many instances live in the thread or can still come. */
  #remaining: number;
  #endReason: Error | undefined;

  constructor(init: HostThreadInit, components: HostThreadComponents) {
    this.#init = init;
    this.#components = components;
    this.ids = init.host.ids;
    this.#remaining = this.ids.length;
    this.#time = components.time.join?.({
      go: (startMs) => this.#post({ to: 'host', message: { type: 'go', startMs } }),
      resume: () => {
        if (this.isUp) this.#post({ to: 'host', message: { type: 'resume' } });
        return this.isUp;
      },
      end: (reason) => void this.terminate(reason),
    });
    this.name = this.ids.length === 1 ? formatIds(this.ids) : `the thread of ${formatIds(this.ids)}`;
  }

  get isUp(): boolean {
    return this.#thread !== undefined && !this.#hasEnded;
  }

  get activity(): Activity | undefined {
    return this.#activity.read();
  }

  get loopIdleMs(): number | undefined {
    return this.isUp ? this.#thread?.loopIdleMs : undefined;
  }

  takeLoopUtilization(): number | undefined {
    return this.#thread?.takeLoopUtilization();
  }

  requestLook(): void {
    this.#post({ to: 'host', message: { type: 'look' } });
  }

  connect(init: InstanceInit, listener: InstanceListener, telemetry: TelemetryMemory): InstanceLink {
    if (this.#links.has(init.id)) this.#remaining++;
    // The thread has ended in order, with the instance that is started again now.
    if (this.#hasEnded && this.#endReason === undefined) {
      this.#thread = undefined;
      this.#hasEnded = false;
    }
    const thread = this.#start();
    const crossing = this.#sharesMemory ? { ...init, telemetry } : init;
    const link = new ThreadLink(crossing, listener, {
      telemetry,
      clock: this.#components.time.clock,
      thread,
      onCall: () => this.#time?.beginCall(),
      end: () => this.#end(init.id),
      onSettled: () => this.#remaining--,
      onLost: () => void this.#endWhenOver(),
      post: (message) => this.#post({ to: init.id, message }),
    });
    this.#links.set(init.id, link);
    // The thread may have ended before, with another instance.
    if (this.#hasEnded) link.settle(this.#endReason ?? this.#goneError());
    return link;
  }

  async terminate(reason?: Error): Promise<void> {
    this.#endReason ??= reason;
    await this.#thread?.terminate();
  }

  #start(): WorkerThread<HostApi> {
    if (this.#thread !== undefined) return this.#thread;
    const { host, heapMb, instanceMemoryMb, libraryCache } = this.#init;
    const isShared = this.#isShared;
    const thread = new WorkerThread<HostApi>(
      {
        name: this.name,
        job: { job: 'instances', init: { ...host, ...this.#sharedMemory(), ...this.#virtual() } },
        heapMb,
        isShared,
        ...(isShared ? { heapShare: `, ${instanceMemoryMb} MiB for each of its instances` } : {}),
        ...(libraryCache === undefined ? {} : { libraryCache }),
        onMessage: (message) => this.#onMessage(message),
        onForeignMessage: (problem) => this.#onForeignMessage(problem),
        onBlocked: (error) => this.#components.onFault(error),
      },
      this.#components,
    );
    this.#thread = thread;
    void thread.ended.then((reason) => this.#onEnded(thread, reason));
    return thread;
  }

  #sharedMemory(): Pick<HostInit, 'threadGauges' | 'activity'> {
    if (!this.#sharesMemory) return {};
    const threadGauges = this.gauges.buffer;
    return this.#isShared ? { threadGauges, activity: this.#activity.memory } : { threadGauges };
  }

  #virtual(): Pick<HostInit, 'virtual'> {
    if (this.#time === undefined) return {};
    const { trackers } = this.#components;
    return { virtual: { ...this.#time.init, ...(trackers === undefined ? {} : { trackers }) } };
  }

  /** Whether an instance has the thread for itself, and ends with it. In virtual time a thread has a part in time, and stays. */
  get #isShared(): boolean {
    return this.ids.length > 1 || this.#time !== undefined;
  }

  get #sharesMemory(): boolean {
    return this.#init.telemetry !== 'messages';
  }

  #post(message: HostMessage): void {
    this.#thread?.post(message);
  }

  #onMessage(message: unknown): void {
    const problem = problemOfHostEvent(message, (id) => this.#links.has(id));
    if (problem !== undefined) {
      // The sender of such a message has tampered with the messages of the whole thread.
      for (const link of this.#links.values()) link.listener.onInvalidEvent(problem);
      return;
    }
    const { from, event } = message as HostEvent;
    if (event.type === 'thread-telemetry') applyWordChanges(this.gauges.buffer, event.gauges, TAKEN_THREAD_GAUGES);
    else if (event.type === 'parked') this.#time?.parked();
    else if (from === 'host') this.#components.onFault(faultError(this, event));
    else this.#links.get(from)?.listener.onEvent(event);
  }

  /** Takes a message that a module sent by itself: of several instances nobody can tell which one sent it. */
  #onForeignMessage(problem: string): void {
    const [only] = this.#links.values();
    if (!this.#isShared) only?.listener.onForeignMessage(problem);
    else
      this.#components.onFault(
        new GumbyError('INSTANCE_MESSAGE_INVALID', `${this.name} sent a message that is not ours: ${problem}`),
      );
  }

  #onEnded(thread: WorkerThread<HostApi>, reason: Error | undefined): void {
    if (thread !== this.#thread) return;
    this.#hasEnded = true;
    this.#endReason ??= reason;
    this.#components.onEnded?.();
    for (const link of this.#links.values()) link.settle(this.#endReason);
    this.#time?.gone();
  }

  /** Ends one instance. The thread ends with it when no other instance lives there or can still come, or when the thread does not answer. */
  async #end(id: number): Promise<void> {
    const thread = this.#thread;
    if (thread === undefined || this.#hasEnded) return;
    if (!this.#isShared) return this.terminate();
    const link = this.#links.get(id);
    // The host lets go of an instance that has stopped without being asked.
    if (link?.hasStopped !== true) await this.#letGo(thread, id);
    link?.settle(undefined);
    await this.#endWhenOver();
  }

  async #letGo(thread: WorkerThread<HostApi>, id: number): Promise<void> {
    try {
      await thread.call(`ending instance ${id}`, END_LIMIT_MS, (api) => api.end(id));
    } catch {
      const message = `${this.name} was ended: it did not let go of instance ${id} within ${END_LIMIT_MS / 1000} s`;
      await this.terminate(new GumbyError('INSTANCE_LOST', message, { context: { ids: this.ids } }));
    }
  }

  /** A thread without instances is of no use, but in virtual time others may wait for it. */
  async #endWhenOver(): Promise<void> {
    if (this.#remaining === 0 && this.#time === undefined) await this.terminate();
  }

  #goneError(): GumbyError {
    return new GumbyError('INSTANCE_LOST', `${this.name} has ended`);
  }
}

interface ThreadLinkComponents {
  /** The memory from which the coordinator reads the instance's measurements. */
  readonly telemetry: TelemetryMemory;
  readonly clock: Clock;
  readonly thread: WorkerThread<HostApi>;
  /** Called before each call. */
  readonly onCall: () => void;
  readonly end: () => Promise<void>;
  /** Called once, when the instance is gone. */
  readonly onSettled: () => void;
  readonly onLost: () => void;
  readonly post: (message: InstanceMessage) => void;
}

class ThreadLink implements InstanceLink {
  readonly listener: InstanceListener;
  readonly ended: Promise<Error | undefined>;
  hasEnded = false;
  /** Whether the instance has stopped in order, and has said so. */
  hasStopped = false;
  readonly #id: number;
  readonly #api: InstanceApi;
  readonly #components: ThreadLinkComponents;
  #settle!: (reason: Error | undefined) => void;
  #isTerminating = false;

  constructor(init: InstanceInit, listener: InstanceListener, components: ThreadLinkComponents) {
    this.listener = {
      onEvent: (event) => {
        if (this.hasEnded) return;
        // What an instance had done before it was ended is done, and nothing else of it is heard any more.
        if (this.#isTerminating && event.type !== 'commands-done') return;
        this.hasStopped ||= event.type === 'stopped';
        if (event.type === 'telemetry') applyTelemetry(components.telemetry, event);
        else if (event.type !== 'lost') listener.onEvent(event);
        else {
          this.settle(lostError(this.#id, deserialiseError(event.error)));
          components.onLost();
        }
      },
      onInvalidEvent: (problem) => listener.onInvalidEvent(problem),
      onForeignMessage: (problem) => listener.onForeignMessage(problem),
    };
    this.ended = new Promise((resolve) => (this.#settle = resolve));
    this.#id = init.id;
    this.#components = components;
    const { thread, onCall } = components;
    const call = <T>(invoke: (api: Remote<HostApi>) => Promise<T>): Promise<T> => {
      onCall();
      return thread.call('', Infinity, invoke);
    };
    this.#api = {
      setUp: () => call((api) => api.setUp(init)),
      receiveAllVars: (allVars, serverVars) => call((api) => api.receiveAllVars(init.id, allVars, serverVars)),
      restart: (...start) => call((api) => api.restart(init, ...start)),
      stop: () => call((api) => api.stop(init.id)),
    };
  }

  async call<T>(what: string, limitMs: number, invoke: (api: InstanceApi) => Promise<T>): Promise<T> {
    const { ended, hasEnded: isGone } = this;
    const name = `instance ${this.#id}`;
    return boundedCall({ name, what, limitMs, clock: this.#components.clock, ended, isGone }, () => invoke(this.#api));
  }

  post(message: InstanceMessage): void {
    if (!this.hasEnded) this.#components.post(message);
  }

  async terminate(): Promise<void> {
    if (!this.hasEnded) {
      this.#isTerminating = true;
      await this.#components.end();
    }
    await this.ended;
  }

  /** The instance is gone. */
  settle(reason: Error | undefined): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.#components.onSettled();
    this.#settle(this.#isTerminating ? undefined : reason);
  }
}
