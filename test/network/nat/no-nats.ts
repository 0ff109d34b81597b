import type { NatPlan } from '../../../src/network/nat/nat-plan.js';

/** What a run has whose configuration says nothing of NATs. */
export const NO_NATS: NatPlan = {
  settings: { timeoutMs: 120_000, refreshesInbound: false, hairpins: false },
  assignments: [],
  later: [],
  areExchanged: false,
};
