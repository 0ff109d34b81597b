import test, { type ExecutionContext } from 'ava';
import type { Address } from '../../../src/network/address.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { sentBy } from '../support/introductions.js';
import { NoteCommunity } from '../support/note-community.js';
import { makeSilentDispersy } from '../support/seeded-peers.js';
import { mark } from '../support/inside.js';

class FastCommunity extends NoteCommunity {
  override readonly enableFastCandidateWalker = true;

  override initialize(...addresses: readonly Address[]): void {
    for (const address of addresses) this.addCandidate(address);
  }
}

const at = (port: number) => ({ host: '127.0.0.1', port });

function setUp(t: ExecutionContext, knownCount: number) {
  const clock = new ManualClock();
  const { dispersy, endpoint } = makeSilentDispersy(t, clock);
  const args = Array.from({ length: knownCount }, (_, index) => at(index + 1));
  const community = dispersy.loadCommunity(FastCommunity, { args });
  const asked = () => sentBy(community, endpoint, 'introduction-request').map(({ address }) => address.port);
  return { clock, dispersy, community, asked };
}

test('it begins by asking everyone at once', (t) => {
  const { asked } = setUp(t, 5);
  t.deepEqual(asked(), [1, 2, 3, 4, 5]);
});

test('every 2 s it asks those who are new, and nobody twice in 27.5 s', (t) => {
  const { clock, community, asked } = setUp(t, 2);
  community.addCandidate(at(3));
  clock.advance(1_999);
  t.deepEqual(asked(), [1, 2]);
  clock.advance(1);
  t.deepEqual(asked(), [1, 2, 3]);
  community.addCandidate(at(4));
  community.addCandidate(at(5));
  clock.advance(2_000);
  t.deepEqual(asked(), [1, 2, 3, 4, 5]);
  clock.advance(2_000);
  t.is(asked().length, 5);
});

test('it asks the same one again after 27.5 s', (t) => {
  const { clock, community, asked } = setUp(t, 0);
  const candidate = community.candidates.at(at(1));
  mark(community, candidate, 'stumble');
  clock.advance(2_000);
  t.deepEqual(asked(), [1]);
  // Of the 15 rounds the last is 28 s after the first, 26 s after this one.
  clock.advance(60_000);
  t.deepEqual(asked(), [1]);
});

test('after 15 rounds it stops', (t) => {
  const { clock, community, asked } = setUp(t, 1);
  let rounds = 1;
  for (let port = 2; port < 40; port++) {
    community.addCandidate(at(port));
    const before = asked().length;
    clock.advance(2_000);
    if (asked().length > before) rounds++;
  }
  t.is(rounds, 15);
  t.deepEqual(
    asked(),
    Array.from({ length: 15 }, (_, index) => index + 1),
  );
});

test('with 15 verified candidates it stops', (t) => {
  const { clock, community, asked } = setUp(t, 1);
  for (let port = 100; port < 114; port++) mark(community, community.candidates.at(at(port)), 'stumble');
  clock.advance(2_000);
  t.is(asked().length, 1 + 14);
  mark(community, community.candidates.at(at(114)), 'stumble');
  community.addCandidate(at(2));
  clock.advance(60_000);
  t.is(asked().length, 1 + 14);
});

test('it stops with the community', async (t) => {
  const { clock, dispersy, community, asked } = setUp(t, 1);
  community.addCandidate(at(2));
  await community.unloadCommunity();
  clock.advance(60_000);
  t.deepEqual(asked(), [1]);
  await dispersy.stop();
  t.is(clock.pendingCount, 0);
});
