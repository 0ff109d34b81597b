import test from 'ava';
import { fullSyncDistribution, lastSyncDistribution } from '../../../src/dispersy/message/policies.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { NoteCommunity } from '../support/note-community.js';
import { foreignMember, makeSilentDispersy, makeSyncPair } from '../support/seeded-peers.js';

/** As in Dispersy's own tests: no longer synced at an age of 10, deleted at one of 20. */
const pruning = { inactiveAfter: 10, removedAfter: 20 };

class PrunedCommunity extends NoteCommunity {
  readonly pruned = this.note('pruned', { distribution: fullSyncDistribution({ pruning }) });
  readonly prunedLast = this.note('pruned last', { distribution: lastSyncDistribution(5, { pruning }) });
  readonly usual = this.note('usual');
}

const NUMBERS = Array.from({ length: 10 }, (_, index) => String(index + 1));
const SOURCE = { host: '127.0.0.1', port: 7 };

test('messages created here make older ones inactive, and then delete them', (t) => {
  const { dispersy } = makeSilentDispersy(t, new ManualClock());
  const community = dispersy.loadCommunity(PrunedCommunity);
  // The first one is of time 1, then comes the identity of its author, and the others are of times 3 to 11.
  const times = NUMBERS.map((text) => community.write(community.pruned, text).globalTime);
  t.is(times.at(-1), 11n);
  const stored = () => community.storedTexts(community.pruned);
  for (let time = 12; time <= 20; time++) community.write(community.usual, 'usual');
  t.deepEqual(stored(), NUMBERS);
  for (let time = 21n; time <= 31n; time++) {
    t.is(community.write(community.usual, 'usual').globalTime, time);
    t.deepEqual(
      stored(),
      NUMBERS.filter((_, index) => (times[index] ?? 0n) > time - 20n),
    );
  }
  t.is(community.storedTexts(community.usual).length, 20);
});

test('messages received delete older ones too', (t) => {
  const { dispersy } = makeSilentDispersy(t, new ManualClock());
  const community = dispersy.loadCommunity(PrunedCommunity);
  const member = foreignMember(dispersy, 'member');
  for (const text of NUMBERS) {
    community.write(community.pruned, text);
    dispersy.receive(SOURCE, community.packetAt(community.globalTime, community.prunedLast, text, member));
  }
  t.is(community.globalTime, 11n);
  t.deepEqual(community.storedTexts(community.prunedLast), NUMBERS.slice(-5));
  dispersy.receive(SOURCE, community.packetAt(25n, community.usual, 'usual', member));
  t.deepEqual(community.storedTexts(community.pruned), NUMBERS.slice(4));
  t.deepEqual(community.storedTexts(community.prunedLast), NUMBERS.slice(5));
  dispersy.receive(SOURCE, community.packetAt(100n, community.usual, 'usual', member));
  t.deepEqual(community.storedTexts(community.pruned), []);
  t.deepEqual(community.storedTexts(community.prunedLast), []);
  t.is(community.storedTexts(community.usual).length, 2);
});

test('what comes too late is dropped', (t) => {
  const { dispersy } = makeSilentDispersy(t, new ManualClock());
  const community = dispersy.loadCommunity(PrunedCommunity);
  const member = foreignMember(dispersy, 'member');
  const receive = (globalTime: bigint) =>
    dispersy.receive(SOURCE, community.packetAt(globalTime, community.pruned, String(globalTime), member));
  receive(100n);
  receive(80n);
  receive(79n);
  receive(81n);
  t.deepEqual(community.texts, ['100', '81']);
  t.is(dispersy.statistics.drops.get('message is pruned'), 2);
});

test('what is inactive is not synced, although it is there', async (t) => {
  const { mine, theirs, ask } = await makeSyncPair(t, PrunedCommunity);
  for (const text of NUMBERS) theirs.write(theirs.pruned, text);
  for (let time = 11; time <= 15; time++) theirs.write(theirs.usual, 'usual');
  await ask();
  // By its request and the exchange of identities the answerer's time is a little further.
  const active = theirs.storedTexts(theirs.pruned).filter((text) => theirs.globalTime - BigInt(text) < 10n);
  t.deepEqual(theirs.storedTexts(theirs.pruned), NUMBERS);
  t.true(active.length > 0 && active.length < 6);
  const got = mine.storedTexts(mine.pruned);
  t.deepEqual(got, NUMBERS.slice(-got.length));
  t.true(got.length >= active.length && got.length <= 5, got.join());
  t.is(mine.storedTexts(mine.usual).length, 5);
});

test('what a peer has deleted it is not sent again', async (t) => {
  const { asker, mine, theirs, ask } = await makeSyncPair(t, PrunedCommunity);
  for (const text of NUMBERS) theirs.write(theirs.pruned, text);
  await ask();
  t.true(mine.storedTexts(mine.pruned).length > 0);
  for (let count = 0; count < 30; count++) mine.write(mine.usual, 'usual');
  t.deepEqual(mine.storedTexts(mine.pruned), []);
  mine.texts.length = 0;
  for (let round = 0; round < 3; round++) await ask();
  t.deepEqual(mine.texts, []);
  t.deepEqual(theirs.storedTexts(theirs.pruned), NUMBERS);
  t.is(asker.dispersy.statistics.drops.total, 0);
});
