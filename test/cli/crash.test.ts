import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { RunResult } from '../../src/output/record/run-result.js';
import { writeExperiment } from '../support/experiment-files.js';
import { gumby } from '../support/gumby-cli.js';

/** Counts in memory and in a file, and tells others each time. */
const MODULE = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type Address, experimentCallback, ExperimentModule, staticModule } from 'gumby';

@staticModule
export class CountModule extends ExperimentModule {
  #inMemory = 0;
  readonly #counter = this.experiment.statistics.counter('counted');

  override onModuleLoad(): void {
    console.log('life begins');
    this.experiment.endpoint.onPacket((_source, packet) => console.log('got ' + packet.toString()));
  }

  override onAllVarsReceived(): void {
    console.log('knows ' + Object.keys(this.allVars).length);
  }

  @experimentCallback
  count(): void {
    const file = this.experiment.outputPath('count.txt');
    const inFile = (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0) + 1;
    writeFileSync(file, String(inFile));
    this.#inMemory++;
    this.#counter.add(1);
    console.log('memory ' + this.#inMemory + ' file ' + inFile);
    const { host, port } = this.allVars[1 + (this.myId % 2)] as unknown as Address;
    this.experiment.endpoint.send({ host, port }, Buffer.from('from ' + this.myId));
  }

  /** Never ends by itself. */
  @experimentCallback
  async wait(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 1e8));
  }
}
`;

const SCENARIO = [
  '&module test_module.CountModule',
  '@0.5 count {2}',
  '@0.6 wait {2}',
  '@1 crash {2}',
  '@1.5 count {1,2}',
  '@2 restart {2}',
  '@4 count {2}',
  '@4.5 crash {2}',
  '@4.7 restart files=lost {2}',
  '@7 count {1,2}',
  '@8 stop',
].join('\n');

/** What instance 2 prints: it knows everyone in each life, and finds its file again unless the file is lost. */
const PRINTED = [
  ...['life begins', 'knows 2', 'memory 1 file 1'],
  ...['life begins', 'knows 2', 'memory 1 file 2'],
  ...['life begins', 'knows 2', 'memory 1 file 1', 'got from 1'],
];

async function runCrashing(t: ExecutionContext, scenario: string, ...set: readonly string[]) {
  const { conf, directory, output } = await writeExperiment(t, { conf: 'instances = 2', module: MODULE, scenario });
  const options = ['seed=1', ...set].flatMap((each) => ['--set', each]);
  const ran = await gumby(['run', conf, ...options], { cwd: directory });
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  const result = JSON.parse(await readFile(join(output, 'run.json'), 'utf8')) as RunResult;
  const printed = (await readFile(join(output, '00002.out'), 'utf8')).trim().split('\n');
  return { output, ran, result, printed };
}

for (const set of [
  ['clock=virtual', 'instances_per_worker=2'],
  ['clock=virtual', 'instances_per_worker=1'],
  ['instances_per_worker=1'],
  ['instances_per_worker=2'],
])
  test.serial(`an instance crashes and comes back, with its files and without them (${set.join(', ')})`, async (t) => {
    const { output, ran, result, printed } = await runCrashing(t, SCENARIO, ...set);
    // In real time nobody knows whether a packet finds its receiver started.
    const isSure = (line: string) => set.includes('clock=virtual') || !line.startsWith('got');
    t.deepEqual(printed.filter(isSure), PRINTED.filter(isSure));
    t.is(await readFile(join(output, '2/count.txt'), 'utf8'), '1');
    t.is(await readFile(join(output, '2/before-restart-1/count.txt'), 'utf8'), '2');
    t.deepEqual(
      result.unfinished.map(({ instance, command, dueS, fate }) => [instance, command, dueS, fate]),
      [
        [2, 'wait', 0.6, 'lost'],
        [2, 'count', 1.5, 'not-told'],
      ],
    );
    t.is(result.commands.done, 7);
    t.deepEqual(result.failures, []);
    t.deepEqual(
      result.instances.map(({ state }) => state),
      ['stopped', 'stopped'],
    );
    t.regex(ran.stdout, /"count", due at 1\.5 s, came after the end of the instance/);
    // Three lives with one count each.
    const log = await readFile(join(output, 'metrics.log'), 'utf8');
    const counts = [...log.matchAll(/ 2 metrics \{"counted": ?(\d+)\}/g)].map(([, value]) => Number(value));
    t.is(counts.filter((value) => value === 1).length, 3, log);
  });

test('in virtual time an instance comes back at its moment, in the same way in every run', async (t) => {
  const runs = [];
  for (const perWorker of [2, 2, 1]) {
    const set = ['clock=virtual', 'trace=on', `instances_per_worker=${perWorker}`, 'report=none'];
    const { output, printed } = await runCrashing(t, SCENARIO, ...set);
    t.deepEqual(printed, PRINTED);
    runs.push(await readFile(join(output, 'trace.csv'), 'utf8'));
  }
  t.is(runs[0], runs[1]);
  t.is(runs[0], runs[2]);
});

test('all may crash at once, and time passes until they come back', async (t) => {
  const scenario = '&module test_module.CountModule\n@1 crash\n@5-6 restart\n@7 count\n@8 stop';
  const { printed, result } = await runCrashing(t, scenario, 'clock=virtual');
  t.deepEqual(printed.slice(0, 5), ['life begins', 'knows 2', 'life begins', 'knows 2', 'memory 1 file 1']);
  t.is(result.commands.done, 4);
  t.is(result.commands.unfinished, 0);
});

test('an instance that crashes for good is over, and no failure', async (t) => {
  const scenario = '&module test_module.CountModule\n@1 crash {2}\n@2 count\n@3 stop';
  for (const set of [['clock=virtual'], ['instances_per_worker=2']]) {
    const { ran, result } = await runCrashing(t, scenario, ...set);
    t.false(ran.stdout.includes('no "stop" ever reaches'), ran.stdout);
    t.deepEqual(
      result.instances.map(({ state }) => state),
      ['stopped', 'crashed'],
    );
    t.deepEqual(
      result.unfinished.map(({ instance, command, fate }) => [instance, command, fate]),
      [[2, 'count', 'not-told']],
    );
  }
});

for (const [line, message] of [
  ['@1 restart {1}', /:1:\d+.*instance 1 has not crashed when it is to be started again at 1 s/],
  ['@1 crash {1}\n@2 crash {1}', /:2:\d+.*instance 1 has crashed before, and was not started again/],
  ['@1 crash {1}\n@2 restart files=gone {1}', /:2:\d+.*files is "gone"/],
  ['@1 crash now {1}', /crash has too many arguments/],
  ['@1 crsh {1}', /unknown command "crsh": did you mean "crash"\?/],
] as const)
  test(`an error before anything starts: ${line.replaceAll('\n', ', ')}`, async (t) => {
    const { conf, directory } = await writeExperiment(t, { conf: 'instances = 2', scenario: `${line}\n@9 stop` });
    const checked = await gumby(['check', conf], { cwd: directory });
    t.is(checked.exitCode, 2);
    t.regex(checked.stdout + checked.stderr, message);
  });

test('nobody can come back without the experiment server', async (t) => {
  const { conf, directory } = await writeExperiment(t, {
    conf: 'instances = 2\nexperiment_server_cmd = ',
    scenario: '@1 crash\n@9 stop',
  });
  const checked = await gumby(['check', conf], { cwd: directory });
  t.is(checked.exitCode, 2);
  t.regex(checked.stdout + checked.stderr, /"crash" needs the experiment server/);
  t.false((await readdir(directory)).includes('output'));
});
