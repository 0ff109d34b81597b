import { setImmediate as turnOfLoop } from 'node:timers/promises';
import type { Fabric } from '../../src/network/fabric.js';
import type { ManualClock } from '../../src/runtime/manual-clock.js';

/** No exchange of a test takes as many turns: one that does would go on for ever. */
const TURNS_MAX = 100_000;

/**
 * Lets everything happen that is due at this moment of the clock, and all that this leads to: datagrams, their answers, and the
 * promises in between.
 */
export async function settle(clock: ManualClock, fabric: Fabric): Promise<void> {
  for (let turns = 0; turns < TURNS_MAX; turns++) {
    clock.turn();
    await turnOfLoop();
    if (fabric.counts.inFlight === 0) return;
  }
  throw new Error(`the network was not quiet after ${TURNS_MAX} turns: ${fabric.counts.inFlight} datagrams in flight`);
}
