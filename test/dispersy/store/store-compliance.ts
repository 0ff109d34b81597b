import test, { type ExecutionContext } from 'ava';
import { seededRandom } from '../../../src/runtime/random.js';
import { NOT_PERMITTED, type Store, type StoredMessage, type SyncRange } from '../../../src/dispersy/store/store.js';

/** Members by one letter each. */
export const mid = (letter: string): Buffer => Buffer.alloc(20, letter);

export function stored(letters: string, globalTime: number, more: Partial<StoredMessage> = {}): StoredMessage {
  return {
    mids: letters.split('').map(mid),
    globalTime: BigInt(globalTime),
    messageId: 1,
    sequenceNumber: 0,
    packet: Buffer.from(`packet of ${letters} at ${globalTime}`),
    isSynced: true,
    undone: 0n,
    ...more,
  };
}

/** As it is easy to read: `a3` is what member a sent at global time 3. */
export const shown = (messages: Iterable<StoredMessage>): string[] =>
  [...messages].map(
    ({ mids, globalTime }) => `${mids.map((each) => each.toString('latin1', 0, 1)).join('')}${globalTime}`,
  );

export const everything: SyncRange = { timeLow: 1n, timeHigh: 2n ** 63n - 1n, modulo: 1, offset: 0 };
const random = seededRandom('store');

