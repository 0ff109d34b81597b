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

test('the longer nothing is learned, the more often a request goes without a filter', (t) => {
  const { ask, counts, answer, filter } = setUp(t, UsualCommunity);
  const steps = 600;
  let inRow = 0;
  for (let step = 0; step < steps; step++) {
    const before = counts().skipped;
    ask();
    inRow = counts().skipped > before ? inRow + 1 : 0;
    t.true(inRow <= 2);
  }
  const { skipped, sent, made } = counts();
  t.is(made, sent);
  t.is(skipped + sent, steps);
  // In the end two thirds, but the third in a row is sent: 10 of 19, which is 316 of 600, with 46 for chance.
  t.true(Math.abs(skipped - 316) < 46, `${skipped} of ${steps}`);
  // As soon as something is learned, no more.
  while (filter() === undefined) ask();
  answer();
  const before = counts().skipped;
  for (let step = 0; step < 20; step++) {
    ask();
    answer();
  }
  t.is(counts().skipped, before);
});

test('the counters start anew when reset', (t) => {
  const { ask, answer, counts, statistics } = setUp(t, UsualCommunity);
  ask();
  answer();
  ask();
  statistics.reset();
  t.deepEqual(counts(), { made: 0, reused: 0, sent: 0, skipped: 0 });
});
