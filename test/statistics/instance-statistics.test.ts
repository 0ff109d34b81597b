import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { GumbyError } from '../../src/runtime/errors.js';
import { ManualClock } from '../../src/runtime/manual-clock.js';
import { METRICS_MAX, MetricMemory } from '../../src/statistics/metric-memory.js';
import { InstanceStatistics } from '../../src/statistics/instance-statistics.js';
import { StatisticsLog } from '../../src/output/statistics-log.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

async function makeStatistics(t: ExecutionContext) {
  const path = join(await temporaryDirectory(t), 'statistics.log');
  const clock = new ManualClock(1_000_000_000_000);
  const log = new StatisticsLog(path, 7, { clock });
  const memory = new MetricMemory();
  const slots: string[] = [];
  let startMs: number | undefined;
  const statistics = new InstanceStatistics({
    clock,
    log,
    memory,
    onSlot: (name) => slots.push(name),
    startMs: () => startMs,
  });
  const go = (atMs: number) => (startMs = atMs);
  const lines = async (key: string) => {
    statistics.finish();
    log.close();
    const all = (await readFile(path, 'utf8')).split('\n').map((line) => /^(\S+) 7 (\S+) (.*)$/.exec(line));
    return all.flatMap((match) => {
      if (match?.[2] !== key) return [];
      return [[Number(match[1]) - 1e9, JSON.parse(match[3] ?? '') as Record<string, unknown>] as const];
    });
  };
  return { clock, statistics, go, log, lines, path, memory, slots };
}

test('counters and gauges are numbers in memory, at the slots that were told', async (t) => {
  const { statistics, memory, slots } = await makeStatistics(t);
  const sent = statistics.counter('sent', { unit: 'bytes' });
  statistics.histogram('time');
  const known = statistics.gauge('known');
  t.is(known.value, Number.NaN);
  sent.add(3);
  sent.add();
  known.set(5);
  known.set(-2.5);
  t.deepEqual([sent.value, known.value], [4, -2.5]);
  t.deepEqual(slots, ['sent', 'known']);
  t.deepEqual([...memory.values.slice(0, 2)], [4, -2.5]);
  for (let index = 2; index < METRICS_MAX; index++) statistics.gauge(`gauge${index}`);
  t.throws(() => statistics.gauge('another'), { instanceOf: GumbyError, message: /can have 1024 metrics/ });
});

test('a metric is described once, and is the same one whenever it is asked for', async (t) => {
  const { statistics, lines } = await makeStatistics(t);
  const counter = statistics.counter('sent', { unit: 'bytes', description: 'Bytes sent' });
  t.is(statistics.counter('sent'), counter);
  t.throws(() => statistics.gauge('sent'), { instanceOf: GumbyError, message: /"sent" is a counter already/ });
  t.throws(() => statistics.counter('1 bad'), { instanceOf: GumbyError, message: /"1 bad" cannot name a counter/ });
  for (const bad of [-1, Number.NaN, Infinity])
    t.throws(() => counter.add(bad), { instanceOf: GumbyError, message: /is not a number of at least 0/ });
  t.throws(() => statistics.gauge('level').set(Number.NaN), { instanceOf: GumbyError });
  t.throws(() => statistics.histogram('time', { resolution: 0 }), { instanceOf: GumbyError });
  t.throws(() => statistics.histogram('time').record(-1), { instanceOf: GumbyError });
  t.deepEqual(await lines('metric'), [
    [0, { name: 'sent', kind: 'counter', unit: 'bytes', description: 'Bytes sent' }],
    [0, { name: 'level', kind: 'gauge', unit: '', description: '' }],
    [0, { name: 'time', kind: 'histogram', unit: '', description: '' }],
  ]);
});

test('a histogram tells the quantiles of each second, and its whole distribution at the end', async (t) => {
  const { clock, statistics, lines } = await makeStatistics(t);
  const time = statistics.histogram('time', { unit: 'ms' });
  for (let value = 0; value < 100; value++) time.record(value);
  clock.advance(1000);
  time.record(0);
  time.record(1234.5);
  t.is(time.count, 102);
  const [, second] = await lines('metrics');
  t.is(second?.[0], 1);
  t.like(second?.[1], { time: { count: 2, p50: 0 } });
  const [distribution] = await lines('distribution');
  const { count, values } = distribution?.[1] as { count: number; values: number[] };
  t.is(count, 102);
  t.is(values.length, 102);
  const expected = [0, ...Array.from({ length: 100 }, (_, value) => value), 1234.5];
  for (const [index, value] of values.entries())
    t.true(Math.abs(value - (expected[index] as number)) <= 0.01 * (expected[index] as number) + 0.001, String(index));
});

