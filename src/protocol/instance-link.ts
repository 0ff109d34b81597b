/**
 * The joint between the coordinator and an instance: what it takes to speak with one, wherever it lives. The compliance suite in
 * test/coordinator/link holds for every implementation.
 */
import type { ThreadGauges } from '../statistics/thread-gauges.js';
import type { InstanceInit, TelemetryMemory } from './host-protocol.js';
import type { InstanceApi, InstanceEvent, InstanceMessage } from './instance-protocol.js';

/** The way to one instance. */
export interface InstanceLink {
  /**
   * Makes a call. None can hang: each races with the end of the instance and with a limit.
   * @param what - what is being waited for, as it stands in the message of a failure
   * @param limitMs - `Infinity` where a limit of a whole stage watches over the call
   * @throws GumbyError INSTANCE_LOST when the instance ends first, INSTANCE_TIMEOUT after `limitMs`; what the call itself throws
   */
  call<T>(what: string, limitMs: number, invoke: (api: InstanceApi) => Promise<T>): Promise<T>;
  /** Sends a one-way message; messages arrive in the order in which they were sent. To an instance that is gone it does nothing. */
  post(message: InstanceMessage): void;
  /** Resolves when the instance is gone, with the reason when nobody asked it to go. */
  readonly ended: Promise<Error | undefined>;
  /** Ends the instance without asking it; resolves when it is gone. Nothing of it is heard afterwards. */
  terminate(): Promise<void>;
}

/** What carries telemetry from a host: memory that both sides share, or messages. */
export type TelemetryCarrier = 'memory' | 'messages';

/** What the coordinator does with what comes from an instance. */
export interface InstanceListener {
  readonly onEvent: (event: InstanceEvent) => void;
  /** Told of what claims to come from the instance and is none of our events. */
  readonly onInvalidEvent: (problem: string) => void;
  /** Told of messages that a module sent past us. */
  readonly onForeignMessage: (problem: string) => void;
}

/** A place where instances live: a thread with one of them, or with a thousand. */
export interface HostLink {
  /** `instance 3`, or `the thread of instances 1-500`. */
  readonly name: string;
  readonly ids: readonly number[];
  readonly gauges: ThreadGauges;
  /** Whether it has been started and has not ended. */
  readonly isUp: boolean;
  /** How long its event loop has been idle in all, in milliseconds; absent while there is none. */
  readonly loopIdleMs: number | undefined;
  /** The share of the time since the last call in which its event loop was busy, from 0 to 1; absent while there is none. */
  takeLoopUtilization(): number | undefined;
  /** Asks it to note its gauges. */
  requestLook(): void;
  /**
   * Starts it, unless it runs already, and gives the way to one of its instances.
   * @param telemetry - where the coordinator reads what the instance measures: either the host writes there, or the link does
   */
  connect(init: InstanceInit, listener: InstanceListener, telemetry: TelemetryMemory): InstanceLink;
  /** Ends it with all its instances. */
  terminate(reason?: Error): Promise<void>;
}
