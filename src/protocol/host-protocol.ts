/**
 * What crosses between the coordinator and a host, which is where instances live: types only. Everything that concerns an
 * instance carries its id, so that one port serves many.
 */
import type { Address } from '../network/address.js';
import type { NetworkCounts } from '../network/emulated/network-counts.js';
import type { ExchangeMemory } from '../network/emulated/packet-exchange.js';
import type { Bandwidth } from '../network/links/bandwidth.js';
import type { RegionPlan } from '../network/links/regions.js';
import type { LinkSettings } from '../network/links/link-settings.js';
import type { NetworkStep } from '../network/links/network-change.js';
import type { MeetingCount } from '../network/nat/meetings.js';
import type { NatPlan } from '../network/nat/nat-plan.js';
import type { TimeBoardMemory } from '../runtime/virtual-time/time-board.js';
import type { CommandDescription } from '../scenario/command-description.js';
import type { CaptureInit } from './capture-protocol.js';
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
  /** The virtual time and the emulated network that the instances live in; absent in real time. */
  readonly virtual?: VirtualHostInit;
  /** Absent where no packets are captured. */
  readonly capture?: CaptureInit;
}

/** A host's part in a run in virtual time. */
export interface VirtualHostInit {
  readonly board: TimeBoardMemory;
  /** The host's number on the board. */
  readonly host: number;
  /** Absent where there is one host only. */
  readonly exchange?: ExchangeMemory;
  /** How many instances live in each host but the last: instances are numbered through, host after host. */
  readonly instancesPerHost: number;
  /** How many trackers the run has: they live in the first host. */
  readonly trackerCount: number;
  /** The trackers, for the host that they live in. */
  readonly trackers?: TrackersInit;
  /** The Unix time at which the experiment's time is 0, in milliseconds. */
  readonly epochMs: number;
  /** The links of the emulated network at the beginning. */
  readonly links: LinkSettings;
  /** Where instances live; absent where latencies do not depend on it. */
  readonly regions?: RegionPlan | undefined;
  /** The connections of instances at the beginning. */
  readonly bandwidth: Bandwidth;
  readonly nats: NatPlan;
  /** What the scenario does to the network, in order of time. */
  readonly networkSteps: readonly NetworkStep[];
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
  /** What became of the packets that entities of this host have sent; undefined on sockets of the system. */
  networkFigures(): Promise<NetworkFigures | undefined>;
}

/** What one host knows of the emulated network. */
export interface NetworkFigures {
  readonly counts: NetworkCounts;
  readonly meetings: readonly MeetingCount[];
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
