import test from 'ava';
import { DefaultConversion } from '../../../src/dispersy/message/default-conversion.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { NoteCommunity } from '../support/note-community.js';
import { makeSeededPeer, makeSilentDispersy, makeSyncPair } from '../support/seeded-peers.js';
import { sentBy } from '../support/introductions.js';
import { pass } from '../support/peers.js';

class SyncingCommunity extends NoteCommunity {
  readonly usual = this.note('usual');
}

class SilentCommunity extends SyncingCommunity {
  override readonly enableBloomFilterSync = false;
}

class SecondSyncingCommunity extends SyncingCommunity {
  override initiateConversions() {
    return [new DefaultConversion(this, { communityVersion: 2 })];
  }
}

const PEER = { host: '127.0.0.1', port: 7 };

for (const communityClass of [SilentCommunity, SecondSyncingCommunity])
  test(`${communityClass.name}: no filter is sent, and none is counted`, (t) => {
    const { dispersy, endpoint } = makeSilentDispersy(t, new ManualClock());
    const community = dispersy.loadCommunity(communityClass);
    community.write(community.usual, 'text');
    community.createIntroductionRequest(PEER);
    t.deepEqual(
      sentBy(community, endpoint, 'introduction-request').map(({ payload }) => payload.sync),
      [undefined],
    );
    const { syncBloomNew, syncBloomSend, syncBloomSkip } = community.statistics;
    t.deepEqual([syncBloomNew, syncBloomSend, syncBloomSkip], [0, 0, 0]);
  });

test('a filter goes to peers, if a request does not say otherwise, and never to trackers', (t) => {
  const { dispersy, endpoint } = makeSilentDispersy(t, new ManualClock());
  const community = dispersy.loadCommunity(SyncingCommunity);
  const tracker = { host: '127.0.0.1', port: 9 };
  community.candidates.addTracker(tracker);
  community.createIntroductionRequest(PEER);
  community.createIntroductionRequest(PEER, { sync: false });
  community.createIntroductionRequest(tracker);
  t.deepEqual(
    sentBy(community, endpoint, 'introduction-request').map(({ payload }) => payload.sync !== undefined),
    [true, false, false],
  );
  t.is(community.statistics.syncBloomSend, 1);
});

test('the whole request fits a packet of 1,500 bytes', (t) => {
  const { dispersy, endpoint } = makeSilentDispersy(t, new ManualClock());
  const community = dispersy.loadCommunity(SyncingCommunity);
  community.createIntroductionRequest(PEER);
  const [sent] = endpoint.sent;
  t.is(community.syncBloomFilterBits, 10_128);
  t.true((sent?.packet.length ?? 0) + 8 + 20 <= 1500, String(sent?.packet.length));
});

test('a community that does not sync answers no filter', async (t) => {
  const { mine, theirs, ask } = await makeSyncPair(t, SyncingCommunity);
  Object.assign(theirs, { enableBloomFilterSync: false });
  theirs.write(theirs.usual, 'kept back');
  await ask();
  t.is(mine.verifiedCandidates().length, 1);
  t.is(mine.statistics.syncBloomSend, 1);
  t.deepEqual(mine.texts, []);
});

test('without a filter nothing is sent', async (t) => {
  const clock = new ManualClock();
  const [one, other] = [await makeSeededPeer(t, clock, 'one'), await makeSeededPeer(t, clock, 'other')];
  const mine = one.dispersy.loadCommunity(SyncingCommunity);
  const theirs = other.dispersy.loadCommunity(SyncingCommunity);
  theirs.write(theirs.usual, 'text');
  mine.createIntroductionRequest(other.address, { sync: false });
  await pass(clock, 1);
  t.deepEqual(mine.texts, []);
  mine.createIntroductionRequest(other.address);
  await pass(clock, 1);
  t.deepEqual(mine.texts, ['text']);
});
