import type { ExecutionContext } from 'ava';
import { Dispersy, type DispersyInit } from '../../../src/dispersy/dispersy.js';
import { Tracker } from '../../../src/dispersy/tracker.js';
import type { Address } from '../../../src/network/address.js';
import type { MeteredEndpoint } from '../../../src/network/socket-figures.js';
import { createLogger } from '../../../src/runtime/logger.js';
import type { ManualClock } from '../../../src/runtime/manual-clock.js';
import { seededRandom } from '../../../src/runtime/random.js';
import { MemoryEndpoint } from '../../../src/network/memory-endpoint.js';
import { Fabric } from '../../../src/network/fabric.js';
import { settle as settleFabric } from '../../network/settle.js';

export interface Peer {
  readonly dispersy: Dispersy;
  readonly endpoint: MeteredEndpoint;
  readonly address: Address;
  readonly logged: string[];
}

export interface PeerOptions extends Partial<Pick<DispersyInit, 'trackers' | 'crypto'>> {
  /** Named in the log, and what the peer's chance follows from. @default another one for each peer */
  readonly name?: string;
  /** @default one in the network of the clock */
  readonly endpoint?: MeteredEndpoint;
}

/** A started Dispersy in the network of this clock; time moves, and packets arrive, only when the test says so. */
export async function makePeer(t: ExecutionContext, clock: ManualClock, options: PeerOptions = {}): Promise<Peer> {
  const { name = `peer ${worldOf(clock).peerCount++}`, endpoint = makeEndpoint(clock), ...more } = options;
  const logged: string[] = [];
  const logger = createLogger(name, (_level, line) => logged.push(line));
  const address = await endpoint.open();
  const dispersy = new Dispersy({ endpoint, clock, random: seededRandom(t.title, name), logger, ...more });
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
  const endpoint = makeEndpoint(clock);
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
export async function pass(clock: ManualClock, durationMs: number): Promise<void> {
  for (let passedMs = 0; passedMs < durationMs; passedMs += STEP_MS) {
    clock.advance(Math.min(STEP_MS, durationMs - passedMs));
    await settle(clock);
  }
}

const STEP_MS = 2_500;

/** Lets all datagrams arrive and be answered, while time stands still. */
export async function settle(clock: ManualClock): Promise<void> {
  await settleFabric(clock, worldOf(clock).fabric);
}

function makeEndpoint(clock: ManualClock): MemoryEndpoint {
  return new MemoryEndpoint({ carrier: worldOf(clock).fabric, logger: createLogger('endpoint', () => undefined) });
}

interface World {
  readonly fabric: Fabric;
  peerCount: number;
}

const worlds = new WeakMap<ManualClock, World>();

/** Whoever lives by the same clock is in the same network. */
function worldOf(clock: ManualClock): World {
  const world = worlds.get(clock) ?? { fabric: new Fabric(clock), peerCount: 0 };
  worlds.set(clock, world);
  return world;
}
