import type { InstanceRange } from '../../runtime/peers/instance-range.js';
import type { NatSettings } from './nat-settings.js';
import type { NatType } from './nat-type.js';

/** What stands before a group of instances from the beginning. */
export interface NatAssignment {
  readonly type: NatType;
  /** Ascending, disjoint ranges. */
  readonly group: readonly InstanceRange[];
  /** Whether the group has one NAT, one outside address and one LAN; else each instance has its own. */
  readonly isShared: boolean;
}

/** The NATs of a run: plain data, the same for all threads. */
export interface NatPlan {
  readonly settings: NatSettings;
  /** Their groups are disjoint. */
  readonly assignments: readonly NatAssignment[];
  /**
   * Instances that the scenario puts behind a NAT later: they have an inside address from the beginning, and ports that
   * stay as they are.
   */
  readonly later: readonly InstanceRange[];
  /** Whether the scenario exchanges NATs or firewalls at all. */
  readonly areExchanged: boolean;
}

/** Fewer ports would not be enough for an instance: it has a mapping for each peer where its NAT is symmetric. */
const PORTS_MIN = 64;
/** The outside ports that NATs give away are above those of well-known services. */
export const OUTSIDE_PORT_MIN = 1024;
export const OUTSIDE_PORTS = 65_536 - OUTSIDE_PORT_MIN;
/** So many instances can share a NAT. */
export const SHARERS_MAX = Math.floor(OUTSIDE_PORTS / PORTS_MIN);
