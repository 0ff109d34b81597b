import { type InstanceRange, isInRanges } from '../../runtime/peers/instance-range.js';
import type { NatType } from '../nat/nat-type.js';
import type { BandwidthChange } from './bandwidth.js';
import type { LinkChange } from './link-settings.js';

/** Some instances: ascending, disjoint ranges; undefined for everyone, trackers included. */
export type InstanceGroup = readonly InstanceRange[] | undefined;

/** A change of links; see `NetworkChange`. */
export type LinkTableChange = Exclude<
  NetworkChange,
  { readonly type: 'set-nat' | 'set-bandwidth' | 'pause' | 'resume' }
>;

/** A change of the emulated network: plain data, that every thread applies at the same moment of the experiment. */
export type NetworkChange =
  /** The links between two groups, or, of one direction only, from the first to the second. */
  | {
      readonly type: 'set-link';
      readonly from: InstanceGroup;
      readonly to: InstanceGroup;
      readonly direction: 'both' | 'one-way';
      readonly change: LinkChange;
    }
  /** Packets between different groups are lost; instances in none of them reach everyone. */
  | { readonly type: 'partition'; readonly groups: readonly (readonly InstanceRange[])[] }
  /** All partitions are over. */
  | { readonly type: 'heal' }
  /** Packets from the first group to the second are lost. */
  | { readonly type: 'cut'; readonly from: InstanceGroup; readonly to: InstanceGroup }
  /** All cuts are over. */
  | { readonly type: 'restore' }
  /** The connections of these instances get faster or slower. */
  | {
      readonly type: 'set-bandwidth';
      readonly change: BandwidthChange;
      readonly group: readonly InstanceRange[];
    }
  /** These instances get another NAT, or none. */
  | { readonly type: 'set-nat'; readonly nat: NatType; readonly group: readonly InstanceRange[] }
  /** What these instances send, and what is sent to them, is lost. */
  | { readonly type: 'disconnect'; readonly group: readonly InstanceRange[] }
  | { readonly type: 'reconnect'; readonly group: readonly InstanceRange[] }
  /** These instances stand still: whatever would happen to them waits. */
  | { readonly type: 'pause'; readonly group: readonly InstanceRange[] }
  /** They go on. */
  | { readonly type: 'resume'; readonly group: readonly InstanceRange[] };

/** A change at its moment. */
export interface NetworkStep {
  /** Milliseconds since GO. */
  readonly timeMs: number;
  readonly change: NetworkChange;
}

export function isIn(group: InstanceGroup, instance: number): boolean {
  return group === undefined || isInRanges(group, instance);
}
