import type { InstanceRange } from '../../runtime/peers/instance-range.js';
import type { Router } from '../nat/router.js';
import type { Bandwidths } from './bandwidth.js';
import type { LinkTable } from './link-table.js';
import type { NetworkChange } from './network-change.js';

/** What a scenario changes of the network, as one thread has it. */
export interface NetworkConditions {
  readonly links: LinkTable;
  readonly bandwidths: Bandwidths;
  /** Absent on sockets of the system, which have no NATs. */
  readonly router?: Router;
  /** Absent where time passes by itself. */
  readonly freezer?: Freezer | undefined;
}

/** Lets instances of a thread stand still, and go on. */
export interface Freezer {
  pause(group: readonly InstanceRange[]): void;
  resume(group: readonly InstanceRange[]): void;
}

export function applyChange({ links, bandwidths, router, freezer }: NetworkConditions, change: NetworkChange): void {
  if (change.type === 'set-nat') router?.setNat(change.nat, change.group);
  else if (change.type === 'set-bandwidth') bandwidths.set(change.change, change.group);
  else if (change.type === 'pause' || change.type === 'resume') freezer?.[change.type](change.group);
  else links.apply(change);
}
