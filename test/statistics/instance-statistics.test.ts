import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { GumbyError } from '../../src/runtime/errors.js';
import { ManualClock } from '../../src/runtime/manual-clock.js';
import { METRICS_MAX, MetricMemory } from '../../src/statistics/metric-memory.js';
import { InstanceStatistics } from '../../src/statistics/instance-statistics.js';
import { StatisticsLog } from '../../src/statistics/statistics-log.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

async function makeStatistics(t: ExecutionContext) {
  const path = join(await temporaryDirectory(t), 'statistics.log');
  const clock = new ManualClock(1_000_000_000_000);
  const log = new StatisticsLog(path, 7, { clock });
  const memory = new MetricMemory();
  const slots: string[] = [];
  const statistics = new InstanceStatistics({ clock, log, memory, onSlot: (name) => slots.push(name) });
  const lines = async (key: string) => {
    statistics.finish();
    log.close();
    const all = (await readFile(path, 'utf8')).split('\n').map((line) => /^(\S+) 7 (\S+) (.*)$/.exec(line));
    return all.flatMap((match) => {
      if (match?.[2] !== key) return [];
      return [[Number(match[1]) - 1e9, JSON.parse(match[3] ?? '') as Record<string, unknown>] as const];
    });
  };
  return { clock, statistics, log, lines, path, memory, slots };
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
