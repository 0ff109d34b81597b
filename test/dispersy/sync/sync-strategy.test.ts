import test from 'ava';
import fc from 'fast-check';
import { MemoryStore } from '../../../src/dispersy/store/memory-store.js';
import type { StoredMessage } from '../../../src/dispersy/store/store.js';
import { SYNC_STRATEGIES, type SyncSelection } from '../../../src/dispersy/sync/sync-strategy.js';
import { seededRandom } from '../../../src/runtime/random.js';

const TIME_MAX = 2n ** 63n - 1n;

interface Given {
  /** A global time each. */
  readonly times: readonly number[];
  readonly capacity: number;
  /** How far the community's time is beyond the latest message. */
  readonly ahead: number;
  readonly seed: number;
}

/** Every message by a member of its own, so that several can have one time. */
function storeOf(times: readonly number[]): { readonly store: MemoryStore; readonly messages: StoredMessage[] } {
  const store = new MemoryStore();
  const messages = times.map((time, index) => {
    const mid = Buffer.alloc(20);
    mid.writeUInt32BE(index);
    const packet = Buffer.from(`${time} ${index}`);
    return {
      mids: [mid],
      globalTime: BigInt(time),
      messageId: (index % 3) + 1,
      sequenceNumber: 0,
      packet,
      isSynced: index % 7 !== 3,
      undone: index % 11 === 5 ? 99n : 0n,
    };
  });
  for (const message of messages) store.add(message);
  return { store, messages: messages.filter(({ isSynced, undone }) => isSynced && undone === 0n) };
}

function select(strategy: 'largest' | 'modulo', { times, capacity, ahead, seed }: Given) {
  const { store, messages } = storeOf(times);
  const globalTime = store.latestGlobalTime + BigInt(ahead) + 1n;
  return { messages, selection: SYNC_STRATEGIES[strategy](store, capacity, globalTime, seededRandom(seed)) };
}

function within(messages: readonly StoredMessage[], { timeLow, timeHigh, modulo, offset }: SyncSelection) {
  return messages.filter(
    ({ globalTime }) =>
      globalTime >= timeLow && globalTime <= timeHigh && (globalTime + BigInt(offset)) % BigInt(modulo) === 0n,
  );
}

const packets = (messages: readonly StoredMessage[]) => messages.map(({ packet }) => packet.toString()).toSorted();

const given = fc.record<Given>({
  times: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 80 }),
  capacity: fc.integer({ min: 1, max: 30 }),
  ahead: fc.integer({ min: 0, max: 20 }),
  seed: fc.integer(),
});

/** More messages of one time than a filter holds cannot be told apart by a range. */
const isSeparable = ({ times, capacity }: Given) => times.every((time) => count(times, time) <= capacity);
const count = (times: readonly number[], time: number) => times.filter((each) => each === time).length;

