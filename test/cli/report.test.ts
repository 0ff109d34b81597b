import { appendFile, cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Summary } from '../../src/report/summary.js';
import { writeExperiment } from '../support/experiment-files.js';
import { gumby, REPOSITORY, startGumby } from '../support/gumby-cli.js';
import { processesWith } from '../support/processes.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const MODULE = `
import { type Experiment, experimentCallback, ExperimentModule, integer, staticModule } from 'gumby';

@staticModule
export class CountingModule extends ExperimentModule {
  constructor(experiment: Experiment) {
    super(experiment);
    experiment.statisticsLog.write('peertype', experiment.myId === 1 ? 'first' : 'other');
  }

  @experimentCallback({ parameters: [integer('number')] })
  count(number: number): void {
    this.experiment.statisticsLog.write('counted', { total: number * this.myId, text: 'no number' });
  }

  @experimentCallback
  crash(): void {
    setImmediate(() => {
      throw new Error('crashed on purpose');
    });
  }
}
`;

async function summaryIn(output: string): Promise<Summary> {
  return JSON.parse(await readFile(join(output, 'summary.json'), 'utf8')) as Summary;
}

async function run(t: ExecutionContext, scenario: string) {
  const written = await writeExperiment(t, { conf: 'instances = 3', module: MODULE, scenario });
  const ran = await gumby(['run', written.conf], { cwd: written.directory, env: { GUMBY_REPORT: 'all' } });
  return { ...written, ...ran };
}

test('a run ends with tables, graphs and a summary; a copy of its output can be reported on again', async (t) => {
  const { exitCode, stdout, output } = await run(
    t,
    '&module test_module.CountingModule\n@1 count 5\n@6 count 7\n@6 annotate half-time\n@11 stop',
  );
  t.is(exitCode, 0, stdout);
  t.regex(stdout, /^ {2}summary {4}output\/summary\.json$/m);
  t.regex(stdout, /^ {2}report {5}output\/report\.html$/m);
  t.regex(stdout, /^ {4}memory, at most +\d[\d.,]* MB$/m);
  t.regex(stdout, /^ {2}graphs {5}\d+ in output\/graphs$/m);
  const read = (name: string) => readFile(join(output, name), 'utf8');
  t.is(
    await read('data/counted-total.csv'),
    `time,1,2,3\n0,,,\n${[1, 2, 3, 4, 5].map((second) => `${second},5,10,15\n`).join('')}6,7,14,21\n7,,,\n8,,,\n9,,,\n10,,,\n11,,,\n`,
  );
  t.regex(
    await read('data/counted-total.tidy.csv'),
    /^time,line,type,value\n1,1,first,5\n2,1,first,5\n[^]*6,1,first,7\n1,2,other,10\n/,
  );
  t.regex(await read('data/annotations.csv'), /^time,annotation\n6(?:\.\d+)?,half-time\n$/);
  t.is(await read('data/peer_types.csv'), 'instance,type\n1,first\n2,other\n3,other\n');
  const summary = await summaryIn(output);
  t.deepEqual(summary.series['counted-total']?.last, { count: 3, min: 7, median: 14, p95: 21, p99: 21, max: 21 });
  t.true((summary.series['process-memory']?.all?.min ?? 0) > 10);
  t.is(summary.run.outcome, 'succeeded');
  t.deepEqual(summary.notes, []);
  t.true((await read('graphs/counted-total.svg')).includes('half-time'));
  for (const name of Object.keys(summary.series))
    for (const extension of ['svg', 'graph.json']) t.true((await read(`graphs/${name}.${extension}`)).length > 0);

  t.false((await readdir(join(output, 'graphs'))).some((name) => name.endsWith('.png')));

  const copy = join(await temporaryDirectory(t), 'copy of it');
  await cp(output, copy, { recursive: true });
  for (const name of ['data', 'graphs', 'summary.json']) await rm(join(copy, name), { recursive: true });
  const again = await gumby(['report', copy, '--no-graphs', '--json']);
  t.is(again.exitCode, 0, again.stderr);
  t.deepEqual(JSON.parse(again.stdout), summary);
  t.is(await readFile(join(copy, 'data/counted-total.csv'), 'utf8'), await read('data/counted-total.csv'));
  t.false((await readdir(copy)).includes('graphs'));
});

test('an instance that crashed, damaged logs and what is missing cost only themselves, and are noted', async (t) => {
  const { exitCode, output, directory } = await run(
    t,
    '&module test_module.CountingModule\n@1 count 5\n@2 crash {2}\n@6 count 7\n@7 stop',
  );
  t.is(exitCode, 1);
  await appendFile(join(output, '1/statistics.log'), 'garbage\n1795000000.5 1 cut {"total": 12');
  await appendFile(join(output, 'resources.csv'), '1795499423.0,1,0.0');
  await rm(join(output, 'process.csv'));
  const { exitCode: reported, stdout } = await gumby(['report', 'output', '--no-graphs'], { cwd: directory });
  t.is(reported, 0);
  const { notes, series, run: facts } = await summaryIn(output);
  t.deepEqual([...notes].sort(), [
    '1/statistics.log: 2 damaged lines left out',
    'resources.csv: 1 damaged line left out',
    'there is no process.csv: nothing in it is shown',
  ]);
  t.true(stdout.includes('1/statistics.log: 2 damaged lines left out'));
  t.deepEqual(series['counted-total']?.last, { count: 3, min: 7, median: 10, p95: 21, p99: 21, max: 21 });
  t.is(facts.outcome, 'failed');
  t.true(facts.failures.some(({ message }) => message.includes('crashed on purpose')));
  t.false('process-memory' in series);
});

test('a run that was killed has died, and is reported on as far as it came; one that goes on still goes on', async (t) => {
  const mark = `gumby-mark-${process.pid}-killed`;
  const { directory, conf, output } = await writeExperiment(t, {
    conf: 'instances = 2\nsync_experiment_start_delay = 0',
    module: MODULE,
    scenario: '&module test_module.CountingModule\n@0 count 5\n@90 stop',
  });
  const guard = `process_guard.py -c launch_scenario.py -c launch_scenario.py -c "sleep 65; : ${mark}"`;
  await appendFile(conf, `experiment_time = 95\nlocal_instance_cmd = '${guard}'\n`);
  const running = startGumby(['run', conf], { cwd: directory });
  // Two rows: something was measured after GO.
  const measured = async () =>
    (await readFile(join(output, 'process.csv'), 'utf8').catch(() => '')).split('\n').length > 3;
  const begun = async () => 'goAt' in (JSON.parse(await readFile(join(output, 'run.json'), 'utf8')) as object);
  while (!(await measured()) || !(await begun())) await new Promise((resolve) => setTimeout(resolve, 50));
  const live = await gumby(['report', output, '--no-graphs'], { cwd: directory });
  t.is(live.exitCode, 0, live.stderr);
  t.regex(
    live.stdout,
    new RegExp(
      `^  run        the run still goes on, as process ${running.pid}: this is how far it has come; it last wrote`,
      'm',
    ),
  );
  t.is((await summaryIn(output)).run.outcome, 'running');

  running.kill('SIGKILL');
  await running;
  const died = await gumby(['report', output, '--no-graphs'], { cwd: directory });
  t.is(died.exitCode, 0, died.stderr);
  t.regex(
    died.stdout,
    new RegExp(
      `^  run        the run died: its process ${running.pid} is gone, .*; it last wrote at \\S+Z, \\d+\\.\\d s after GO$`,
      'm',
    ),
  );
  const { run, series, notes } = await summaryIn(output);
  t.is(run.outcome, 'died');
  t.false(
    notes.some((note) => note.includes('never')),
    notes.join(),
  );
  t.true((series['process-memory']?.all?.min ?? 0) > 10);
  while ((await processesWith(mark)).length > 0) await new Promise((resolve) => setTimeout(resolve, 50));

  // The next run takes over from it, and keeps what it left.
  await writeFile(conf, (await readFile(conf, 'utf8')).replace(/^local_instance_cmd.*$/m, ''));
  await writeFile(join(directory, 'test.scenario'), '@0 stop\n');
  const next = await gumby(['run', conf], { cwd: directory });
  t.is(next.exitCode, 0, next.stderr);
  const kept = await gumby(['report', 'output.1', '--no-graphs', '--json'], { cwd: directory });
  t.is((JSON.parse(kept.stdout) as Summary).run.outcome, 'died');
});

test('what is no output of a run is refused, and nothing is written there', async (t) => {
  const directory = await temporaryDirectory(t);
  for (const [content, message] of [
    [undefined, /holds no output of a run: .*run\.json cannot be read/],
    ['{}', /is not the record of a run/],
    ['{ "experimentName"', /cannot be read as JSON/],
  ] as const) {
    if (content !== undefined) await writeFile(join(directory, 'run.json'), content);
    const { exitCode, stderr } = await gumby(['report', directory]);
    t.is(exitCode, 2);
    t.regex(stderr, message);
  }
  t.deepEqual(await readdir(directory), ['run.json']);
});

test('the overlay of a run, and what it said, is in its report', async (t) => {
  const output = join(await temporaryDirectory(t), 'output');
  const scenario = join(await temporaryDirectory(t), 'short.scenario');
  const source = await readFile(join(REPOSITORY, 'experiments/ping_pong/ping_pong.scenario'), 'utf8');
  await writeFile(scenario, source.replace('@4-14', '@3-5').replace(/@1([5678])/g, '@$1.5'));
  const set = ['--set', 'instances=6', '--set', `scenario_file=${scenario}`, '--set', 'report=tables'];
  const ran = await gumby(['run', 'experiments/ping_pong/ping_pong.conf', '--output', output, ...set], {
    cwd: REPOSITORY,
    env: { GUMBY_REPORT: undefined },
  });
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  const { overlays, series, distributions } = await summaryIn(output);
  const [overlay] = overlays;
  t.like(overlay, { community: 'PingPongCommunity', nodes: 6 });
  t.true(overlay !== undefined && overlay.edges > 0 && overlay.edges <= 30);
  t.true((series['messages-received']?.all?.max ?? 0) > 0);
  t.is(distributions['ping-pong-community-walked-at-the-end']?.count, 6);
  const header = (await readFile(join(output, 'data/messages-sent.csv'), 'utf8')).split('\n')[0] ?? '';
  for (const name of ['ping', 'pong', 'introduction-request']) t.true(header.split(',').includes(name), name);
});
