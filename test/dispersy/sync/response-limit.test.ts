import test from 'ava';
import { NoteCommunity } from '../support/note-community.js';
import { makeSyncPair } from '../support/seeded-peers.js';

class LimitedCommunity extends NoteCommunity {
  readonly usual = this.note('usual');
}

test('one answer takes 5 KiB at most', async (t) => {
  const { mine, theirs, ask } = await makeSyncPair(t, LimitedCommunity);
  for (let count = 0; count < 100; count++) theirs.write(theirs.usual, 'x'.repeat(100));
  const bytes = theirs.messages.byName('usual')?.counters;
  await ask();
  // 22 + 1 + 20 + 8 + 2 + 100 + 64 bytes each.
  t.is(mine.texts.length, Math.floor(5120 / 217));
  t.is(bytes?.bytesSent, 217 * 23);
  await ask();
  t.is(mine.texts.length, 2 * 23);
});

test('a message longer than the limit comes alone', async (t) => {
  const { mine, theirs, ask } = await makeSyncPair(t, LimitedCommunity);
  for (const length of [6000, 10, 6000]) theirs.write(theirs.usual, 'x'.repeat(length));
  const lengths = () => mine.texts.map((text) => text.length);
  await ask();
  t.deepEqual(lengths(), [6000]);
  await ask();
  t.deepEqual(lengths(), [6000, 10]);
  await ask();
  t.deepEqual(lengths(), [6000, 10, 6000]);
});

class NarrowCommunity extends LimitedCommunity {
  override readonly syncResponseLimitBytes = 1000;
}

test('a community can have a limit of its own', async (t) => {
  const { mine, theirs, ask } = await makeSyncPair(t, NarrowCommunity);
  for (let count = 0; count < 100; count++) theirs.write(theirs.usual, 'x'.repeat(100));
  await ask();
  t.is(mine.texts.length, 4);
});

test('a fresh peer gets a thousand messages in as many round trips as the limit allows, or a few more', async (t) => {
  const { clock, asker, mine, theirs, ask } = await makeSyncPair(t, LimitedCommunity);
  const total = 1000;
  for (let count = 0; count < total; count++) theirs.write(theirs.usual, `note ${count}`.padEnd(13));
  let rounds = 0;
  while (mine.texts.length < total && rounds < 60) {
    await ask();
    clock.advance(5000);
    rounds++;
  }
  // 130 bytes each: 39 in an answer.
  const roundsMin = Math.ceil(total / Math.floor(5120 / 130));
  t.log(`${rounds} round trips, of ${roundsMin} at least`);
  t.is(mine.texts.length, total);
  t.true(rounds >= roundsMin && rounds <= roundsMin + 5, `${rounds} round trips`);
  t.is(asker.dispersy.statistics.drops.total, 0);
});
