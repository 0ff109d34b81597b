import test from 'ava';
import fc from 'fast-check';
import { uniquePort } from '../../src/config/unique-port.js';

const SEED = { user: 'ann', experimentName: 'hello', directory: '/e', key: 'sync_port' };
const TCP = { count: 1, protocols: ['tcp'] } as const;
const free = async () => true;

test('the port is the same for every run, and another for another user, name, directory or key', async (t) => {
  const first = await uniquePort(SEED, TCP, free);
  t.deepEqual(await uniquePort({ ...SEED }, TCP, free), first);
  const others = [{ user: 'bob' }, { experimentName: 'x' }, { directory: '/f' }, { key: 'tracker_port' }];
  for (const other of others) t.notDeepEqual(await uniquePort({ ...SEED, ...other }, TCP, free), first);
});

test('property: the whole run of ports is in 20000..39999', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.integer({ min: 1, max: 100 }), async (user, count) => {
      const found = await uniquePort({ ...SEED, user }, { count, protocols: ['udp'] }, free);
      t.true(found !== undefined && found.port >= 20_000 && found.port + count - 1 <= 39_999);
    }),
  );
});

test('a port that is taken gives way to the next one that is free with those behind it', async (t) => {
  const wanted = (await uniquePort(SEED, { count: 3, protocols: ['tcp'] }, free))?.port ?? 0;
  const taken = new Set([wanted + 2, wanted + 3]);
  const found = await uniquePort(SEED, { count: 3, protocols: ['tcp'] }, async (port) => !taken.has(port));
  t.deepEqual(found, { port: wanted + 4, wanted });
});

test('only the protocols asked for have to be free', async (t) => {
  const asked = new Set<string>();
  const probe = async (_: number, protocol: string) => {
    asked.add(protocol);
    return true;
  };
  await uniquePort(SEED, { count: 1, protocols: ['udp'] }, probe);
  t.deepEqual([...asked], ['udp']);
  await uniquePort(SEED, { count: 1, protocols: ['tcp', 'udp'] }, probe);
  t.deepEqual([...asked], ['udp', 'tcp']);
});

test('when everything is taken there is no port', async (t) => {
  t.is(await uniquePort(SEED, TCP, async () => false), undefined);
});
