import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { MemoryStore } from '../../../src/dispersy/store/memory-store.js';
import { openSqliteStores } from '../../../src/dispersy/store/sqlite-store.js';
import type { Store, StoredMessage, SyncDirection } from '../../../src/dispersy/store/store.js';
import { seededRandom } from '../../../src/runtime/random.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { mid, shown, stored } from './store-compliance.js';

const letter = fc.constantFrom('a', 'b', 'c');
const time = fc.integer({ min: 1, max: 12 });
const action = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('add'),
      letter,
      time,
      messageId: fc.integer({ min: 1, max: 2 }),
      isSynced: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete'), letter, time }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('undo'), letter, time, undone: fc.constantFrom(-1n, 0n, 5n) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('prune'), messageId: fc.integer({ min: 1, max: 2 }), time }) },
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

/** A list, searched from end to end. */
class Model {
  messages: StoredMessage[] = [];

  apply(done: Action): void {
    const found = (each: StoredMessage) =>
      'letter' in done && each.mids[0]?.equals(mid(done.letter)) === true && Number(each.globalTime) === done.time;
    if (isAdd(done) && !this.messages.some(found)) this.messages.push(stored(done.letter, done.time, done));
    if (done.kind === 'delete') this.messages = this.messages.filter((each) => !found(each));
    if ('undone' in done)
      this.messages = this.messages.map((each) => (found(each) ? { ...each, undone: done.undone } : each));
    if (done.kind === 'prune' && 'messageId' in done)
      this.messages = this.messages.filter(
        (each) => each.messageId !== done.messageId || Number(each.globalTime) > done.time,
      );
    this.messages.sort(
      (one, other) =>
        Number(one.globalTime - other.globalTime) || Buffer.concat(one.mids).compare(Buffer.concat(other.mids)),
    );
  }
}

function isAdd(done: Action): done is Extract<Action, { isSynced: boolean }> {
  return 'isSynced' in done;
}

function applyTo(store: Store, done: Action): void {
  if (isAdd(done)) {
    if (store.get(mid(done.letter), BigInt(done.time)) === undefined) store.add(stored(done.letter, done.time, done));
  } else if ('undone' in done) store.setUndone(mid(done.letter), BigInt(done.time), done.undone);
  else if ('letter' in done) store.delete(mid(done.letter), BigInt(done.time));
  else store.deleteUpTo(done.messageId, BigInt(done.time));
}

test('whatever is done to them, both stores answer as a plain list does', async (t) => {
  const stores = await openSqliteStores(join(await temporaryDirectory(t), 'model.db'));
  t.teardown(() => stores.close());
  let run = 0;
  fc.assert(
    fc.property(
      fc.array(action, { maxLength: 40 }),
      time,
      time,
      fc.integer({ min: 1, max: 4 }),
      (actions, low, high, modulo) => {
        const model = new Model();
        const both: readonly Store[] = [new MemoryStore(), stores.open(`run ${run++}`)];
        for (const done of actions) {
          model.apply(done);
          for (const store of both) applyTo(store, done);
        }
        const handedOut = model.messages.filter(({ isSynced, undone }) => isSynced && undone === 0n);
        const within = ({ globalTime }: StoredMessage) => globalTime >= low && globalTime <= high;
        const isPart = ({ globalTime }: StoredMessage) => (Number(globalTime) + modulo - 1) % modulo === 0;
        for (const store of both) {
          t.is(store.size, model.messages.length);
          t.is(store.syncedCount, handedOut.length);
          t.deepEqual(
            shown(store.syncedFrom(BigInt(low), 5)),
            shown(handedOut.filter((each) => each.globalTime >= low).slice(0, 5)),
          );
          t.deepEqual(
            shown(store.syncedDownFrom(BigInt(high), 5)),
            shown(
              handedOut
                .filter((each) => each.globalTime <= high)
                .reverse()
                .slice(0, 5),
            ),
          );
          t.deepEqual(shown(store.syncedModulo(modulo, modulo - 1)), shown(handedOut.filter(isPart)));
          const range = { timeLow: BigInt(low), timeHigh: BigInt(high), modulo: 1, offset: 0 };
          for (const messageId of [1, 2]) {
            const ofKind = model.messages.filter((each) => each.messageId === messageId && within(each));
            t.deepEqual(shown(store.between(messageId, BigInt(low), BigInt(high))), shown(ofKind));
            const standing = ofKind.filter(({ undone }) => undone === 0n);
            for (const direction of ['ASC', 'DESC', 'RANDOM'] satisfies SyncDirection[]) {
              const got = shown(store.inRange(messageId, range, direction, seededRandom(run)));
              const expected = shown(direction === 'DESC' ? [...standing].reverse() : standing);
              if (direction === 'RANDOM') t.deepEqual(got.sort(), expected.sort());
              else t.deepEqual(got, expected);
            }
          }
        }
      },
    ),
    { numRuns: 200, seed: 1 },
  );
});
