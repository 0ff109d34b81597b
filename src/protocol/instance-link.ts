/**
 * The joint between the coordinator and an instance: how the coordinator speaks with an instance, wherever the instance
 * lives. The compliance suite in
 * test/coordinator/link holds for every implementation.
 */
import type { Activity } from '../statistics/thread-activity.js';
import type { ThreadGauges } from '../statistics/thread-gauges.js';
import type { InstanceInit, TelemetryMemory } from './host-protocol.js';
import type { InstanceApi, InstanceEvent, InstanceMessage } from './instance-protocol.js';

/** The way to one instance. */
export interface InstanceLink {
  /**
   * Makes a call. No call can hang: each races with the end of the instance and with a limit. @param what - what the
   * caller waits for, as the message of a failure names it
   * @param limitMs - `Infinity` where a limit of a whole stage watches over the call
   * @throws GumbyError INSTANCE_LOST when the instance ends first, INSTANCE_TIMEOUT after `limitMs`; what the call itself throws
   */
  call<T>(what: string, limitMs: number, invoke: (api: InstanceApi) => Promise<T>): Promise<T>;
  /** Sends a one-way message; messages arrive in the order in which they were sent. Nothing is sent to an instance that is gone. */
  post(message: InstanceMessage): void;
  /** Resolves when the instance is gone, with the reason when nobody asked it to go. */
  readonly ended: Promise<Error | undefined>;
  /** Ends the instance without asking it; resolves when it is gone. Nothing of it is heard afterwards. */
  terminate(): Promise<void>;
}

/** What carries telemetry from a host: memory that both sides share, or messages. */
export type TelemetryCarrier = 'memory' | 'messages';

/** How the coordinator takes what comes from an instance. */
export interface InstanceListener {
  readonly onEvent: (event: InstanceEvent) => void;
  /** Is told of a message that claims to be an event of the instance and is none. */
  readonly onInvalidEvent: (problem: string) => void;
  /** Is told of messages that a module sent to the coordinator by itself. */
  readonly onForeignMessage: (problem: string) => void;
}

/** A place where instances live: a thread with one of them, or with a thousand. */
export interface HostLink {
  /** `instance 3`, or `the thread of instances 1-500`. */
  readonly name: string;
  readonly ids: readonly number[];
  readonly gauges: ThreadGauges;
  /** What the host is doing, and for which of its instances, where several share it; undefined when the host tells each stage at once. */
  readonly activity: Activity | undefined;
  /** Whether the host has been started and has not ended. */
  readonly isUp: boolean;
  /** How long the host's event loop has been idle in all, in milliseconds; undefined while there is no loop. */
  readonly loopIdleMs: number | undefined;
  /** The share of the time since the last call in which the host's event loop was busy, from 0 to 1; undefined while there is no loop. */
  takeLoopUtilization(): number | undefined;
  /** Asks the host to note its gauges. */
  requestLook(): void;
  /**
   * Starts the host, unless it runs already, and gives the way to one of its instances.
   * @param telemetry - where the coordinator reads what the instance measures: either the host writes there, or the link does
   */
  connect(init: InstanceInit, listener: InstanceListener, telemetry: TelemetryMemory): InstanceLink;
  /** Ends the host with all its instances. */
  terminate(reason?: Error): Promise<void>;
}
