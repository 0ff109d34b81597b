import test, { type ExecutionContext } from 'ava';
import { Batches, BATCH_BYTES_MAX, BATCH_PACKETS_MAX } from '../../../src/dispersy/receiving/batches.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { candidateDestination, directDistribution } from '../../../src/dispersy/message/policies.js';
import { NoteCommunity } from '../support/note-community.js';
import { conversionOf } from '../support/inside.js';
import { foreignMember, makeSilentDispersy } from '../support/seeded-peers.js';

const batch = { maxWindowMs: 1_000 };

class BatchingCommunity extends NoteCommunity {
  readonly stored = this.note('stored', { batch });
  readonly direct = this.note('direct', {
    batch: { maxWindowMs: 500 },
    distribution: directDistribution(),
    destination: candidateDestination(),
  });
  readonly single = this.note('single');
}

function setUp(t: ExecutionContext) {
  const clock = new ManualClock();
  const { dispersy } = makeSilentDispersy(t, clock);
  const community = dispersy.loadCommunity(BatchingCommunity);
  const member = foreignMember(dispersy, 'member');
  let time = 0n;
  const receive = (kind: 'stored' | 'direct' | 'single', text: string) =>
    dispersy.receive({ host: '127.0.0.1', port: 7 }, community.packetAt(++time, community[kind], text, member));
  const timers = clock.pendingCount;
  return { clock, dispersy, community, receive, timerCount: () => clock.pendingCount - timers };
}

test('one message waits for its window', (t) => {
  const { clock, community, receive } = setUp(t);
  receive('stored', '1');
  t.is(community.batchedCount, 1);
  clock.advance(999);
  t.deepEqual(community.texts, []);
  t.is(community.store.size, 0);
  clock.advance(1);
  t.deepEqual(community.calls, [['1']]);
  t.is(community.batchedCount, 0);
  t.is(community.store.size, 1);
});

test('many messages are handled together, in the order in which they came', (t) => {
  const { clock, dispersy, community, receive, timerCount } = setUp(t);
  const texts = Array.from({ length: 100 }, (_, index) => String(index));
  for (const text of texts) {
    receive('stored', text);
    clock.advance(5);
  }
  t.is(timerCount(), 1);
  clock.advance(500);
  t.deepEqual(community.calls, [texts]);
  t.is(dispersy.statistics.successCount, 100);
  t.is(timerCount(), 0);
  receive('stored', 'next');
  clock.advance(1_000);
  t.deepEqual(community.calls, [texts, ['next']]);
});

test('each kind has a batch and a timer of its own, and others do not wait', (t) => {
  const { clock, community, receive, timerCount } = setUp(t);
  for (const text of ['1', '2']) {
    receive('stored', `stored ${text}`);
    receive('direct', `direct ${text}`);
    receive('single', `single ${text}`);
  }
  t.is(timerCount(), 2);
  t.is(community.batchedCount, 4);
  t.deepEqual(community.calls, [['single 1'], ['single 2']]);
  clock.advance(500);
  t.deepEqual(community.calls.slice(2), [['direct 1', 'direct 2']]);
  clock.advance(500);
  t.deepEqual(community.calls.slice(3), [['stored 1', 'stored 2']]);
  t.is(timerCount(), 0);
});

test('a big batch is handled when it is full', (t) => {
  const { clock, community, receive, timerCount } = setUp(t);
  const texts = Array.from({ length: BATCH_PACKETS_MAX + 3 }, (_, index) => String(index));
  for (const text of texts) receive('stored', text);
  t.deepEqual(community.calls, [texts.slice(0, BATCH_PACKETS_MAX)]);
  t.is(community.batchedCount, 3);
  t.is(timerCount(), 1);
  clock.advance(1_000);
  t.deepEqual(community.calls[1], texts.slice(BATCH_PACKETS_MAX));
});

test('a batch is full when it has too many bytes, too', (t) => {
  const { community, receive } = setUp(t);
  const text = 'x'.repeat(50_000);
  const count = Math.ceil(BATCH_BYTES_MAX / (text.length + 200));
  for (let sent = 0; sent < count; sent++) receive('stored', text);
  t.deepEqual(
    community.calls.map((call) => call.length),
    [count],
  );
});

test('in a batch a duplicate is dropped, and what is wrong takes nothing with it', (t) => {
  const { clock, dispersy, community, receive } = setUp(t);
  const source = { host: '127.0.0.1', port: 7 };
  receive('stored', 'good');
  const member = foreignMember(dispersy, 'member');
  const packet = community.packetAt(50n, community.stored, 'twice', member);
  dispersy.receive(source, packet);
  dispersy.receive(source, packet);
  dispersy.receive(source, packet.subarray(0, 60));
  dispersy.receive(
    source,
    Buffer.concat([packet.subarray(0, -1), Buffer.from([packet.readUInt8(packet.length - 1) ^ 1])]),
  );
  receive('stored', 'also good');
  t.is(dispersy.statistics.drops.total, 0);
  clock.advance(1_000);
  t.deepEqual(community.calls, [['good', 'twice', 'also good']]);
  t.is(dispersy.statistics.drops.total, 3);
  t.is(dispersy.statistics.drops.get('duplicate message'), 1);
});

test('what waits when the community is left is given up, and counted', async (t) => {
  const { clock, dispersy, community, receive, timerCount } = setUp(t);
  for (const text of ['1', '2', '3']) receive('stored', text);
  receive('direct', '4');
  await community.unloadCommunity();
  t.is(dispersy.statistics.drops.get('community was unloaded'), 4);
  t.is(community.messages.byName('stored')?.counters.dropped, 3);
  t.is(timerCount(), 0);
  clock.advance(2_000);
  t.deepEqual(community.calls, []);
});

test('every packet is counted once: received is handled, dropped or waiting', (t) => {
  const { clock, dispersy, community, receive } = setUp(t);
  const { statistics } = dispersy;
  for (let count = 0; count < 10; count++) receive(count % 2 === 0 ? 'stored' : 'direct', String(count));
  t.is(statistics.receivedCount, community.batchedCount);
  clock.advance(500);
  t.is(statistics.receivedCount, statistics.successCount + statistics.drops.total + community.batchedCount);
  clock.advance(500);
  t.is(statistics.receivedCount, statistics.successCount);
});

test('batches tell how much they gave up', (t) => {
  const clock = new ManualClock();
  const completed: number[] = [];
  const batches = new Batches(clock, (arrivals) => completed.push(arrivals.length));
  const { community } = setUp(t);
  const [stored, direct] = ['stored', 'direct'].map((name) => community.messages.byName(name));
  const source = { host: '127.0.0.1', port: 7 };
  for (const registered of [stored, direct, stored])
    if (registered !== undefined)
      batches.add({ source, packet: Buffer.alloc(30), conversion: conversionOf(community), registered }, 1_000);
  t.is(batches.size, 3);
  t.is(batches.clear().length, 3);
  t.is(batches.size, 0);
  t.is(clock.pendingCount, 0);
  t.deepEqual(completed, []);
});
