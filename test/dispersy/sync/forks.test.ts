import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { NoVerifyCrypto } from '../../../src/dispersy/identity/trusting-crypto.js';
import { MemoryStore } from '../../../src/dispersy/store/memory-store.js';
import { openSqliteStores } from '../../../src/dispersy/store/sqlite-store.js';
import type { StoreFactory } from '../../../src/dispersy/store/store.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { seededRandom } from '../../../src/runtime/random.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { defined } from '../support/defined.js';
import { FORK_KINDS, ForkCommunity, type Forked, HISTORY_SIZE } from '../support/fork-community.js';
import { foreignMember, makeSilentDispersy, makeSyncPair, seededMember } from '../support/seeded-peers.js';
import { conversionOf, lamportClockOf } from '../support/inside.js';

const SOURCE = { host: '127.0.0.1', port: 7 };
const forker = seededMember('forker');

/** Each call opens another store. */
async function storesOf(t: ExecutionContext, kind: 'memory' | 'sqlite'): Promise<StoreFactory> {
  if (kind === 'memory') return () => new MemoryStore();
  const stores = await openSqliteStores(join(await temporaryDirectory(t), 'messages.db'));
  t.teardown(() => stores.close());
  let opened = 0;
  return () => stores.open(`store ${opened++}`);
}

function setUp(t: ExecutionContext, more: Parameters<typeof makeSilentDispersy>[4] = {}) {
  const clock = new ManualClock();
  const { dispersy, endpoint } = makeSilentDispersy(t, clock, undefined, 'silent', more);
  const community = dispersy.loadCommunity(ForkCommunity, { myMember: seededMember('reader') });
  foreignMember(dispersy, 'forker');
  const receive = (...packets: readonly Buffer[]) => {
    for (const packet of packets) dispersy.receive(SOURCE, packet);
  };
  /** What was sent back. */
  const corrections = () =>
    endpoint.sent.map(({ packet }) => packet).filter((packet) => defined(packet[22]) <= 6 || packet[22] === 238);
  return { clock, dispersy, community, receive, corrections, drops: dispersy.statistics.drops };
}

/** Of these two the second is higher. */
function pairOf(community: ForkCommunity, one: Forked, other: Forked): readonly [Buffer, Buffer] {
  const packets = [one, other].map((each) => community.packetOf(each, forker)) as [Buffer, Buffer];
  return packets[0].compare(packets[1]) < 0 ? packets : [packets[1], packets[0]];
}

const forked: fc.Arbitrary<Forked> = fc.record({
  kind: fc.constantFrom(...FORK_KINDS),
  time: fc.integer({ min: 1, max: 5 }),
  number: fc.integer({ min: 1, max: 3 }),
  text: fc.constantFrom('a', 'b'),
});

/** What all have to agree on, found without regard to any order of arrival. */
function agreedOn(community: ForkCommunity, messages: readonly Forked[]): string[] {
  const taken = new Map<number, Buffer>();
  // The kind stands before everything else that can differ: where two kinds have one time, the higher number stays.
  for (const kind of FORK_KINDS.toReversed()) {
    const highest = new Map<number, Buffer>();
    let number = 0;
    for (let time = 1; time <= 5; time++) {
      if (taken.has(time)) continue;
      const isNumbered = kind === 'numbered' || kind === 'counted';
      const [packet] = messages
        .filter((each) => each.kind === kind && each.time === time && (!isNumbered || each.number === number + 1))
        .map((each) => packetIn(community, each))
        .sort((one, other) => other.compare(one));
      if (packet === undefined) continue;
      number++;
      highest.set(time, packet);
    }
    const kept = kind === 'latest' ? [...highest].slice(-HISTORY_SIZE) : highest;
    for (const [time, packet] of kept) taken.set(time, packet);
  }
  return [...taken.values()].map((packet) => packet.toString('hex')).sort();
}

function packetIn(community: ForkCommunity, each: Forked): Buffer {
  const isNumbered = each.kind === 'numbered' || each.kind === 'counted';
  const { number = 0, ...rest } = each;
  return community.packetOf({ ...rest, number: isNumbered ? number : 0 }, forker);
}

for (const kind of ['memory', 'sqlite'] as const)
  test(`${kind}: whatever the order in which both sides of forks come, the same messages stay`, async (t) => {
    const openStore = await storesOf(t, kind);
    let forks = 0;
    fc.assert(
      fc.property(fc.array(forked, { minLength: 1, maxLength: 24 }), fc.nat(), (messages, seed) => {
        const random = seededRandom('orders', seed);
        for (let order = 0; order < 3; order++) {
          const { clock, community, receive, dispersy } = setUp(t, { openStore, crypto: new NoVerifyCrypto() });
          const packets = messages.map((each) => packetIn(community, each));
          const expected = agreedOn(community, messages);
          // As others do who have what is missing here, they send it again; what waits for a gap does so in vain at times.
          let before: string;
          do {
            before = community.stored().join();
            receive(...random.shuffle(packets));
            clock.advance(10_000);
          } while (before !== community.stored().join());
          t.deepEqual(community.stored(), expected);
          const texts = community.standing.length;
          // What `latest` forgets is not taken back.
          t.true(texts >= expected.length);
          t.is(community.happened.length - 2 * community.happened.filter((each) => each.startsWith('-')).length, texts);
          if (dispersy.statistics.drops.get('conflicting message') > 0) forks++;
        }
      }),
      { numRuns: 120 },
    );
    t.true(forks > 100, `${forks} with forks`);
  });

