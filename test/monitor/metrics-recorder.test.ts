import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { MetricsRecorder } from '../../src/monitor/metrics-recorder.js';
import { ManualClock } from '../../src/runtime/manual-clock.js';
import { MetricMemory } from '../../src/statistics/metric-memory.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

test('each second has what changed in it, and the end what came last', async (t) => {
  const outputDir = await temporaryDirectory(t);
  const clock = new ManualClock(1_000_000_000_000);
  const instances = [1, 2].map((id) => ({
    id,
    metricNames: [] as string[],
    metricValues: new MetricMemory().values.fill(Number.NaN),
  }));
  const [first, second] = instances;
  const recorder = new MetricsRecorder(
    { outputDir, instances },
    { clock, onFailure: (error) => t.fail(String(error)) },
  );
  recorder.start();
  clock.advance(1000);
  t.false(existsSync(join(outputDir, 'metrics.log')), 'nobody measures anything');
  first?.metricNames.push('sent', 'known');
  first?.metricValues.set([4], 0);
  clock.advance(1000);
  second?.metricNames.push('sent');
  second?.metricValues.set([7], 0);
  first?.metricValues.set([4, 2.5], 0);
  clock.advance(3000);
  first?.metricValues.set([5], 0);
  clock.advance(500);
  recorder.finish();
  recorder.finish();
  t.is(
    await readFile(join(outputDir, 'metrics.log'), 'utf8'),
    [
      '1000000002.000 1 metrics {"sent":4}',
      '1000000003.000 1 metrics {"known":2.5}',
      '1000000003.000 2 metrics {"sent":7}',
      '1000000005.500 1 metrics {"sent":5}',
      '',
    ].join('\n'),
  );
  t.is(clock.pendingCount, 0);
});

test('a file that cannot be written is told once', async (t) => {
  const outputDir = await temporaryDirectory(t);
  const clock = new ManualClock();
  const failures: unknown[] = [];
  const instances = [{ id: 1, metricNames: ['sent'], metricValues: new Float64Array([1]) }];
  const recorder = new MetricsRecorder({ outputDir, instances }, { clock, onFailure: (error) => failures.push(error) });
  await mkdir(join(outputDir, 'metrics.log'));
  recorder.start();
  clock.advance(3000);
  t.is(failures.length, 1);
  t.regex(String(failures[0]), /cannot write .*metrics\.log/);
  await rm(join(outputDir, 'metrics.log'), { recursive: true });
});
