import test, { type ExecutionContext } from 'ava';
import { GLOBAL_TIME_MAX, LamportClock } from '../../../src/dispersy/community/lamport-clock.js';
import { DefaultConversion } from '../../../src/dispersy/message/default-conversion.js';
import { candidateDestination, directDistribution } from '../../../src/dispersy/message/policies.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { NoteCommunity } from '../support/note-community.js';
import { foreignMember, makeSilentDispersy } from '../support/seeded-peers.js';
import { lamportClockOf } from '../support/inside.js';

class TimedCommunity extends NoteCommunity {
  readonly stored = this.note('stored');
  readonly direct = this.note('direct', {
    distribution: directDistribution(),
    destination: candidateDestination(),
  });
}

class UnsyncedTimedCommunity extends TimedCommunity {
  override readonly enableBloomFilterSync = false;
}

class NarrowTimedCommunity extends TimedCommunity {
  override readonly acceptableGlobalTimeRange = 5;
}

function setUp(t: ExecutionContext, communityClass = TimedCommunity) {
  const clock = new ManualClock();
  const { dispersy } = makeSilentDispersy(t, clock);
  const community = dispersy.loadCommunity(communityClass);
  const member = foreignMember(dispersy, 'member');
  const accepts = (globalTime: bigint, kind: 'stored' | 'direct' = 'stored') => {
    const before = community.texts.length;
    dispersy.receive({ host: '127.0.0.1', port: 7 }, community.packetAt(globalTime, community[kind], 'text', member));
    return community.texts.length > before;
  };
  return { clock, dispersy, community, accepts };
}

test('time is claimed one by one, and raised by what is accepted', (t) => {
  const { community, accepts } = setUp(t);
  t.deepEqual([community.claimGlobalTime(), community.claimGlobalTime()], [1n, 2n]);
  t.true(accepts(50n));
  t.is(community.globalTime, 50n);
  t.is(community.write(community.stored, 'ours').globalTime, 51n);
  // With our first message comes our identity.
  t.is(community.globalTime, 52n);
  t.true(accepts(20n));
  t.is(community.globalTime, 52n);
});

for (const kind of ['stored', 'direct'] as const)
  test(`a ${kind} message may be 10,000 ahead, and not more`, (t) => {
    const { dispersy, community, accepts } = setUp(t);
    t.false(accepts(10_001n, kind));
    t.is(dispersy.statistics.drops.get('global time is not acceptable'), 1);
    t.is(community.globalTime, 0n);
    t.true(accepts(10_000n, kind));
    t.is(community.globalTime, 10_000n);
    t.true(accepts(20_000n, kind));
    t.false(accepts(30_001n, kind));
  });

test('a community can have a range of its own', (t) => {
  const { accepts } = setUp(t, NarrowTimedCommunity);
  t.deepEqual([accepts(6n), accepts(5n), accepts(10n), accepts(16n)], [false, true, true, false]);
});

test('without sync every time of 63 bits is acceptable', (t) => {
  const { accepts, community } = setUp(t, UnsyncedTimedCommunity);
  t.true(accepts(10n ** 15n));
  t.false(accepts(2n ** 63n, 'direct'));
  t.false(accepts(2n ** 64n - 1n, 'direct'));
  t.true(accepts(GLOBAL_TIME_MAX, 'direct'));
  t.is(community.globalTime, GLOBAL_TIME_MAX);
  // There is no later time: it stands still.
  t.is(community.claimGlobalTime(), GLOBAL_TIME_MAX);
});

class SecondTimedCommunity extends TimedCommunity {
  override initiateConversions() {
    return [new DefaultConversion(this, { communityVersion: 2 })];
  }
}

// Community version 2 has no sync part, whatever `enableBloomFilterSync` says, and IPv8 peers count on.
test('a community version that cannot sync accepts every time, too', (t) => {
  const { accepts } = setUp(t, SecondTimedCommunity);
  t.true(accepts(50_000n, 'direct'));
});

