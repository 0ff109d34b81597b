import test from 'ava';
import { ManualClock } from '../../src/runtime/manual-clock.js';
import { makePeer, makeTracker, pass } from './support/peers.js';
import { PingCommunity, SecondPingCommunity } from './support/ping-community.js';

for (const communityClass of [PingCommunity, SecondPingCommunity]) {
  test(`${communityClass.name}: peers that know only the tracker meet through it`, async (t) => {
    const clock = new ManualClock();
    const { address, tracker } = await makeTracker(t, clock);
    const peers = await Promise.all(Array.from({ length: 8 }, () => makePeer(t, clock, { trackers: [address] })));
    const communities = peers.map(({ dispersy }) => dispersy.loadCommunity(communityClass));
    await pass(clock, 90_000);
    for (const community of communities) {
      t.true(community.verifiedCandidates().length >= 3);
      // The tracker is nobody's peer.
      t.false(community.verifiedCandidates().some(({ port }) => port === address.port));
    }
    t.is(tracker.communityCount, 1);
    t.is(tracker.dispersy.statistics.walkAttempt, 0);
  });
}

test('a tracker keeps communities apart, also versions of one', async (t) => {
  const clock = new ManualClock();
  const { address, tracker } = await makeTracker(t, clock);
  const one = await makePeer(t, clock, { trackers: [address] });
  const other = await makePeer(t, clock, { trackers: [address] });
  const first = one.dispersy.loadCommunity(PingCommunity);
  const second = other.dispersy.loadCommunity(SecondPingCommunity, { masterMember: first.masterMember });
  await pass(clock, 70_000);
  t.is(tracker.communityCount, 2);
  t.is(first.verifiedCandidates().length + second.verifiedCandidates().length, 0);
  t.true(one.dispersy.statistics.walkSuccess > 0);
  t.true(other.dispersy.statistics.walkSuccess > 0);
});

test('a tracker forgets a community that nobody asks for any more', async (t) => {
  const clock = new ManualClock();
  const { address, tracker } = await makeTracker(t, clock);
  const peer = await makePeer(t, clock, { trackers: [address] });
  peer.dispersy.loadCommunity(PingCommunity);
  await pass(clock, 5_000);
  t.is(tracker.communityCount, 1);
  await peer.dispersy.stop();
  // It asked in its first five seconds, and is a candidate for three minutes from then on.
  clock.advance(174_000);
  t.is(tracker.communityCount, 1);
  clock.advance(66_000);
  t.is(tracker.communityCount, 0);
});

test('communities that were only named do not pile up, nor push out those that live', async (t) => {
  const clock = new ManualClock();
  const { address, tracker } = await makeTracker(t, clock);
  const peer = await makePeer(t, clock, { trackers: [address] });
  const community = peer.dispersy.loadCommunity(PingCommunity);
  await pass(clock, 5_000);
  t.is(peer.dispersy.statistics.walkSuccess, 1);
  const request = Buffer.alloc(200);
  request[1] = 1;
  request[22] = 246;
  for (let count = 0; count < 5_000; count++) {
    request.writeUInt32BE(count, 2);
    tracker.dispersy.receive({ host: '127.0.0.1', port: 9 }, Buffer.from(request));
  }
  t.is(tracker.communityCount, 101);
  t.truthy(tracker.dispersy.getCommunity(community.cid));
});

test('packets that are no introduction-request found no community', async (t) => {
  const clock = new ManualClock();
  const { tracker } = await makeTracker(t, clock);
  for (let id = 0; id < 256; id++) {
    if (id === 246) continue;
    const packet = Buffer.alloc(200, 7);
    packet[0] = 0;
    packet[22] = id;
    tracker.dispersy.receive({ host: '127.0.0.1', port: 9 }, packet);
  }
  t.is(tracker.communityCount, 0);
  t.is(tracker.dispersy.statistics.drops.get('unknown community'), 255);
});
