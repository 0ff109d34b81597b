import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { Summary } from '../../src/report/summary.js';
import { writeExperiment } from '../support/experiment-files.js';
import { gumby } from '../support/gumby-cli.js';

const MODULE = `
import { experimentCallback, ExperimentModule, staticModule } from 'gumby';

@staticModule
export class MeasuringModule extends ExperimentModule {
  readonly #pings = this.experiment.statistics.counter('pings', { unit: 'pings', description: 'Pings that were sent' });
  readonly #known = this.experiment.statistics.gauge('known-peers', { unit: 'peers' });
  readonly #answer = this.experiment.statistics.histogram('answer-time', { unit: 'ms', description: 'Time to an answer' });

  @experimentCallback
  measure(): void {
    const { myId, statistics } = this.experiment;
    this.#pings.add(10 * myId);
    this.#known.set(myId);
    for (let value = 1; value <= 100; value++) this.#answer.record(value * myId);
    statistics.event('measured', { by: myId });
    // The buffer of the log is not written at once any more.
    for (let count = 0; count < 5; count++) this.experiment.statisticsLog.write('last', { count, text: 'x' });
  }

  @experimentCallback
  exit(): void {
    process.exit(3);
  }

  @experimentCallback
  crash(): void {
    setImmediate(() => {
      throw new Error('crashed on purpose');
    });
  }

  @experimentCallback
  hang(): void {
    for (;;);
  }

  @experimentCallback
  fill(): void {
    const all: unknown[] = [];
    for (;;) all.push(new Array(1000).fill(all.length));
  }
}
`;

test('however an instance ends, what it measured is in its log and in the report', async (t) => {
  const written = await writeExperiment(t, {
    conf: 'instances = 5\ninstance_memory = 32',
    module: MODULE,
    scenario: [
      '&module test_module.MeasuringModule',
      '@1 measure',
      '@1.1 exit {2}',
      '@1.1 crash {3}',
      '@1.1 fill {4}',
      '@1.1 hang {5}',
      '@2.5 stop {1}',
    ].join('\n'),
  });
  const { exitCode, stdout } = await gumby(['run', written.conf, '--set', 'experiment_time=4'], {
    cwd: written.directory,
    env: { GUMBY_REPORT: 'tables' },
  });
  t.not(exitCode, 0, stdout);
  for (let id = 1; id <= 5; id++) {
    const log = await readFile(join(written.output, String(id), 'statistics.log'), 'utf8');
    const lines = log.split('\n').slice(0, -1);
    t.true(
      lines.every((line) => new RegExp(`^\\d+\\.\\d{3} ${id} [\\w-]+ .*$`).test(line)),
      log,
    );
    t.is(lines.filter((line) => / last /.test(line)).length, 5, `instance ${id}`);
    t.is(new Set(lines).size, lines.length, log);
    // A thread that is ended in the middle of something has no last word: the last second of its histograms is lost.
    t.is(lines.filter((line) => / metrics /.test(line)).length, id <= 3 ? 1 : 0, `instance ${id}`);
  }
  const summary = JSON.parse(await readFile(join(written.output, 'summary.json'), 'utf8')) as Summary;
  t.like(summary.series['pings'], { title: 'pings', unit: 'pings/s', description: 'Pings that were sent' });
  t.like(summary.series['known-peers'], { unit: 'peers', last: { count: 5, min: 1, max: 5 } });
  t.like(summary.distributions['answer-time-distribution'], {
    title: 'answer-time: all values',
    unit: 'ms',
    count: 300,
  });
  const { min = 0, max = 0 } = summary.distributions['answer-time-distribution'] ?? {};
  t.true(Math.abs(min - 1) <= 0.01 && Math.abs(max - 300) <= 3);
  const events = await readFile(join(written.output, 'data/events.csv'), 'utf8');
  t.is(events.split('\n').filter((line) => line.includes('measured')).length, 5);
  t.regex(events, /^1\.0\d*,1,measured,"\{""by"":1\}"$/m);
});
