import test from 'ava';
import { NoteCommunity } from '../support/note-community.js';
import { makeSyncPair } from '../support/seeded-peers.js';

class FullFilterCommunity extends NoteCommunity {
  readonly usual = this.note('usual');

  /** Holds 104 messages. */
  override get syncBloomFilterBits() {
    return 1000;
  }
}

test('what is new comes soon, although there is four times as much as a filter holds', async (t) => {
  const { clock, asker, answerer, mine, theirs, ask } = await makeSyncPair(t, FullFilterCommunity);
  asker.dispersy.members.add(theirs.myMember);
  for (let count = 0; count < 400; count++)
    asker.dispersy.receive(answerer.address, theirs.write(theirs.usual, String(count)).packet);
  t.is(mine.texts.length, 400);
  const rounds: number[] = [];
  for (let time = 0; time < 10; time++) {
    for (let count = 0; count < 10; count++) theirs.write(theirs.usual, `new ${time} ${count}`);
    let count = 0;
    for (; count < 50 && mine.texts.length < theirs.texts.length; count++) {
      await ask();
      clock.advance(5_000);
    }
    rounds.push(count);
  }
  t.deepEqual(mine.texts.toSorted(), theirs.texts.toSorted());
  t.log(`round trips: ${rounds.join()}`);
  t.true(rounds.reduce((sum, each) => sum + each, 0) / rounds.length < 8, rounds.join());
});
