import type { Bandwidth } from '../network/links/bandwidth.js';
import type { LinkSettings } from '../network/links/link-settings.js';
import type { NetworkStep } from '../network/links/network-change.js';
import type { RegionPlan } from '../network/links/regions.js';
import type { NatPlan } from '../network/nat/nat-plan.js';

/** The network between instances, as one of its threads gets it: plain data. */
export interface NetworkInit {
  /** The network that packets go over: sockets of the system, or the emulated one. */
  readonly kind: 'udp' | 'emulated';
  /** The number of this thread among those of the run. */
  readonly thread: number;
  /** How many instances live in each thread but the last: instances are numbered through, thread after thread. */
  readonly instancesPerThread: number;
  readonly trackerCount: number;
  /** The number of the thread that the trackers live in. */
  readonly trackerThread: number;
  /** The links at the beginning. */
  readonly links: LinkSettings;
  /** Where instances live; absent where latencies do not depend on it. */
  readonly regions?: RegionPlan;
  /** The connections of instances at the beginning. */
  readonly bandwidth: Bandwidth;
  readonly nats: NatPlan;
  /** What the scenario does to the network, in order of time. */
  readonly steps: readonly NetworkStep[];
  /** Memory of a `NetworkFigures`, in which the thread counts. */
  readonly figures: SharedArrayBuffer;
  /** What threads put packets for each other into, where the emulated network goes by the real clock. */
  readonly mailboxes?: readonly SharedArrayBuffer[];
}
