import type { HostEvent, HostInit, InstanceInit, TelemetryMemory } from '../protocol/host-protocol.js';
import type { HostLink, InstanceLink, InstanceListener } from '../protocol/instance-link.js';
import type { InstanceApi, InstanceMessage } from '../protocol/instance-protocol.js';
import { boundedCall } from '../runtime/bounded-call.js';
import type { Clock } from '../runtime/clock.js';
import { deserialiseError, serialiseError } from '../runtime/error-transfer.js';
import { faultError, lostError } from '../runtime/lost-error.js';
import { ThreadGauges } from '../statistics/thread-gauges.js';
import type { HostEnvironment } from './host-environment.js';
import { InstanceHost } from './instance-host.js';
import { ThreadMeter } from './thread-meter.js';

export interface SameThreadHostComponents {
  readonly environment: HostEnvironment;
  /** Is told of a failure of which nobody knows which instance it belongs to. */
  readonly onFault: (error: Error) => void;
}

/**
 * Instances that live in the coordinator's own thread, where a debugger and a test find them. Messages are copied as
 * between threads, and arrive in a later turn: an instance cannot tell the difference.
 */
export class SameThreadHost implements HostLink {
  readonly name = 'the main thread';
  readonly ids: readonly number[];
  readonly gauges = new ThreadGauges();
  readonly #host: InstanceHost;
  readonly #meter: ThreadMeter;
  readonly #clock: Clock;
  readonly #onFault: (error: Error) => void;
  readonly #links = new Map<number, SameThreadLink>();
  #hasEnded = false;

  constructor(init: Omit<HostInit, 'threadGauges'>, { environment, onFault }: SameThreadHostComponents) {
    this.ids = init.ids;
    this.#clock = environment.world.machine;
    this.#onFault = onFault;
    this.#meter = new ThreadMeter(this.gauges, this.#clock);
    const hostInit = { ...init, threadGauges: this.gauges.buffer };
    this.#host = new InstanceHost(hostInit, { environment, meter: this.#meter, emit: (event) => this.#onEvent(event) });
  }

  get isUp(): boolean {
    return this.#links.size > 0 && !this.#hasEnded;
  }

  get activity(): undefined {
    return undefined;
  }

  /** Nobody can watch the loop from outside: the watcher runs in it. */
  get loopIdleMs(): undefined {
    return undefined;
  }

  takeLoopUtilization(): undefined {
    return undefined;
  }

  requestLook(): void {
    this.#meter.look();
  }

  connect(init: InstanceInit, listener: InstanceListener, telemetry: TelemetryMemory): InstanceLink {
    const link = new SameThreadLink({ ...init, telemetry }, listener, this.#host, this.#clock);
    this.#links.set(init.id, link);
    return link;
  }

  async terminate(): Promise<void> {
    this.#hasEnded = true;
    await Promise.all([...this.#links.values()].map((link) => link.terminate()));
    this.#meter.close();
  }

  #onEvent({ from, event }: HostEvent): void {
    // The host writes to the reader's own memory.
    if (event.type === 'thread-telemetry' || event.type === 'parked') return;
    if (from !== 'host') this.#links.get(from)?.receive(structuredClone(event));
    else this.#onFault(faultError(this, event));
  }
}

class SameThreadLink implements InstanceLink {
  readonly ended: Promise<Error | undefined>;
  readonly #id: number;
  readonly #listener: InstanceListener;
  readonly #host: InstanceHost;
  readonly #clock: Clock;
  readonly #api: InstanceApi;
  #hasEnded = false;
  #settle!: (reason: Error | undefined) => void;

  constructor(init: InstanceInit, listener: InstanceListener, host: InstanceHost, clock: Clock) {
    this.#id = init.id;
    this.#listener = listener;
    this.#host = host;
    this.#clock = clock;
    this.ended = new Promise((resolve) => (this.#settle = resolve));
    const { id } = init;
    this.#api = {
      setUp: () => transferred(() => host.setUp(structuredClone(init))),
      receiveAllVars: (...args) => transferred(() => host.receiveAllVars(id, ...structuredClone(args))),
      restart: (...start) => transferred(() => host.restart(structuredClone(init), ...structuredClone(start))),
      stop: () => transferred(() => host.stop(id)),
    };
  }

  call<T>(what: string, limitMs: number, invoke: (api: InstanceApi) => Promise<T>): Promise<T> {
    const { ended } = this;
    const name = `instance ${this.#id}`;
    const isGone = this.#hasEnded;
    return boundedCall({ name, what, limitMs, clock: this.#clock, ended, isGone }, () => invoke(this.#api));
  }

  post(message: InstanceMessage): void {
    const copy = structuredClone(message);
    queueMicrotask(() => {
      if (!this.#hasEnded) this.#host.receive({ to: this.#id, message: copy });
    });
  }

  /** Takes an event of the instance. */
  receive(event: Parameters<InstanceListener['onEvent']>[0]): void {
    queueMicrotask(() => {
      if (this.#hasEnded) return;
      if (event.type === 'lost') this.#end(lostError(this.#id, deserialiseError(event.error)));
      else this.#listener.onEvent(event);
    });
  }

  async terminate(): Promise<void> {
    if (this.#hasEnded) return;
    this.#end(undefined);
    await this.#host.end(this.#id);
  }

  #end(reason: Error | undefined): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#settle(reason);
  }
}

/** Answers, or fails, with a copy, as a call does whose answer crosses between threads. */
async function transferred<T>(call: () => Promise<T>): Promise<T> {
  try {
    return structuredClone(await call());
  } catch (error) {
    throw deserialiseError(serialiseError(error));
  }
}
