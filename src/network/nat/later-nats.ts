import type { NetworkStep } from '../links/network-change.js';
import type { NatPlan } from './nat-plan.js';
import { translates } from './nat-type.js';

/** What a scenario does with NATs, at some time. */
export function exchangesOfNats(steps: readonly NetworkStep[]): Pick<NatPlan, 'later' | 'areExchanged'> {
  const exchanges = steps.flatMap(({ change }) => (change.type === 'set-nat' ? [change] : []));
  return {
    later: exchanges.flatMap(({ nat, group }) => (translates(nat) ? group : [])),
    areExchanged: exchanges.length > 0,
  };
}
