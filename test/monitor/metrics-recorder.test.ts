import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { MetricsRecorder } from '../../src/monitor/metrics-recorder.js';
import { ManualClock } from '../../src/runtime/manual-clock.js';
import { MetricMemory } from '../../src/statistics/metric-memory.js';
import { Counter, Gauge } from '../../src/statistics/metrics.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** Two instances whose metrics are recorded from the first second on. */
async function record(t: ExecutionContext) {
  const outputDir = await temporaryDirectory(t);
  const clock = new ManualClock(1_000_000_000_000);
  const instances = [1, 2].map((id) => {
    const metricNames: string[] = [];
    const metricMemory = new MetricMemory();
    return {
      ...{ id, metricNames, metricMemory },
      counter(name: string) {
        metricNames.push(name);
        return new Counter(name, metricMemory);
      },
      gauge(name: string) {
        metricNames.push(name);
        return new Gauge(name, metricMemory, clock);
      },
    };
  });
  const recorder = new MetricsRecorder(
    { outputDir, instances },
    { clock, onFailure: (error) => t.fail(String(error)) },
  );
  recorder.start();
  const lines = async () => (await readFile(join(outputDir, 'metrics.log'), 'utf8')).trimEnd().split('\n');
  const [first, second] = instances;
  if (first === undefined || second === undefined) throw new Error('there are two instances');
  return { outputDir, clock, recorder, lines, first, second };
}

test('each second has what changed in it, and the end what came last', async (t) => {
  const { outputDir, clock, recorder, lines, first, second } = await record(t);
  clock.advance(1000);
  t.false(existsSync(join(outputDir, 'metrics.log')), 'nobody measures anything');
  const sent = first.counter('sent');
  const known = first.gauge('known');
  sent.add(4);
  clock.advance(1000);
  second.counter('sent').add(7);
  known.set(2.5);
  clock.advance(1000);
  sent.add();
  clock.advance(500);
  recorder.finish();
  recorder.finish();
  t.deepEqual(await lines(), [
    '1000000002.000 1 metrics {"sent":4}',
    '1000000002.000 1 metrics {"known":2.5}',
    '1000000003.000 2 metrics {"sent":7}',
    '1000000003.000 1 metrics {"sent":4}',
    '1000000003.500 1 metrics {"sent":5}',
  ]);
  t.is(clock.pendingCount, 0);
});

test('a gauge is dated by when it was set, whenever somebody looks at it', async (t) => {
  const { clock, lines, first } = await record(t);
  const level = first.gauge('level');
  clock.advance(3100);
  level.set(1);
  clock.advance(200);
  level.set(2);
  clock.advance(2700);
  level.set(2);
  level.set(3);
  clock.advance(1000);
  t.deepEqual(await lines(), ['1000000003.300 1 metrics {"level":2}', '1000000006.000 1 metrics {"level":3}']);
});

test('a counter that had stood still is told for the second before it grew: it did not grow slowly', async (t) => {
  const { clock, lines, first } = await record(t);
  const sent = first.counter('sent');
  clock.advance(1000);
  sent.add(3);
  clock.advance(1000);
  clock.advance(48_500);
  sent.add(100);
  clock.advance(500);
  sent.add(100);
  clock.advance(1000);
  t.deepEqual(await lines(), [
    '1000000001.000 1 metrics {"sent":0}',
    '1000000002.000 1 metrics {"sent":3}',
    '1000000050.000 1 metrics {"sent":3}',
    '1000000051.000 1 metrics {"sent":103}',
    '1000000052.000 1 metrics {"sent":203}',
  ]);
});

test('a file that cannot be written is told once', async (t) => {
  const outputDir = await temporaryDirectory(t);
  const clock = new ManualClock();
  const failures: unknown[] = [];
  const metricMemory = new MetricMemory();
  new Counter('sent', metricMemory).add();
  const instances = [{ id: 1, metricNames: ['sent'], metricMemory }];
  const recorder = new MetricsRecorder({ outputDir, instances }, { clock, onFailure: (error) => failures.push(error) });
  await mkdir(join(outputDir, 'metrics.log'));
  recorder.start();
  clock.advance(3000);
  t.is(failures.length, 1);
  t.regex(String(failures[0]), /cannot write .*metrics\.log/);
  await rm(join(outputDir, 'metrics.log'), { recursive: true });
});