for (const strategy of ['largest', 'modulo'] as const)
  test(`${strategy}: a range and its messages belong together`, (t) => {
    fc.assert(
      fc.property(given.filter(isSeparable), (each) => {
        const { messages, selection } = select(strategy, each);
        t.true(selection.timeLow >= 1n && selection.timeLow <= selection.timeHigh);
        t.deepEqual(packets(selection.messages), packets(within(messages, selection)));
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

test('largest: no more than a filter holds, and all when it holds all', (t) => {
  fc.assert(
    fc.property(given.filter(isSeparable), (each) => {
      const { messages, selection } = select('largest', each);
      t.true(selection.messages.length <= each.capacity);
      if (messages.length <= each.capacity) t.is(selection.messages.length, messages.length);
    }),
    { seed: 2, numRuns: 1000 },
  );
});

test('largest: everything when it fits', (t) => {
  const { messages, selection } = select('largest', { times: [5, 9, 9, 1, 7], capacity: 5, ahead: 0, seed: 1 });
  t.is(selection.timeLow, 1n);
  t.is(selection.timeHigh, TIME_MAX);
  t.deepEqual(packets(selection.messages), packets(messages));
});

const HUNDRED = Array.from({ length: 100 }, (_, index) => index + 1);

test('largest: the ranges cover all of time, the recent one most often', (t) => {
  const covered = new Map<string, number>();
  const tries = 2000;
  for (let seed = 0; seed < tries; seed++)
    for (const packet of packets(
      select('largest', { times: HUNDRED, capacity: 10, ahead: 0, seed }).selection.messages,
    ))
      covered.set(packet, (covered.get(packet) ?? 0) + 1);
  t.is(covered.size, storeOf(HUNDRED).messages.length);
  const share = (from: number, to: number) => {
    const counts = [...covered].filter(([packet]) => Number.parseInt(packet) >= from && Number.parseInt(packet) < to);
    return counts.reduce((sum, [, times]) => sum + times, 0) / counts.length / tries;
  };
  t.true(share(80, 101) > share(40, 60));
  t.true(share(40, 60) > 0.02 && share(1, 20) > 0.02);
});

test('largest: a third of the ranges are open for what is newer than all that we have', (t) => {
  const times = Array.from({ length: 1000 }, (_, index) => index + 1);
  const { store } = storeOf(times);
  const tries = 300;
  let open = 0;
  for (let seed = 0; seed < tries; seed++) {
    const { timeHigh } = SYNC_STRATEGIES.largest(store, 160, 1000n, seededRandom(seed));
    if (timeHigh === TIME_MAX) open++;
  }
  // 160 messages are the last 205 of these times: exp(-205/500) of the pivots are before them.
  const expected = (1 - Math.exp(-205 / 500)) * tries;
  t.true(Math.abs(open - expected) < 33, `${open}, expected ${expected}`);
});

test('largest: the wider side of the pivot is taken', (t) => {
  const pivotAt = (time: number) => ({ ...seededRandom('pivot'), exponential: () => 1000 - time });
  const rangeAt = (times: readonly number[], pivot: number) => {
    const store = new MemoryStore();
    for (const [index, time] of times.entries())
      store.add({
        mids: [Buffer.from([index])],
        globalTime: BigInt(time),
        messageId: 1,
        sequenceNumber: 0,
        packet: Buffer.from([time & 0xff]),
        isSynced: true,
        undone: 0n,
      });
    const { timeLow, timeHigh } = SYNC_STRATEGIES.largest(store, 3, 1000n, pivotAt(pivot));
    return [timeLow, timeHigh];
  };
  const times = [10, 11, 12, 13, 14, 100, 200, 300, 400, 401, 402, 403];
  // Upwards it ends before the fourth message, downwards after it.
  t.deepEqual(rangeAt(times, 14), [14n, 299n]);
  t.deepEqual(rangeAt(times, 399), [15n, 399n]);
  t.deepEqual(rangeAt(times, 401), [401n, TIME_MAX]);
  t.deepEqual(rangeAt(times, 5), [5n, 12n]);
  t.deepEqual(rangeAt([50, ...times.slice(5)], 49), [49n, 299n]);
});

test('largest: more messages of one time than fit do not stop it', (t) => {
  for (let seed = 0; seed < 50; seed++) {
    const { selection } = select('largest', { times: Array<number>(50).fill(7), capacity: 10, ahead: 3, seed });
    t.true(selection.timeLow <= selection.timeHigh && selection.messages.length <= 11);
  }
});

test('modulo: as few parts as a filter allows, any of which may be next', (t) => {
  const times = HUNDRED;
  const { messages } = storeOf(times);
  const offsets = new Set<number>();
  for (let seed = 0; seed < 100; seed++) {
    const { selection } = select('modulo', { times, capacity: 20, ahead: 0, seed });
    t.is(selection.modulo, Math.ceil(messages.length / 20));
    t.deepEqual([selection.timeLow, selection.timeHigh], [1n, TIME_MAX]);
    offsets.add(selection.offset);
  }
  t.deepEqual([...offsets].toSorted(), [0, 1, 2, 3]);
});

test('modulo: the parts are apart, and everything together', (t) => {
  const { store, messages } = storeOf(HUNDRED);
  const parts = [0, 1, 2, 3, 4].map((offset) => store.syncedModulo(5, offset));
  t.deepEqual(packets(parts.flat()), packets(messages));
  for (const [offset, part] of parts.entries())
    t.true(part.every(({ globalTime }) => (globalTime + BigInt(offset)) % 5n === 0n));
});

test('modulo: everything when it fits', (t) => {
  const { selection } = select('modulo', { times: [3, 4], capacity: 2, ahead: 0, seed: 1 });
  t.deepEqual([selection.modulo, selection.offset, selection.messages.length], [1, 0, 2]);
});