test('the median of the peers counts when there are more than five, and is higher', (t) => {
  const clock = new ManualClock();
  let peerTimes: readonly bigint[] = [];
  const lamport = new LamportClock({ clock, acceptableRange: () => 10_000n, peerTimes: () => peerTimes });
  const limitWith = (times: readonly bigint[]) => {
    peerTimes = times;
    clock.advance(5_000);
    for (const limit of [10_000n, 60_000n, 90_000n])
      if (lamport.isAcceptable(limit) && !lamport.isAcceptable(limit + 1n)) return limit;
    return undefined;
  };
  t.is(limitWith([50_000n, 50_000n, 50_000n, 50_000n, 50_000n]), 10_000n);
  t.is(limitWith([1n, 2n, 50_000n, 80_000n, 50_000n, 3n]), 60_000n);
  t.is(limitWith([1n, 2n, 3n, 4n, 50_000n, 80_000n, 80_000n]), undefined, 'a median of 4');
  t.true(lamport.isAcceptable(10_004n));
  t.false(lamport.isAcceptable(10_005n));
  // Few liars in the far future do no harm.
  t.is(limitWith([80_000n, 0n, 0n, 0n, 0n, 80_000n]), 10_000n);
  // Ours is higher.
  lamport.resume(80_000n);
  t.is(limitWith(Array<bigint>(6).fill(100n)), 90_000n);
});

test('the median is computed every 5 s at most; our own time always counts', (t) => {
  const clock = new ManualClock();
  let peerTimes: readonly bigint[] = [];
  let computed = 0;
  const lamport = new LamportClock({
    clock,
    acceptableRange: () => 10_000n,
    peerTimes: () => {
      computed++;
      return peerTimes;
    },
  });
  t.false(lamport.isAcceptable(50_000n));
  peerTimes = Array<bigint>(6).fill(50_000n);
  clock.advance(4_999);
  t.false(lamport.isAcceptable(50_000n));
  t.is(computed, 1);
  clock.advance(1);
  t.true(lamport.isAcceptable(60_000n));
  t.is(computed, 2);
  lamport.raise(55_000n);
  t.true(lamport.isAcceptable(65_000n));
  t.is(computed, 2);
});

test('what is not acceptable is not followed', (t) => {
  const lamport = new LamportClock({
    clock: new ManualClock(),
    acceptableRange: () => 10_000n,
    peerTimes: () => [],
  });
  lamport.raise(10_001n);
  t.is(lamport.globalTime, 0n);
  lamport.raise(10_000n);
  t.is(lamport.globalTime, 10_000n);
});

for (const [communityClass, claims] of [
  [TimedCommunity, false],
  [SecondTimedCommunity, true],
] as const)
  test(`in ${communityClass.name} a step of the walker ${claims ? 'takes a time, as its identifier' : 'takes no time'}`, (t) => {
    const { community } = setUp(t, communityClass);
    lamportClockOf(community).resume(10n);
    const times = [1, 2, 3].map((port) => community.createIntroductionRequest({ host: '127.0.0.1', port })?.globalTime);
    // In version 1 the first one is followed by our identity.
    t.deepEqual(times, claims ? [11n, 12n, 13n] : [10n, 11n, 11n]);
    t.is(community.globalTime, claims ? 13n : 11n);
  });

test('a stored message without a time is dropped', (t) => {
  const { dispersy, accepts } = setUp(t);
  t.false(accepts(0n));
  t.is(dispersy.statistics.drops.get('invalid global time'), 1);
});

test('peers tell their time with requests, and a majority of them takes us along', (t) => {
  const { clock, dispersy, community, accepts } = setUp(t);
  const request = (port: number, globalTime: bigint) => {
    const stranger = makeSilentDispersy(t, new ManualClock(), { host: '127.0.0.1', port });
    const theirs = stranger.dispersy.loadCommunity(TimedCommunity);
    dispersy.members.add(theirs.myMember);
    lamportClockOf(theirs).resume(globalTime);
    theirs.createIntroductionRequest(dispersy.ownAddresses.lan);
    const packet = stranger.endpoint.sent.at(-1)?.packet;
    if (packet !== undefined) dispersy.receive({ host: '127.0.0.1', port }, packet);
  };
  for (let port = 1; port <= 5; port++) request(port, 500_000n);
  t.is(community.verifiedCandidates().length, 5);
  t.true(community.globalTime < 10_000n);
  t.false(accepts(500_001n));
  request(6, 500_000n);
  clock.advance(5_000);
  t.true(accepts(500_001n));
  t.is(community.globalTime, 500_001n);
});
