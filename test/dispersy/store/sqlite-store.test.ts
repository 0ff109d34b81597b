import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import Database from 'libsql';
import { openSqliteStores } from '../../../src/dispersy/store/sqlite-store.js';
import { GumbyError } from '../../../src/runtime/errors.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { everything, mid, shown, stored, testCompliance } from './store-compliance.js';
import { seededRandom } from '../../../src/runtime/random.js';

async function openFile(t: ExecutionContext, file?: string) {
  const path = file ?? join(await temporaryDirectory(t), 'messages.db');
  const stores = await openSqliteStores(path);
  t.teardown(() => stores.close());
  return { path, stores };
}

testCompliance('sqlite', async (t) => (await openFile(t)).stores.open('c1'));

test('communities of one file know nothing of each other', async (t) => {
  const { stores } = await openFile(t);
  const [one, other] = [stores.open('c1'), stores.open('c2')];
  one.add(stored('a', 1));
  other.add(stored('a', 1, { packet: Buffer.from('another') }));
  one.delete(mid('a'), 1n);
  t.is(one.size, 0);
  t.is(other.get(mid('a'), 1n)?.packet.toString(), 'another');
});

test('a file that is opened again holds what it held', async (t) => {
  const { path, stores } = await openFile(t);
  stores.open('c1').add(stored('ab', 7, { undone: -1n, sequenceNumber: 3 }));
  stores.close();
  const again = (await openFile(t, path)).stores.open('c1');
  t.deepEqual(again.get(mid('a'), 7n), stored('ab', 7, { undone: -1n, sequenceNumber: 3 }));
  t.is(again.latestGlobalTime, 7n);
});

test('a range of more than a page is whole', async (t) => {
  const { stores } = await openFile(t);
  const store = stores.open('c1');
  for (let time = 1; time <= 201; time++) store.add(stored('a', time));
  t.is(shown(store.inRange(1, everything, 'DESC', seededRandom('page'))).at(-1), 'a1');
});

const failing = (name: string, prepare: (path: string) => Promise<void>, message: RegExp) =>
  test(`a file that cannot be used is an error that names it: ${name}`, async (t) => {
    const path = join(await temporaryDirectory(t), 'messages.db');
    await prepare(path);
    const error = await t.throwsAsync(openSqliteStores(path), { instanceOf: GumbyError, message });
    t.is(error.code, 'STORE_FAILED');
    t.true(error.message.includes(path));
  });

failing('a directory', (path) => mkdir(path), /cannot be used/);
failing(
  'something else',
  (path) => writeFile(path, 'this is no database, although it is long enough to be one'),
  /cannot be used/,
);
failing(
  'a later version',
  async (path) => {
    const database = new Database(path);
    database.exec('PRAGMA user_version = 9');
    database.close();
  },
  /version 9, this program reads version 1: remove the file, or name another/,
);