/** What every store has to do. */
export function testCompliance(name: string, open: (t: ExecutionContext) => Promise<Store>): void {
  const compliance = (what: string, run: (t: ExecutionContext, store: Store) => void) =>
    test(`${name}: ${what}`, async (t) => run(t, await open(t)));

  compliance('a message is found as it was stored, by its first member and global time', (t, store) => {
    const messages = [
      stored('a', 3),
      stored('b', 3, { messageId: 2, sequenceNumber: 7, isSynced: false }),
      stored('ba', 4),
    ];
    for (const message of messages) store.add(message);
    for (const message of messages) t.deepEqual(store.get(message.mids[0] as Buffer, message.globalTime), message);
    t.is(store.get(mid('a'), 4n), undefined);
    t.is(store.size, 3);
    t.is(store.syncedCount, 2);
    t.is(store.latestGlobalTime, 4n);
  });

  compliance('an empty store has nothing', (t, store) => {
    t.deepEqual([store.size, store.syncedCount, store.latestGlobalTime], [0, 0, 0n]);
    t.is(store.get(mid('a'), 1n), undefined);
    t.is(store.lastSequenceNumber(1, mid('a')), 0);
    t.deepEqual(store.bySequenceNumber(1, mid('a'), 1, 9), []);
    t.deepEqual(store.byMembers(1, [mid('a')]), []);
    t.deepEqual([...store.inRange(1, everything, 'RANDOM', random)], []);
    t.deepEqual([store.syncedFrom(1n, 9), store.syncedDownFrom(9n, 9), store.syncedModulo(2, 1)], [[], [], []]);
    t.is(store.deleteUpTo(1, 9n), 0);
    t.false(store.setUndone(mid('a'), 1n, 5n));
    store.delete(mid('a'), 1n);
  });

  compliance(
    'messages that come in any order are in the order of their times, those of one time by member',
    (t, store) => {
      for (const [letter, time] of [
        ['c', 5],
        ['a', 9],
        ['b', 5],
        ['a', 5],
        ['a', 1],
      ] as const)
        store.add(stored(letter, time));
      t.deepEqual(shown(store.syncedFrom(1n, 10)), ['a1', 'a5', 'b5', 'c5', 'a9']);
      t.deepEqual(shown(store.syncedFrom(2n, 2)), ['a5', 'b5']);
      t.deepEqual(shown(store.syncedDownFrom(8n, 2)), ['c5', 'b5']);
      t.deepEqual(shown(store.syncedDownFrom(2n ** 63n - 1n, 1)), ['a9']);
      t.deepEqual(shown(store.between(1, 2n, 5n)), ['a5', 'b5', 'c5']);
      t.deepEqual(shown(store.inRange(1, everything, 'ASC', random)), ['a1', 'a5', 'b5', 'c5', 'a9']);
      t.deepEqual(shown(store.inRange(1, everything, 'DESC', random)), ['a9', 'c5', 'b5', 'a5', 'a1']);
      t.deepEqual(shown(store.inRange(1, { ...everything, timeLow: 2n, timeHigh: 5n }, 'ASC', random)), [
        'a5',
        'b5',
        'c5',
      ]);
      t.deepEqual(shown(store.inRange(2, everything, 'ASC', random)), []);
    },
  );

  compliance('a random order has each message once, and follows from the seed', (t, store) => {
    for (let time = 1; time <= 250; time++) store.add(stored('a', time));
    const order = () => shown(store.inRange(1, everything, 'RANDOM', seededRandom('order')));
    t.deepEqual(order(), order());
    t.notDeepEqual(order(), shown(store.syncedFrom(1n, 250)));
    t.deepEqual(order().sort(), shown(store.syncedFrom(1n, 250)).sort());
    t.is(shown(store.inRange(1, everything, 'ASC', random)).length, 250);
  });

  compliance('a split by modulo takes every n-th time', (t, store) => {
    for (let time = 1; time <= 9; time++) store.add(stored('a', time));
    t.deepEqual(shown(store.syncedModulo(3, 0)), ['a3', 'a6', 'a9']);
    t.deepEqual(shown(store.syncedModulo(3, 2)), ['a1', 'a4', 'a7']);
    t.deepEqual(shown(store.inRange(1, { ...everything, modulo: 4, offset: 3 }, 'DESC', random)), ['a9', 'a5', 'a1']);
  });

  compliance('what is undone or not synced is not handed out, but is still there', (t, store) => {
    for (const message of [stored('a', 1), stored('a', 2), stored('a', 3, { isSynced: false })]) store.add(message);
    t.true(store.setUndone(mid('a'), 1n, 9n));
    t.is(store.get(mid('a'), 1n)?.undone, 9n);
    t.deepEqual(shown(store.syncedFrom(1n, 9)), ['a2']);
    t.is(store.syncedCount, 1);
    t.deepEqual(shown(store.inRange(1, everything, 'ASC', random)), ['a2', 'a3']);
    t.deepEqual(shown(store.between(1, 1n, 9n)), ['a1', 'a2', 'a3']);
    t.true(store.setUndone(mid('a'), 2n, NOT_PERMITTED));
    t.is(store.get(mid('a'), 2n)?.undone, NOT_PERMITTED);
    t.true(store.setUndone(mid('a'), 1n, 0n));
    t.deepEqual(shown(store.syncedFrom(1n, 9)), ['a1']);
    t.is(store.size, 3);
  });

  compliance('sequence numbers are of one member and one kind', (t, store) => {
    for (let number = 1; number <= 5; number++) store.add(stored('a', 2 * number, { sequenceNumber: number }));
    store.add(stored('b', 3, { sequenceNumber: 1 }));
    store.add(stored('a', 99, { sequenceNumber: 1, messageId: 2 }));
    t.is(store.lastSequenceNumber(1, mid('a')), 5);
    t.is(store.lastSequenceNumber(2, mid('a')), 1);
    t.deepEqual(shown(store.bySequenceNumber(1, mid('a'), 2, 4)), ['a4', 'a6', 'a8']);
    t.deepEqual(shown(store.bySequenceNumber(1, mid('a'), 5, 2 ** 32 - 1)), ['a10']);
    t.deepEqual(shown(store.bySequenceNumber(1, mid('a'), 6, 9)), []);
  });

  compliance('a sequence that loses its end goes on where it was cut', (t, store) => {
    for (let number = 1; number <= 5; number++) store.add(stored('a', 2 * number, { sequenceNumber: number }));
    for (const time of [10n, 6n, 8n]) store.delete(mid('a'), time);
    t.is(store.lastSequenceNumber(1, mid('a')), 2);
    t.deepEqual(shown(store.bySequenceNumber(1, mid('a'), 1, 9)), ['a2', 'a4']);
    store.add(stored('a', 5, { sequenceNumber: 3 }));
    t.deepEqual(shown(store.bySequenceNumber(1, mid('a'), 3, 9)), ['a5']);
    t.deepEqual(shown(store.syncedFrom(1n, 9)), ['a2', 'a4', 'a5']);
    for (const time of [5n, 4n, 2n]) store.delete(mid('a'), time);
    t.is(store.lastSequenceNumber(1, mid('a')), 0);
    store.add(stored('a', 1, { sequenceNumber: 1 }));
    t.deepEqual(shown(store.bySequenceNumber(1, mid('a'), 1, 1)), ['a1']);
  });

  compliance('a message can take the place of another one, of any kind', (t, store) => {
    store.add(stored('a', 3));
    store.delete(mid('a'), 3n);
    const other = stored('a', 3, { messageId: 2, packet: Buffer.from('another packet') });
    store.add(other);
    t.deepEqual(store.get(mid('a'), 3n), other);
    t.deepEqual([shown(store.between(1, 1n, 9n)), shown(store.between(2, 1n, 9n))], [[], ['a3']]);
    t.deepEqual(shown(store.syncedFrom(1n, 9)), ['a3']);
    t.is(store.size, 1);
  });

  compliance('a pair of members is the same in either order, and another than each of them', (t, store) => {
    for (const message of [stored('ab', 1), stored('ba', 2), stored('a', 3), stored('ac', 4)]) store.add(message);
    t.deepEqual(shown(store.byMembers(1, [mid('b'), mid('a')])), ['ab1', 'ba2']);
    t.deepEqual(shown(store.byMembers(1, [mid('a')])), ['a3']);
    t.deepEqual(shown(store.byMembers(2, [mid('a')])), []);
  });

  compliance('messages are deleted one by one, by age, and all', (t, store) => {
    for (let time = 1; time <= 6; time++) store.add(stored('a', time, { messageId: 1 + (time % 2) }));
    store.delete(mid('a'), 6n);
    t.is(store.get(mid('a'), 6n), undefined);
    t.is(store.deleteUpTo(2, 3n), 2);
    t.deepEqual(shown(store.syncedFrom(1n, 9)), ['a2', 'a4', 'a5']);
    t.is(store.deleteUpTo(2, 3n), 0);
    store.clear();
    t.deepEqual([store.size, store.syncedCount], [0, 0]);
    store.add(stored('a', 1));
    t.deepEqual(shown(store.syncedFrom(1n, 9)), ['a1']);
  });
}