for (const order of ['the higher one last', 'the higher one first'] as const)
  test(`of two messages of one time the higher packet stays, the other is taken back or never handled: ${order}`, (t) => {
    const { community, receive, corrections, drops } = setUp(t);
    const at5 = { kind: 'plain', time: 5 } as const;
    const [lower, higher] = pairOf(community, { ...at5, text: 'one' }, { ...at5, text: 'other' });
    const textOf = (packet: Buffer) => (packet.includes('other') ? 'other' : 'one');
    const [low, high] = [textOf(lower), textOf(higher)];
    if (order === 'the higher one last') receive(lower, higher);
    else receive(higher, lower);
    t.deepEqual(
      community.happened,
      order === 'the higher one last' ? [`+${low}`, `-${low}`, `+${high}`] : [`+${high}`],
    );
    t.deepEqual(community.stored(), [higher.toString('hex')]);
    // Who sent the lower one, when the higher one was there, is sent that; nobody else is sent anything.
    t.deepEqual(corrections(), order === 'the higher one last' ? [] : [higher]);
    t.is(drops.get('conflicting message'), order === 'the higher one last' ? 0 : 1);
  });

test('of two messages with one number the earlier stays, and what followed the later is taken back', (t) => {
  const { community, receive, corrections, drops } = setUp(t);
  const at = (time: number, number: number) =>
    community.packetOf({ kind: 'numbered', time, number, text: `${time}#${number}` }, forker);
  receive(at(6, 1), at(8, 2), at(9, 3));
  // Number 1 of an earlier time: all that followed the other one goes.
  receive(at(5, 1));
  t.deepEqual(community.standing, ['5#1']);
  t.deepEqual(community.happened.slice(3), ['-9#3', '-8#2', '-6#1', '+5#1']);
  // The other one is refused from now on, and its sender is sent the one that stays.
  receive(at(6, 1));
  t.deepEqual(corrections(), [at(5, 1)]);
  t.is(drops.get('old sequence number'), 1);
  // Numbers grow with time.
  receive(at(4, 2), at(6, 2), at(8, 3), at(9, 4), at(7, 3));
  t.is(drops.get('sequence number against time'), 1);
  t.deepEqual(community.standing, ['5#1', '6#2', '7#3']);
  t.is(community.store.lastSequenceNumber(2, forker.mid), 3);
});

test('of two messages in one batch the lower is never handled', (t) => {
  const { clock, community, receive, drops } = setUp(t);
  const packets = ['one', 'other', 'third'].map((text) =>
    community.packetOf({ kind: 'batched', time: text === 'third' ? 6 : 5, text }, forker),
  );
  const [lower, higher] = packets.slice(0, 2).sort((one, other) => one.compare(other)) as [Buffer, Buffer];
  receive(lower, higher, defined(packets[2]));
  clock.advance(100);
  t.deepEqual(community.happened, [higher.includes('other') ? '+other' : '+one', '+third']);
  t.is(drops.get('conflicting message'), 1);
  const { statistics } = community.dispersy;
  t.is(statistics.successCount + statistics.drops.total, statistics.receivedCount);
});

test('a fork between kinds takes back what followed in a sequence', (t) => {
  const { community, receive } = setUp(t);
  const numbered = [1, 2, 3].map((number) =>
    community.packetOf({ kind: 'numbered', time: number, number, text: `#${number}` }, forker),
  );
  receive(...numbered, community.packetOf({ kind: 'counted', time: 2, number: 1, text: 'counted' }, forker));
  t.deepEqual(community.standing, ['#1', 'counted']);
  t.is(community.store.lastSequenceNumber(2, forker.mid), 1);
  t.deepEqual(community.store.bySequenceNumber(2, forker.mid, 1, 9).length, 1);
});

test('what takes the place of an undone message is undone as well', (t) => {
  const { community, receive } = setUp(t);
  const at5 = { kind: 'plain', time: 5 } as const;
  const [lower, higher] = pairOf(community, { ...at5, text: 'one' }, { ...at5, text: 'other' });
  const { meta } = defined(community.messages.byName('undo-own'));
  const input = { members: [forker], globalTime: 6n, sequenceNumber: 1, payload: { globalTime: 5n } };
  receive(lower, conversionOf(community).encode(meta, input), higher);
  t.deepEqual(community.standing, []);
  t.is(community.store.get(forker.mid, 5n)?.undone, 6n);
  t.deepEqual(community.stored(), [higher.toString('hex')]);
});

