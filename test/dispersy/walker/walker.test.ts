import test from 'ava';
import { addressKey, type Address } from '../../../src/network/address.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { receiveResponse, sentBy } from '../support/introductions.js';
import { NoteCommunity } from '../support/note-community.js';
import { pass } from '../support/peers.js';
import { makeSeededPeer, makeSilentDispersy } from '../support/seeded-peers.js';

class WalkingCommunity extends NoteCommunity {
  override readonly enableCandidateWalker = true;

  override initialize(...addresses: readonly Address[]): void {
    for (const address of addresses) this.addCandidate(address);
  }
}

class RestingCommunity extends WalkingCommunity {
  override readonly enableCandidateWalker = false as true;
}

const addressesOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ host: '127.0.0.1', port: index + 1 }));

test('one peer alone takes steps to nobody', (t) => {
  const clock = new ManualClock();
  const { dispersy, endpoint } = makeSilentDispersy(t, clock);
  dispersy.loadCommunity(WalkingCommunity);
  clock.advance(120_000);
  t.is(endpoint.sent.length, 0);
  t.is(dispersy.statistics.walkAttempt, 0);
});

test('a step is taken at once, and then every 5 s', (t) => {
  const clock = new ManualClock();
  const { dispersy, endpoint } = makeSilentDispersy(t, clock);
  const community = dispersy.loadCommunity(WalkingCommunity, { args: addressesOf(50) });
  const times: number[] = [0];
  t.is(sentBy(community, endpoint, 'introduction-request').length, 1);
  for (let ms = 1; ms <= 50_000; ms++) {
    clock.advance(1);
    const sent = sentBy(community, endpoint, 'introduction-request').length;
    if (sent > times.length) times.push(ms);
  }
  const phase = times[1] ?? -1;
  t.true(phase > 0 && phase <= 5_000);
  for (const [index, ms] of times.slice(1).entries()) t.is(ms, phase + index * 5_000);
  t.true(times.length >= 10);
  const asked = sentBy(community, endpoint, 'introduction-request').map(({ address }) => addressKey(address));
  t.is(new Set(asked).size, asked.length);
});

test('peers of a run do not walk in step', (t) => {
  const phases = new Set<number>();
  for (let peer = 0; peer < 10; peer++) {
    const clock = new ManualClock();
    const { dispersy } = makeSilentDispersy(t, clock, undefined, `peer ${peer}`);
    dispersy.loadCommunity(WalkingCommunity, { args: addressesOf(3) });
    let phase = 0;
    while (dispersy.statistics.walkAttempt === 1 && phase < 5_000) {
      clock.advance(50);
      phase += 50;
    }
    phases.add(phase);
  }
  t.true(phases.size >= 8);
});

test('who does not answer is asked once; the others are tried next', (t) => {
  const clock = new ManualClock();
  const { dispersy, endpoint } = makeSilentDispersy(t, clock);
  const community = dispersy.loadCommunity(WalkingCommunity, { args: addressesOf(3) });
  clock.advance(50_000);
  t.deepEqual(
    sentBy(community, endpoint, 'introduction-request')
      .map(({ address }) => address.port)
      .toSorted(),
    [1, 2, 3],
  );
  t.deepEqual(dispersy.statistics.walkFail.toJSON(), { '127.0.0.1:1': 1, '127.0.0.1:2': 1, '127.0.0.1:3': 1 });
});

test('one that was asked before it was known is not asked again at once', (t) => {
  const clock = new ManualClock();
  const { dispersy, endpoint } = makeSilentDispersy(t, clock);
  const community = dispersy.loadCommunity(WalkingCommunity);
  const source = { host: '127.0.0.1', port: 7 };
  community.createIntroductionRequest(source);
  const requests = () => sentBy(community, endpoint, 'introduction-request');
  receiveResponse(community, { source, identifier: requests()[0]?.payload.identifier ?? 0 });
  clock.advance(27_000);
  t.is(requests().length, 1);
});

test('a tracker is asked again and again, but not more often than every 57.5 s', (t) => {
  const clock = new ManualClock();
  const { dispersy, endpoint } = makeSilentDispersy(t, clock);
  const community = dispersy.loadCommunity(WalkingCommunity);
  community.candidates.addTracker({ host: '127.0.0.1', port: 9 });
  clock.advance(300_000);
  const { length } = sentBy(community, endpoint, 'introduction-request');
  t.is(length, 5);
  t.is(dispersy.statistics.walkFail.get('127.0.0.1:9'), 5);
});

test('a community that does not walk answers only', (t) => {
  const clock = new ManualClock();
  const { dispersy, endpoint } = makeSilentDispersy(t, clock);
  dispersy.loadCommunity(RestingCommunity, { args: addressesOf(3) });
  clock.advance(60_000);
  t.is(endpoint.sent.length, 0);
});

test('the walk ends with the community', async (t) => {
  const clock = new ManualClock();
  const { dispersy, endpoint } = makeSilentDispersy(t, clock);
  const timers = clock.pendingCount;
  const community = dispersy.loadCommunity(WalkingCommunity, { args: addressesOf(30) });
  clock.advance(7_000);
  const { length } = endpoint.sent;
  await community.unloadCommunity();
  clock.advance(60_000);
  t.is(endpoint.sent.length, length);
  t.is(clock.pendingCount, timers);
});

test('two peers keep each other, by a step every 27.5 s', async (t) => {
  const clock = new ManualClock();
  const [one, other] = [await makeSeededPeer(t, clock, 'one'), await makeSeededPeer(t, clock, 'other')];
  const mine = one.dispersy.loadCommunity(WalkingCommunity, { args: [other.address] });
  const theirs = other.dispersy.loadCommunity(WalkingCommunity);
  for (let minute = 0; minute < 10; minute++) {
    await pass(clock, 60_000);
    t.deepEqual(mine.verifiedCandidates().map(addressKey), [addressKey(other.address)]);
    t.deepEqual(theirs.verifiedCandidates().map(addressKey), [addressKey(one.address)]);
  }
  for (const { dispersy } of [one, other]) {
    const { walkAttempt, walkSuccess, walkFail, drops } = dispersy.statistics;
    t.is(walkSuccess, walkAttempt);
    // Every 30 s, as the steps of 5 s fall.
    t.true(walkAttempt >= 19 && walkAttempt <= 22, String(walkAttempt));
    t.is(walkFail.total + drops.total, 0);
  }
});

test('twenty peers of whom each knows the next find most of the others', async (t) => {
  const clock = new ManualClock();
  const peers = await Promise.all(Array.from({ length: 20 }, (_, index) => makeSeededPeer(t, clock, `peer ${index}`)));
  const communities = peers.map(({ dispersy }, index) =>
    dispersy.loadCommunity(WalkingCommunity, { args: peers.slice(index + 1, index + 2).map(({ address }) => address) }),
  );
  await pass(clock, 180_000);
  const counts = communities.map((community) => community.verifiedCandidates().length);
  t.log(`${counts.reduce((sum, each) => sum + each, 0) / 20} verified on average, ${Math.min(...counts)} at least`);
  t.true(Math.min(...counts) >= 8, counts.join());
  for (const { dispersy, logged } of peers) {
    t.is(dispersy.statistics.walkFail.total, 0);
    t.deepEqual(logged, []);
  }
});
