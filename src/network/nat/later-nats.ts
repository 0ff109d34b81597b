import type { InstanceRange } from '../../runtime/peers/instance-range.js';
import type { NetworkStep } from '../links/network-change.js';
import { translates } from './nat-type.js';

/** The instances that a scenario puts behind a NAT that translates addresses, at some time. */
export function instancesSetBehindNats(steps: readonly NetworkStep[]): readonly InstanceRange[] {
  return steps.flatMap(({ change }) => (change.type === 'set-nat' && translates(change.nat) ? change.group : []));
}
