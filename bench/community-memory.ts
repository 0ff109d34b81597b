import { setFlagsFromString } from 'node:v8';
import { setTimeout } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { Community } from '../src/dispersy/community/community.js';
import { Dispersy } from '../src/dispersy/dispersy.js';
import { Member } from '../src/dispersy/identity/member.js';
import { DefaultConversion } from '../src/dispersy/message/default-conversion.js';
import { realClock } from '../src/runtime/clock.js';
import { Fabric } from '../src/network/fabric.js';
import { MemoryEndpoint } from '../src/network/memory-endpoint.js';
import { createLogger } from '../src/runtime/logger.js';
import { seededRandom } from '../src/runtime/random.js';
import { type Figure, plainFigure } from './figure.js';

class IdleCommunity extends Community {
  override initiateConversions() {
    return [new DefaultConversion(this)];
  }
}

/** Measures the memory of a community that does nothing: it is loaded and walks, without a peer. */
export async function benchCommunityMemory(small: boolean): Promise<readonly Figure[]> {
  const count = small ? 100 : 1000;
  const random = seededRandom('bench');
  const logger = createLogger('bench', () => {});
  const endpoint = new MemoryEndpoint({ carrier: new Fabric(realClock), logger });
  await endpoint.open({ preferredPort: 20_001 });
  const dispersy = new Dispersy({ endpoint, clock: realClock, random, logger });
  dispersy.start();
  const myMember = dispersy.getNewMember();
  const load = () =>
    dispersy.loadCommunity(IdleCommunity, { masterMember: Member.withoutKey(random.bytes(20)), myMember });
  load();
  const before = await usedBytes();
  for (let index = 0; index < count; index++) load();
  const kib = ((await usedBytes()) - before) / count / 1024;
  await dispersy.stop();
  return [plainFigure('memory of an idle community', 'KiB', kib, 64)];
}

/** The memory in use after a garbage collection, which V8 lets us ask for only by a flag. */
async function usedBytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let round = 0; round < 5; round++) {
    collect();
    // Buffers are given back a little later.
    await setTimeout(10);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
