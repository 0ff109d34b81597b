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

const CLASHING = `
import { experimentCallback, ExperimentModule, staticModule } from 'gumby';

@staticModule
export class ClashingModule extends ExperimentModule {
  @experimentCallback
  measure(): void {
    const { statistics } = this.experiment;
    statistics.counter('messages-received', { unit: 'of mine' }).add(7);
    for (let value = 1; value <= 10; value++) statistics.histogram('datagrams-up').record(value);
    statistics.gauge('constructor').set(this.myId);
    this.experiment.statisticsLog.write('__proto__', { __proto__: null, ['__proto__']: 5, messages: 6 });
  }
}
`;

test('what is measured stands at its second whenever the run ends, apart from what is ours, whatever it is called', async (t) => {
  const written = await writeExperiment(t, {
    conf: 'instances = 2\nmonitor_interval = 5',
    module: CLASHING,
    scenario: '&module test_module.ClashingModule\n@1.2 measure\n@4.5 stop',
  });
  const ran = await gumby(['run', written.conf], { cwd: written.directory, env: { GUMBY_REPORT: 'all' } });
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  const table = async (name: string) => (await readFile(join(written.output, `data/${name}.csv`), 'utf8')).split('\n');
  const [, ...seconds] = (await table('datagrams-up-max')).slice(0, 5);
  t.regex(seconds.join('\n'), /^0,,\n1,10[.\d]*,10[.\d]*\n2,,\n3,,$/);
  t.deepEqual((await table('constructor')).slice(0, 5), ['time,1,2', '0,,', '1,1,2', '2,1,2', '3,1,2']);
  const summary = JSON.parse(await readFile(join(written.output, 'summary.json'), 'utf8')) as Summary;
  t.is(summary.series['experiment-messages-received']?.unit, 'of mine/s');
  for (const name of ['messages-received', 'messages-missing']) t.false(Object.hasOwn(summary.series, name), name);
  t.is(summary.series['datagrams-up']?.unit, '1/s');
  t.is(summary.series['proto-messages']?.last?.max, 6);
  t.deepEqual(
    summary.notes.filter((note) => !note.includes('there is no data')),
    [],
  );
  for (const name of ['constructor', 'experiment-messages-received', 'datagrams-up', 'proto-messages'])
    t.true((await readFile(join(written.output, `graphs/${name}.svg`), 'utf8')).length > 1000, name);
});

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
  t.regex(events, /^1(?:\.\d+)?,1,measured,"\{""by"":1\}"$/m);
});
