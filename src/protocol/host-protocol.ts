/**
 * What crosses between the coordinator and a host, which is where instances live: types only. Everything that concerns an
 * instance carries its id, so that one port serves many.
 */
import type { Address } from '../network/address.js';
import type { ExchangeMemory } from '../network/emulated/packet-exchange.js';
import type { TimeBoardMemory } from '../runtime/virtual-time/time-board.js';
import type { CommandDescription } from '../scenario/command-description.js';
import type { CaptureInit } from './capture-protocol.js';
import type { NetworkInit } from './network-protocol.js';
import type { AllVars, InstanceEvent, InstanceMessage } from './instance-protocol.js';
import type { ModuleBundle } from './module-protocol.js';
import type { TrackersInit } from './tracker-protocol.js';
import type { ServerVars, VarsJson } from './variables.js';
import type { WordChanges } from '../statistics/word-changes.js';

/** What all instances of a host have in common; it is sent to the host once. */
export interface HostInit {
  readonly instanceCount: number;
  readonly seed: string;
  readonly bundle: ModuleBundle;
  /** The commands that need no module. */
  readonly builtInCommands: readonly CommandDescription[];
  /** The commands of each loaded module, in the order of loading. */
  readonly commands: readonly (readonly CommandDescription[])[];
  /** Configuration options in upper case, as scenarios see them. */
  readonly options: Readonly<Record<string, string>>;
  readonly trackers: readonly Address[];
  /** The instances that will live here. Of several instances each gets globals of its own, and no file stays open for it. */
  readonly ids: readonly number[];
  /** Memory of a `ThreadGauges`, which the host writes and the coordinator reads; absent when the gauges are told in messages. */
  readonly threadGauges?: SharedArrayBuffer;
  /**
   * Memory of a `ThreadActivity`, where several instances share a thread and memory with the coordinator: stages are
   * then noted there, and told when the turn is over. Absent when stages are told at once.
   */
  readonly activity?: SharedArrayBuffer;
  /** The network between the instances; absent where it is the machine's own, and nothing is changed about it. */
  readonly network?: NetworkInit;
  /** The virtual time that the instances live in; absent in real time. */
  readonly virtual?: VirtualHostInit;
  /** Absent where no packets are captured. */
  readonly capture?: CaptureInit;
}

/** A host's part in a run in virtual time. */
export interface VirtualHostInit {
  readonly board: TimeBoardMemory;
  /** The host's number on the board. */
  readonly host: number;
  readonly hostCount: number;
  /** Absent where there is one host only. */
  readonly exchange?: ExchangeMemory;
  /** The trackers, for the host that they live in. */
  readonly trackers?: TrackersInit;
  /** The Unix time at which the experiment's time is 0, in milliseconds. */
  readonly epochMs: number;
  /** Where the thread's part of the event trace goes; absent where events are not traced. */
  readonly traceFile?: string;
  /** How long one event may keep the machine, in milliseconds; longer ends its instance. */
  readonly windowLimitMs: number;
}

/** What one instance has for itself. */
export interface InstanceInit {
  readonly id: number;
  /** The instance's own directory, which exists. */
  readonly directory: string;
  readonly stdoutFile: string;
  readonly stderrFile: string;
  /** A wish: a port that is taken gives way to a free one. */
  readonly preferredPort: number;
  /** The memory for telemetry; absent where no memory is shared and changes are told in messages. */
  readonly telemetry?: TelemetryMemory;
}

/** Memory that the host writes and the coordinator reads, so that no thread is woken for a number. */
export interface TelemetryMemory {
  /** Memory of an `InstanceGauges`. */
  readonly gauges: SharedArrayBuffer;
  /** Memory of a `MetricMemory`. */
  readonly metrics: SharedArrayBuffer;
  /**
   * Memory of a `LogBuffer`: the part of `statistics.log` that is not written yet, which the coordinator saves when the
   * host is gone. Where no memory is shared, this part is lost with the host.
   */
  readonly log: SharedArrayBuffer;
}

/** Calls to a host; each but the last is a call of `InstanceApi`, with the addressed instance's id. */
export interface HostApi {
  setUp(init: InstanceInit): Promise<VarsJson>;
  receiveAllVars(id: number, allVars: AllVars, serverVars: ServerVars): Promise<void>;
  restart(init: InstanceInit, allVars: AllVars, serverVars: ServerVars, startMs: number): Promise<VarsJson>;
  stop(id: number): Promise<void>;
  /** Ends an instance without asking it: its timers, its socket and its files are closed, and nothing of it is heard afterwards. */
  end(id: number): Promise<void>;
}

/** One-way messages to a host. */
export type HostMessage =
  | { readonly to: number; readonly message: InstanceMessage }
  /** Asks the host to note the gauges of its thread, and with them that its event loop turns. */
  | { readonly to: 'host'; readonly message: { readonly type: 'look' } }
  /** In virtual time: when the experiment begins. */
  | { readonly to: 'host'; readonly message: { readonly type: 'go'; readonly startMs: number } }
  /** Lets virtual time pass. */
  | { readonly to: 'host'; readonly message: { readonly type: 'resume' } };

/** One-way messages from a host. */
export type HostEvent =
  | { readonly from: number; readonly event: InstanceEvent }
  /** Something failed, and the host cannot tell which instance it belongs to. */
  | { readonly from: 'host'; readonly event: Extract<InstanceEvent, { readonly type: 'fault' }> }
  /** The host waits for the coordinator, with all others. */
  | { readonly from: 'host'; readonly event: { readonly type: 'parked' } }
  /** The changes in the gauges of the host's thread. */
  | { readonly from: 'host'; readonly event: { readonly type: 'thread-telemetry'; readonly gauges: WordChanges } };