test('a second of a histogram is dated by its last value, however much later it is written', async (t) => {
  const { clock, statistics, go, lines } = await makeStatistics(t);
  go(2000);
  clock.advance(2000);
  const time = statistics.histogram('time');
  // Twelve values a second, the last of them at 4.17 s after the start; then nothing until the end, at 9 s.
  for (let count = 0; count < 50; count++) {
    clock.advance(count === 0 ? 70 : 84);
    time.record(count);
  }
  t.is(Math.round(clock.nowMs() - 2000), 70 + 49 * 84);
  clock.advance(11_000 - clock.nowMs());
  const samples = (await lines('metrics')).map(([wallS, values]) => [
    Number((wallS - 2).toFixed(3)),
    (values as { time: { count: number } }).time.count,
  ]);
  t.deepEqual(samples, [
    [0.95, 12],
    [1.918, 11],
    [2.926, 12],
    [3.934, 12],
    [4.186, 3],
  ]);
});

test('seconds are those since GO: what came before it is told apart, and no sample is dated into another second', async (t) => {
  const { clock, statistics, go, lines } = await makeStatistics(t);
  const time = statistics.histogram('time');
  clock.advance(800);
  time.record(1);
  go(1500);
  clock.advance(699);
  time.record(2);
  clock.advance(1);
  time.record(3);
  clock.advance(999.9);
  time.record(4);
  clock.advance(0.1);
  time.record(5);
  const samples = (await lines('metrics')).map(([wallS, values]) => [
    Number((wallS - 1.5).toFixed(3)),
    (values as { time: { count: number } }).time.count,
  ]);
  t.deepEqual(samples, [
    [-0.001, 2],
    [0.95, 2],
    [1.05, 1],
  ]);
});

test('a metric of the library is another than the experiment’s of that name', async (t) => {
  const { statistics, lines } = await makeStatistics(t);
  const ours = statistics.histogramOf('dispersy', 'response-time', { unit: 'ms' });
  const theirs = statistics.histogram('response-time', { unit: 's' });
  t.not(ours, theirs);
  ours.record(5);
  t.is(theirs.count, 0);
  t.throws(() => statistics.histogram('dispersy:response-time'), { instanceOf: GumbyError });
  t.deepEqual(
    (await lines('metric')).map(([, { name, unit }]) => [name, unit]),
    [
      ['dispersy:response-time', 'ms'],
      ['response-time', 's'],
    ],
  );
});

test('a key of the log is text of one word, and one that is reserved is its owner’s alone', async (t) => {
  const { log, lines } = await makeStatistics(t);
  for (const bad of ['', 'a b', 'a\nb', 'a\u0000b', 'a\tb', '\ud800'])
    t.throws(() => log.write(bad, 1), { instanceOf: GumbyError, message: /cannot be a key of the log/ }, bad);
  for (const ours of ['metric', 'metrics', 'distribution', 'event'])
    t.throws(() => log.write(ours, 1), { instanceOf: GumbyError, message: /is a key of experiment\.statistics/ });
  const write = log.reserve('Dispersy', ['statistics']);
  t.throws(() => log.write('statistics', 1), { instanceOf: GumbyError, message: /is a key of Dispersy/ });
  t.throws(() => log.reserve('another', ['statistics']), { instanceOf: GumbyError, message: /of Dispersy already/ });
  t.notThrows(() => log.reserve('Dispersy', ['statistics']));
  write('statistics', { a: 1 });
  for (const fine of ['__proto__', '../../x', 'ключ', 'x'.repeat(10_000)]) log.write(fine, 1);
  t.deepEqual(await lines('statistics'), [[0, { a: 1 }]]);
});

test('an event is written as it happens; after the end nothing is', async (t) => {
  const { statistics, log, lines, clock, path } = await makeStatistics(t);
  clock.advance(250);
  statistics.event('found', { peer: 3 });
  statistics.event('lost');
  t.deepEqual(await lines('event'), [
    [0.25, { name: 'found', detail: { peer: 3 } }],
    [0.25, { name: 'lost' }],
  ]);
  const before = await readFile(path, 'utf8');
  log.write('late', 1);
  statistics.counter('sent').add();
  statistics.finish();
  t.is(await readFile(path, 'utf8'), before);
});

test('who writes now and then finds each line at once; who writes much, those of some seconds together', async (t) => {
  const { clock, log, path } = await makeStatistics(t);
  const count = async () => (await readFile(path, 'utf8')).split('\n').length - 1;
  log.write('a', 1);
  t.is(await count(), 1);
  log.write('b', 2);
  t.is(await count(), 1);
  clock.advance(5000);
  log.write('c', 3);
  t.is(await count(), 3);
  // More than the buffer takes is written at once, in order.
  log.write('large', 'x'.repeat(100_000));
  log.write('small', 1);
  log.close();
  t.is(await count(), 5);
});
