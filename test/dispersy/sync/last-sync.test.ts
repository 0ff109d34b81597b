import test from 'ava';
import {
  doubleMemberAuthentication,
  fullSyncDistribution,
  lastSyncDistribution,
} from '../../../src/dispersy/message/policies.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { NoteCommunity } from '../support/note-community.js';
import { foreignMember, makeSilentDispersy, makeSyncPair, seededMember } from '../support/seeded-peers.js';
import { conversionOf } from '../support/inside.js';

class LastCommunity extends NoteCommunity {
  readonly one = this.note('one', { distribution: lastSyncDistribution(1) });
  readonly nine = this.note('nine', { distribution: lastSyncDistribution(9) });
  readonly pair = this.note('pair', {
    authentication: doubleMemberAuthentication('bin'),
    distribution: lastSyncDistribution(2),
  });
  readonly full = this.note('full', { distribution: fullSyncDistribution() });
}

class LastOfPairCommunity extends NoteCommunity {
  readonly pair = this.note('pair', {
    authentication: doubleMemberAuthentication('bin'),
    distribution: lastSyncDistribution(1),
  });
}

const NUMBERS = Array.from({ length: 20 }, (_, index) => String(index + 1));
const SOURCE = { host: '127.0.0.1', port: 7 };

for (const [kind, size] of [
  ['one', 1],
  ['nine', 9],
] as const) {
  test(`of last ${size} the newest are kept, and synced`, async (t) => {
    const { mine, theirs, ask } = await makeSyncPair(t, LastCommunity);
    for (const text of NUMBERS) theirs.write(theirs[kind], text);
    t.deepEqual(theirs.storedTexts(theirs[kind]), NUMBERS.slice(-size));
    await ask();
    t.deepEqual(mine.texts, NUMBERS.slice(-size));
    theirs.write(theirs[kind], 'newer');
    await ask();
    t.deepEqual(mine.storedTexts(mine[kind]), [...NUMBERS, 'newer'].slice(-size));
  });

  test(`of last ${size}, older ones are dropped, and newer ones take their place`, (t) => {
    const { dispersy } = makeSilentDispersy(t, new ManualClock());
    const community = dispersy.loadCommunity(LastCommunity);
    const member = foreignMember(dispersy, 'member');
    const receive = (globalTime: number) =>
      dispersy.receive(SOURCE, community.packetAt(BigInt(globalTime), community[kind], String(globalTime), member));
    // In no order.
    for (const globalTime of [50, 30, 60, 20, 70, 40, 10, 90, 80]) receive(globalTime);
    const all = ['10', '20', '30', '40', '50', '60', '70', '80', '90'];
    t.deepEqual(community.storedTexts(community[kind]), all.slice(-size));
    const dropped = dispersy.statistics.drops.total;
    receive(5);
    t.is(dispersy.statistics.drops.total, dropped + 1);
    t.true(dispersy.statistics.drops.get('older than the history') > 0);
    receive(55);
    receive(100);
    t.deepEqual(
      community.storedTexts(community[kind]),
      [...all, ...(size === 1 ? [] : ['55']), '100'].toSorted((one, other) => Number(one) - Number(other)).slice(-size),
    );
  });
}

test('the newest are counted for every member apart', (t) => {
  const { dispersy } = makeSilentDispersy(t, new ManualClock());
  const community = dispersy.loadCommunity(LastCommunity);
  const other = dispersy.getNewMember();
  for (const text of ['1', '2', '3']) {
    community.write(community.one, `mine ${text}`);
    community.write(community.one, `other ${text}`, { member: other });
    community.write(community.full, `full ${text}`);
  }
  t.deepEqual(community.storedTexts(community.one), ['mine 3', 'other 3']);
  t.deepEqual(community.storedTexts(community.full), ['full 1', 'full 2', 'full 3']);
});

test('of two members the newest of the pair are kept, whoever is named first', async (t) => {
  const { mine, theirs, ask } = await makeSyncPair(t, LastCommunity);
  const [one, other, third] = ['one', 'other', 'third'].map((name) => theirs.members.add(seededMember(name)));
  const write = (text: string, member = one, secondMember = other) =>
    member !== undefined && secondMember !== undefined && theirs.write(theirs.pair, text, { member, secondMember });
  write('1');
  write('2', other, one);
  write('3');
  write('with a third', one, third);
  write('4', other, one);
  const expected = ['3', 'with a third', '4'];
  t.deepEqual(theirs.storedTexts(theirs.pair), expected);
  await ask();
  t.deepEqual(mine.texts, expected);
  write('5');
  await ask();
  t.deepEqual(mine.storedTexts(mine.pair), ['with a third', '4', '5']);
});

test('of two messages of a pair and one time, each naming another member first, the same one stays in either order', (t) => {
  const stored = [false, true].map((isReversed) => {
    const { dispersy } = makeSilentDispersy(t, new ManualClock());
    const community = dispersy.loadCommunity(LastOfPairCommunity);
    const [one, other] = [foreignMember(dispersy, 'one'), foreignMember(dispersy, 'other')];
    const packets = [
      [one, other],
      [other, one],
    ].map((members) =>
      conversionOf(community).encode(community.pair, { members, globalTime: 5n, payload: { text: 'text' } }),
    );
    for (const packet of isReversed ? packets.toReversed() : packets) dispersy.receive(SOURCE, packet);
    return community.store.between(community.pair.id, 0n, 9n).map(({ packet }) => packet.toString('hex'));
  });
  t.is(stored[0]?.length, 1);
  t.deepEqual(stored[0], stored[1]);
});
