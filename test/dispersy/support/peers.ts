import { setTimeout as delay } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { Dispersy, type DispersyInit } from '../../../src/dispersy/dispersy.js';
import { Tracker } from '../../../src/dispersy/tracker.js';
import type { Address } from '../../../src/network/address.js';
import { UdpEndpoint } from '../../../src/network/udp-endpoint.js';
import { createLogger } from '../../../src/runtime/logger.js';
import type { ManualClock } from '../../../src/runtime/manual-clock.js';
import { seededRandom } from '../../../src/runtime/random.js';

export interface Peer {
  readonly dispersy: Dispersy;
  readonly endpoint: UdpEndpoint;
  readonly address: Address;
  readonly logged: string[];
}

let peerCount = 0;

/** A started Dispersy on a UDP socket of its own; time moves only with `clock.advance`. */
export async function makePeer(
  t: ExecutionContext,
  clock: ManualClock,
  more: Partial<Pick<DispersyInit, 'trackers' | 'crypto'>> = {},
): Promise<Peer> {
  const logged: string[] = [];
  const logger = createLogger('peer', (_level, line) => logged.push(line));
  const endpoint = new UdpEndpoint({ logger });
  const address = await endpoint.open();
  const dispersy = new Dispersy({ endpoint, clock, random: seededRandom('peer', peerCount++), logger, ...more });
  dispersy.start();
  t.teardown(async () => {
    await dispersy.stop();
    await endpoint.close();
  });
  return { dispersy, endpoint, address, logged };
}

export async function makePeers(t: ExecutionContext, clock: ManualClock, count: 2): Promise<[Peer, Peer]>;
export async function makePeers(t: ExecutionContext, clock: ManualClock, count: 3): Promise<[Peer, Peer, Peer]>;
export async function makePeers(t: ExecutionContext, clock: ManualClock, count: number): Promise<[Peer, ...Peer[]]>;
export async function makePeers(t: ExecutionContext, clock: ManualClock, count: number): Promise<Peer[]> {
  return Promise.all(Array.from({ length: count }, () => makePeer(t, clock)));
}

export async function makeTracker(t: ExecutionContext, clock: ManualClock) {
  const logger = createLogger('tracker', () => undefined);
  const endpoint = new UdpEndpoint({ logger });
  const address = await endpoint.open();
  const tracker = new Tracker({ endpoint, clock, random: seededRandom('tracker'), logger });
  tracker.start();
  t.teardown(async () => {
    await tracker.stop();
    await endpoint.close();
  });
  return { tracker, endpoint, address };
}

/** Moves time on in steps, and lets all datagrams of each step arrive and be answered before the next. */
export async function pass(clock: ManualClock, peers: readonly Settling[], durationMs: number): Promise<void> {
  for (let passedMs = 0; passedMs < durationMs; passedMs += STEP_MS) {
    clock.advance(Math.min(STEP_MS, durationMs - passedMs));
    await settle(peers);
  }
}

const STEP_MS = 2_500;

interface Settling {
  readonly endpoint: Pick<UdpEndpoint, 'statistics'>;
}

/** Waits until nothing has arrived anywhere for a few turns of the event loop. */
async function settle(peers: readonly Settling[]): Promise<void> {
  let before = -1;
  for (let stillTurns = 0; stillTurns < 3;) {
    await delay(1);
    const now = peers.reduce((sum, { endpoint }) => sum + endpoint.statistics.packetsDown, 0);
    stillTurns = now === before ? stillTurns + 1 : 0;
    before = now;
  }
}