test('what an undo message did ends with it, when it loses a fork', (t) => {
  const { community, receive } = setUp(t);
  const { meta } = defined(community.messages.byName('undo-own'));
  const undo = (globalTime: bigint, of: bigint) =>
    conversionOf(community).encode(meta, {
      members: [forker],
      globalTime,
      sequenceNumber: 1,
      payload: { globalTime: of },
    });
  for (const time of [1, 2]) receive(community.packetOf({ kind: 'plain', time, text: `${time}` }, forker));
  receive(undo(6n, 1n));
  t.deepEqual(community.standing, ['2']);
  receive(undo(5n, 2n));
  t.deepEqual(community.standing, ['1']);
});

test('the sender of an undone message is sent what undid it', (t) => {
  const { community, receive, corrections } = setUp(t);
  const message = community.packetOf({ kind: 'plain', time: 5, text: 'undone' }, forker);
  const { meta } = defined(community.messages.byName('undo-own'));
  const input = { members: [forker], globalTime: 6n, sequenceNumber: 1, payload: { globalTime: 5n } };
  const undo = conversionOf(community).encode(meta, input);
  receive(message, message);
  t.deepEqual(corrections(), []);
  receive(undo, message);
  t.deepEqual(corrections(), [undo]);
});

test('the newest one goes back to who sends an old one, where only the last is kept', (t) => {
  const { community, receive, corrections, drops } = setUp(t);
  const at = (kind: 'last' | 'latest', time: number) => community.packetOf({ kind, time, text: `${time}` }, forker);
  receive(at('last', 10), at('last', 12), at('last', 11));
  t.is(drops.get('older than the history'), 1);
  t.deepEqual(corrections(), [at('last', 12)]);
  // Where more are kept, the sender may have the newest one already.
  receive(at('latest', 20), at('latest', 21), at('latest', 13));
  t.is(drops.get('older than the history'), 2);
  t.is(corrections().length, 1);
});

test('a member that lost a fork against itself goes on with the next number that is free', (t) => {
  const { community, receive } = setUp(t);
  lamportClockOf(community).resume(10n);
  const write = (text: string) => community.create(community.kinds.numbered, { text }, { forward: false });
  for (const text of ['1', '2', '3']) write(text);
  // Of an earlier session, of which nothing is stored here.
  receive(community.packetOf({ kind: 'numbered', time: 5, number: 1, text: 'earlier' }, community.myMember));
  t.deepEqual(community.standing, ['earlier']);
  t.deepEqual(
    ['a', 'b'].map((text) => write(text).sequenceNumber),
    [2, 3],
  );
});

test('peers that saw the sides of forks in different orders agree, and then send each other nothing', async (t) => {
  const { clock, asker, answerer, mine, theirs, settle } = await makeSyncPair(t, ForkCommunity);
  const plain = pairOf(mine, { kind: 'plain', time: 1, text: 'one' }, { kind: 'plain', time: 1, text: 'other' });
  const numbered = (time: number, number: number) =>
    mine.packetOf({ kind: 'numbered', time, number, text: `${time}#${number}` }, forker);
  const sides = [
    [plain[1], numbered(5, 1), numbered(7, 2)],
    [plain[0], numbered(4, 1), numbered(8, 2), numbered(9, 3)],
  ] as const;
  for (const packet of [...sides[0], ...sides[1]]) asker.dispersy.receive(SOURCE, packet);
  for (const packet of [...sides[1], ...sides[0]]) answerer.dispersy.receive(SOURCE, packet);
  // And what only the one has, or only the other.
  asker.dispersy.receive(SOURCE, mine.packetOf({ kind: 'plain', time: 20, text: 'mine' }, forker));
  answerer.dispersy.receive(SOURCE, mine.packetOf({ kind: 'plain', time: 20, text: 'theirs' }, forker));
  const sent = () =>
    [mine, theirs]
      .flatMap((each) => Object.values(each.kinds).map(({ name }) => each.messages.byName(name)))
      .reduce((sum, registered) => sum + defined(registered).counters.sent, 0);
  const askBothWays = async () => {
    clock.advance(5_000);
    mine.createIntroductionRequest(answerer.address);
    theirs.createIntroductionRequest(asker.address);
    await settle();
  };
  for (let round = 0; round < 5; round++) await askBothWays();
  t.deepEqual(mine.stored(), theirs.stored());
  t.is(mine.stored().length, 1 + 3 + 1);
  t.deepEqual(mine.standing.toSorted(), theirs.standing.toSorted());
  const before = sent();
  t.true(before > 0);
  for (let round = 0; round < 5; round++) await askBothWays();
  t.is(sent(), before);
});
