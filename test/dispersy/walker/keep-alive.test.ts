import test, { type ExecutionContext } from 'ava';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { receiveRequest, receiveResponse, sentBy } from '../support/introductions.js';
import { NoteCommunity } from '../support/note-community.js';
import { pass } from '../support/peers.js';
import { makeSeededPeer, makeSilentDispersy } from '../support/seeded-peers.js';
import { isKeptAlive, mark } from '../support/inside.js';

class KeepingCommunity extends NoteCommunity {}

const PEER = { host: '127.0.0.1', port: 7 };

function setUp(t: ExecutionContext) {
  const clock = new ManualClock();
  const { dispersy, endpoint } = makeSilentDispersy(t, clock);
  const community = dispersy.loadCommunity(KeepingCommunity);
  const candidate = community.candidates.at(PEER);
  const requests = () => sentBy(community, endpoint, 'introduction-request').map(({ payload }) => payload);
  return { clock, dispersy, community, candidate, requests };
}

test('one request, without advice or sync, goes out before the mark is over', (t) => {
  const { clock, community, candidate, requests } = setUp(t);
  mark(community, candidate, 'walk');
  community.keepAlive(candidate);
  clock.advance(45_999);
  t.is(requests().length, 0);
  clock.advance(1);
  t.is(requests().length, 1);
  t.false(requests()[0]?.advice);
  t.is(requests()[0]?.sync, undefined);
  t.true(isKeptAlive(community, candidate));
});

test('one that does not answer is let go, and counted as a failed walk', (t) => {
  const { clock, dispersy, community, candidate, requests } = setUp(t);
  mark(community, candidate, 'walk');
  community.keepAlive(candidate);
  clock.advance(57_499);
  t.true(isKeptAlive(community, candidate));
  clock.advance(1);
  t.false(isKeptAlive(community, candidate));
  t.false(candidate.isVerifiedAt(clock.nowMs()));
  t.is(dispersy.statistics.walkFail.get('127.0.0.1:7'), 1);
  clock.advance(300_000);
  t.is(requests().length, 1);
});

test('one that answers is asked again, before that mark is over', (t) => {
  const { clock, community, candidate, requests } = setUp(t);
  mark(community, candidate, 'walk');
  community.keepAlive(candidate);
  for (let count = 1; count <= 5; count++) {
    while (requests().length < count) clock.advance(500);
    clock.advance(100);
    receiveResponse(community, { source: PEER, identifier: requests().at(-1)?.identifier ?? 0 });
    t.is(candidate.markedMs('walk'), clock.nowMs());
  }
  // The next one is timed from the last answer: 46 s each, and what it took.
  t.true(clock.nowMs() > 5 * 46_000 && clock.nowMs() < 5 * 59_000, String(clock.nowMs()));
  t.true(isKeptAlive(community, candidate));
});

test('one that asks us is not asked in the meantime', (t) => {
  const { clock, community, candidate, requests } = setUp(t);
  mark(community, candidate, 'walk');
  community.keepAlive(candidate);
  for (let count = 0; count < 10; count++) {
    clock.advance(30_000);
    receiveRequest(community, { source: PEER });
  }
  t.is(requests().length, 0);
  t.true(candidate.isVerifiedAt(clock.nowMs()));
  clock.advance(46_000);
  t.is(requests().length, 1);
});

test('to keep one alive twice does no more than once', (t) => {
  const { clock, community, candidate, requests } = setUp(t);
  mark(community, candidate, 'stumble');
  for (let count = 0; count < 3; count++) community.keepAlive(candidate);
  clock.advance(46_000);
  t.is(requests().length, 1);
});

test('one that is not known yet is asked at once, and kept when it answers', (t) => {
  const { clock, community, requests } = setUp(t);
  community.keepAlive(community.candidates.at(PEER));
  clock.advance(0);
  t.is(requests().length, 1);
  receiveResponse(community, { source: PEER, identifier: requests()[0]?.identifier ?? 0 });
  clock.advance(45_999);
  t.is(requests().length, 1);
  t.true(isKeptAlive(community, community.candidates.at(PEER)));
  clock.advance(11_500);
  t.is(requests().length, 2);
});

test('all of it ends with the community', async (t) => {
  const { clock, dispersy, community, candidate, requests } = setUp(t);
  mark(community, candidate, 'walk');
  community.keepAlive(candidate);
  await community.unloadCommunity();
  clock.advance(100_000);
  t.is(requests().length, 0);
  await dispersy.stop();
  t.is(clock.pendingCount, 0);
});

test('a peer stays verified for as long as it is there', async (t) => {
  const clock = new ManualClock();
  const [one, other] = [await makeSeededPeer(t, clock, 'one'), await makeSeededPeer(t, clock, 'other')];
  const mine = one.dispersy.loadCommunity(KeepingCommunity);
  other.dispersy.loadCommunity(KeepingCommunity);
  mine.keepAlive(mine.candidates.at(other.address));
  await pass(clock, 10);
  for (let minute = 0; minute < 10; minute++) {
    t.is(mine.verifiedCandidates().length, 1);
    await pass(clock, 60_000);
  }
  t.is(one.dispersy.statistics.walkFail.total, 0);
  await other.dispersy.stop();
  await pass(clock, 60_000);
  t.is(mine.verifiedCandidates().length, 0);
  t.false(isKeptAlive(mine, mine.candidates.at(other.address)));
  t.is(one.dispersy.statistics.walkFail.total, 1);
});
