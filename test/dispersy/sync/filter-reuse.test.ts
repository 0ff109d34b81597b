import test, { type ExecutionContext } from 'ava';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { NoteCommunity } from '../support/note-community.js';
import { foreignMember, makeSilentDispersy } from '../support/seeded-peers.js';
import { sentBy } from '../support/introductions.js';

class SmallFilterCommunity extends NoteCommunity {
  readonly usual = this.note('usual');

  /** Holds ten messages at an error rate of 0.01. */
  override get syncBloomFilterBits() {
    return 100;
  }
}

class UsualCommunity extends NoteCommunity {
  readonly usual = this.note('usual');
}

const [ASKED, OTHER] = [7, 8].map((port) => ({ host: '127.0.0.1', port })) as [Address, Address];
type Address = { readonly host: string; readonly port: number };

function setUp(t: ExecutionContext, communityClass: typeof UsualCommunity) {
  const clock = new ManualClock();
  const { dispersy, endpoint } = makeSilentDispersy(t, clock);
  const community = dispersy.loadCommunity(communityClass);
  const member = foreignMember(dispersy, 'member');
  let time = 100n;
  return {
    community,
    statistics: community.statistics,
    ask: () => {
      clock.advance(5_000);
      community.createIntroductionRequest(ASKED);
    },
    /** The packet of a message that comes in. */
    answer: (source: Address = ASKED) => {
      const packet = community.packetAt(time++, community.usual, 'answer', member);
      dispersy.receive(source, packet);
      return packet;
    },
    filter: () => sentBy(community, endpoint, 'introduction-request').at(-1)?.payload.sync?.filter,
    counts: () => {
      const { syncBloomNew, syncBloomReuse, syncBloomSend, syncBloomSkip } = community.statistics;
      return { made: syncBloomNew, reused: syncBloomReuse, sent: syncBloomSend, skipped: syncBloomSkip };
    },
  };
}

test('a filter is sent again while answers come, and contains them', (t) => {
  const { ask, answer, filter, counts } = setUp(t, UsualCommunity);
  ask();
  const prefix = filter()?.prefix;
  t.deepEqual(counts(), { made: 1, reused: 0, sent: 1, skipped: 0 });
  const packet = answer();
  t.false(filter()?.has(packet));
  ask();
  t.deepEqual(counts(), { made: 1, reused: 1, sent: 2, skipped: 0 });
  t.true(filter()?.has(packet));
  t.is(filter()?.prefix, prefix);
});

test('a filter that brought nothing is replaced', (t) => {
  const { ask, counts } = setUp(t, UsualCommunity);
  ask();
  ask();
  t.deepEqual(counts(), { made: 2, reused: 0, sent: 2, skipped: 0 });
});

test('what others send is no answer, but the filter contains it', (t) => {
  const { ask, answer, filter, counts } = setUp(t, UsualCommunity);
  ask();
  const packet = answer(OTHER);
  const stale = filter();
  ask();
  t.deepEqual(counts(), { made: 2, reused: 0, sent: 2, skipped: 0 });
  t.false(stale?.has(packet));
  t.true(filter()?.has(packet));
  answer();
  const late = answer(OTHER);
  ask();
  t.is(counts().reused, 1);
  t.true(filter()?.has(late));
});

test('a filter is used a hundred times', (t) => {
  const { ask, answer, counts } = setUp(t, UsualCommunity);
  for (let count = 0; count < 100; count++) {
    ask();
    answer();
  }
  t.deepEqual(counts(), { made: 1, reused: 99, sent: 100, skipped: 0 });
  ask();
  t.deepEqual(counts(), { made: 2, reused: 99, sent: 101, skipped: 0 });
});

test('a filter that is more than half full is not used again', (t) => {
  const { ask, answer, counts } = setUp(t, SmallFilterCommunity);
  ask();
  for (let count = 0; count < 5; count++) answer();
  ask();
  t.is(counts().reused, 1);
  answer();
  ask();
  t.is(counts().reused, 1);
  t.is(counts().made, 2);
});

/** The share of requests without a filter after so many new filters in a row that brought nothing. */
const SKIP_SHARES = [0, 0, 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.9, 0.9];

for (const [fruitless, share] of SKIP_SHARES.entries())
  test(`after ${fruitless} filters in a row that brought nothing, a request goes without one with a chance of ${share}`, (t) => {
    const { ask, community, counts } = setUp(t, UsualCommunity);
    let chance = 1;
    community.dispersy.random.float = () => chance;
    for (let count = 0; count < fruitless; count++) ask();
    t.deepEqual(counts(), { made: fruitless, reused: 0, sent: fruitless, skipped: 0 });
    // A request that goes without a filter changes nothing about the next one.
    for (let count = 1; count <= 3; count++) {
      chance = Math.max(0, share - 1e-9);
      ask();
      t.is(counts().skipped, share === 0 ? 0 : count);
      if (share === 0) return;
    }
    chance = share;
    ask();
    t.deepEqual(counts(), { made: fruitless + 1, reused: 0, sent: fruitless + 1, skipped: 3 });
  });

test('a filter that brings something ends the doubt; that it then brings no more begins none', (t) => {
  const { ask, answer, community, counts } = setUp(t, UsualCommunity);
  let chance = 1;
  community.dispersy.random.float = () => chance;
  for (let count = 0; count < 12; count++) ask();
  // What others send is nothing that the filter brought.
  answer(OTHER);
  chance = 0;
  ask();
  t.is(counts().skipped, 1);
  chance = 1;
  ask();
  answer();
  chance = 0;
  ask();
  t.is(counts().reused, 1);
  // Sent again, it brought nothing: a new one follows, and then two more.
  for (let count = 0; count < 3; count++) ask();
  t.deepEqual(counts(), { made: 13 + 3, reused: 1, sent: 13 + 4, skipped: 1 });
  ask();
  t.is(counts().skipped, 2);
});

test('the counters start anew when reset', (t) => {
  const { ask, answer, counts, statistics } = setUp(t, UsualCommunity);
  ask();
  answer();
  ask();
  statistics.reset();
  t.deepEqual(counts(), { made: 0, reused: 0, sent: 0, skipped: 0 });
});
