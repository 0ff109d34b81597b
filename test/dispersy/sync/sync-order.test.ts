import test from 'ava';
import { fullSyncDistribution } from '../../../src/dispersy/message/policies.js';
import { NoteCommunity } from '../support/note-community.js';
import { pass } from '../support/peers.js';
import { makeSeededPeer, makeSyncPair, seededMember } from '../support/seeded-peers.js';

const NUMBERS = Array.from({ length: 20 }, (_, index) => String(index + 1));

class OrderedCommunity extends NoteCommunity {
  readonly ascending = this.note('ascending', { distribution: fullSyncDistribution({ direction: 'ASC' }) });
  readonly descending = this.note('descending', { distribution: fullSyncDistribution({ direction: 'DESC' }) });
  readonly random = this.note('random', { distribution: fullSyncDistribution({ direction: 'RANDOM' }) });
}

for (const [kind, expected] of [
  ['ascending', NUMBERS],
  ['descending', NUMBERS.toReversed()],
] as const)
  test(`what is missing comes in ${kind} order`, async (t) => {
    const { mine, theirs, ask } = await makeSyncPair(t, OrderedCommunity);
    for (const text of NUMBERS) theirs.write(theirs[kind], text);
    await ask();
    t.deepEqual(mine.texts, expected);
    t.deepEqual(mine.storedTexts(mine[kind]), NUMBERS);
  });

test('what is missing comes in random order', async (t) => {
  const { mine, theirs, ask } = await makeSyncPair(t, OrderedCommunity);
  for (const text of NUMBERS) theirs.write(theirs.random, text);
  await ask();
  t.notDeepEqual(mine.texts, NUMBERS);
  t.notDeepEqual(mine.texts, NUMBERS.toReversed());
  t.deepEqual(mine.texts.toSorted(), NUMBERS.toSorted());
  t.deepEqual(mine.storedTexts(mine.random), NUMBERS);
});

test('kinds of one priority come one after the other, each in its own order', async (t) => {
  const { mine, theirs, ask } = await makeSyncPair(t, OrderedCommunity);
  for (const text of ['1', '2', '3']) {
    theirs.write(theirs.ascending, `ascending ${text}`);
    theirs.write(theirs.descending, `descending ${text}`);
  }
  await ask();
  t.deepEqual(mine.texts, [
    'ascending 1',
    'ascending 2',
    'ascending 3',
    'descending 3',
    'descending 2',
    'descending 1',
  ]);
});

class PriorityCommunity extends NoteCommunity {
  readonly low = this.note('low', { distribution: fullSyncDistribution({ priority: 33 }) });
  readonly never = this.note('never', { distribution: fullSyncDistribution({ priority: 32 }) });
  readonly high = this.note('high', { distribution: fullSyncDistribution({ priority: 255, direction: 'DESC' }) });
  readonly usual = this.note('usual');
}

test('a higher priority comes first, and one of 32 or less is never synced', async (t) => {
  const { mine, theirs, ask } = await makeSyncPair(t, PriorityCommunity);
  for (const text of ['1', '2'])
    for (const kind of ['low', 'never', 'high', 'usual'] as const) theirs.write(theirs[kind], `${kind} ${text}`);
  for (let round = 0; round < 3; round++) await ask();
  t.deepEqual(mine.texts, ['high 2', 'high 1', 'usual 1', 'usual 2', 'low 1', 'low 2']);
  t.deepEqual(theirs.storedTexts(theirs.never), ['never 1', 'never 2']);
  // The two, and the identities of both peers.
  t.is(theirs.store.size - theirs.store.syncedCount, 2 + 2);
});

test('what a peer got from others it hands on, and who they are', async (t) => {
  const { clock, asker, mine, theirs, settle, ask } = await makeSyncPair(t, OrderedCommunity);
  const writer = await makeSeededPeer(t, clock, 'writer');
  const writers = writer.dispersy.loadCommunity(OrderedCommunity, { myMember: seededMember('writer') });
  for (const text of NUMBERS) writers.write(writers.ascending, text);
  theirs.createIntroductionRequest(writer.address);
  await pass(clock, 1);
  for (const text of NUMBERS) theirs.write(theirs.ascending, `also ${text}`);
  await writer.dispersy.stop();
  await ask();
  await settle();
  t.deepEqual(mine.texts.toSorted(), theirs.texts.toSorted());
  // Two members whose keys are missing; nobody is asked twice.
  t.is(asker.dispersy.statistics.delaySend, 2);
  t.is(asker.dispersy.statistics.drops.total, 0);
});

test('a second member of ours that wrote something can be identified', async (t) => {
  const { answerer, mine, theirs, ask } = await makeSyncPair(t, OrderedCommunity);
  theirs.write(theirs.ascending, 'from another', { member: answerer.dispersy.getNewMember() });
  await ask();
  t.deepEqual(mine.texts, ['from another']);
});

test('what is there already is not sent again', async (t) => {
  const { asker, mine, theirs, ask } = await makeSyncPair(t, OrderedCommunity);
  for (const text of NUMBERS) theirs.write(theirs.ascending, text);
  await ask();
  theirs.write(theirs.ascending, 'one more');
  for (let round = 0; round < 3; round++) await ask();
  t.deepEqual(mine.texts, [...NUMBERS, 'one more']);
  t.is(asker.dispersy.statistics.drops.total, 0);
});
