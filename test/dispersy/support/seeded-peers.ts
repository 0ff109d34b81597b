import { createHash } from 'node:crypto';
import type { ExecutionContext } from 'ava';
import type { Community } from '../../../src/dispersy/community/community.js';
import { type CommunityClass, Dispersy, type DispersyInit } from '../../../src/dispersy/dispersy.js';
import { Curve25519PrivateKey } from '../../../src/dispersy/identity/curve25519-key.js';
import { Member } from '../../../src/dispersy/identity/member.js';
import type { Address } from '../../../src/network/address.js';
import { createLogger } from '../../../src/runtime/logger.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { seededRandom } from '../../../src/runtime/random.js';
import { makePeer, type Peer, pass } from './peers.js';
import { SilentEndpoint } from './silent-endpoint.js';

/** A member whose key, and so whose packets, are the same in every run. */
export function seededMember(name: string): Member {
  return new Member(Curve25519PrivateKey.fromSecrets(createHash('sha512').update(name).digest()));
}

/** A member elsewhere: a test can sign as it, and this Dispersy knows its public key. */
export function foreignMember(dispersy: Dispersy, name: string): Member {
  const member = seededMember(name);
  dispersy.getMember({ publicKey: member.publicKey });
  return member;
}

/** A started Dispersy in the network of this clock, whose chance follows from the test and the name. */
export function makeSeededPeer(t: ExecutionContext, clock: ManualClock, name: string): Promise<Peer> {
  return makePeer(t, clock, { name });
}

/** A started Dispersy without a network, at this address. */
export function makeSilentDispersy(
  t: ExecutionContext,
  clock: ManualClock,
  address?: Address,
  name = 'silent',
  more: Partial<Pick<DispersyInit, 'openStore' | 'crypto'>> = {},
) {
  const endpoint = new SilentEndpoint(address);
  const logger = createLogger(name, (_level, line) => t.log(line));
  const dispersy = new Dispersy({ endpoint, clock, random: seededRandom(t.title, name), logger, ...more });
  dispersy.start();
  t.teardown(() => dispersy.stop());
  return { dispersy, endpoint };
}

/** Two peers; only when `ask` is called does the first ask the second for what it misses. */
export async function makeSyncPair<C extends Community>(t: ExecutionContext, communityClass: CommunityClass<C>) {
  const clock = new ManualClock();
  const [asker, answerer] = [await makeSeededPeer(t, clock, 'asker'), await makeSeededPeer(t, clock, 'answerer')];
  const mine = asker.dispersy.loadCommunity(communityClass, { myMember: seededMember('asker') });
  const theirs = answerer.dispersy.loadCommunity(communityClass, { myMember: seededMember('answerer') });
  const settle = () => pass(clock, 1);
  const ask = async () => {
    mine.createIntroductionRequest(answerer.address);
    await settle();
  };
  return { clock, asker, answerer, mine, theirs, settle, ask };
}
