import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { RunResult } from '../../src/output/record/run-result.js';
import { writeExperiment } from '../support/experiment-files.js';
import { gumby, REPOSITORY, startGumby } from '../support/gumby-cli.js';

const HELLO_MODULE = `
import { ExperimentModule, experimentCallback, staticModule, integer, choice } from 'gumby';

@staticModule
export class HelloModule extends ExperimentModule {
  override onIdReceived() { this.vars['colour'] = this.myId % 2 === 0 ? 'even' : 'odd'; }
  override onAllVarsReceived() { console.log('sees', Object.keys(this.allVars).length, this.allVars[2]?.['colour']); }
  @experimentCallback hello() { console.log('Hello human!'); }
  @experimentCallback() extendedHello(repetitions: string, separator = ' ') {
    console.log(Array(Number(repetitions)).fill('Hello human!').join(separator));
  }
  @experimentCallback('sum') add(...numbers: string[]) { console.log(numbers.map(Number).reduce((a, b) => a + b, 0)); }
  @experimentCallback({ parameters: [integer('count', { min: 1, default: 3 }), choice('mode', ['up', 'down'])] })
  typed(count: number, mode: 'up' | 'down') { console.log(typeof count, count + 1, mode); }
}
`;

test('an experiment runs from three files, and each instance does what the scenario says', async (t) => {
  const { directory, conf, output } = await writeExperiment(t, {
    conf: 'instances = 3\nsync_experiment_start_delay = 0.1',
    module: HELLO_MODULE,
    scenario: [
      '&module ./test_module.ts#HelloModule',
      '@! echo begin',
      '@0 hello',
      '@0.1 extended_hello 2 separator=- {3}',
      '@0.1 extendedHello 2 {2}',
      '@0.2 sum 1 2 3 {1}',
      '@0.2 typed mode=up {1}',
      '@0.2 annotate "start it"',
      '@0.3 stop',
    ].join('\n'),
  });
  const result = await gumby(['run', conf, '--seed', '7'], { cwd: directory });
  t.is(result.exitCode, 0, result.stdout + result.stderr);
  t.is(await text(output, '00001.out'), 'sees 3 even\n1 ECHO begin\nHello human!\n6\nnumber 4 up\n');
  t.is(await text(output, '00002.out'), 'sees 3 even\n2 ECHO begin\nHello human!\nHello human! Hello human!\n');
  t.is(await text(output, '00003.out'), 'sees 3 even\n3 ECHO begin\nHello human!\nHello human!-Hello human!\n');
  t.regex(await text(output, '3/statistics.log'), /^\d+\.\d{3} 3 annotate start it\n$/);
  t.regex(await text(output, '3/annotations.csv'), /^0\.[2-9]\d{5},start it\n$/);
  for (const id of [1, 2, 3]) t.is(await text(output, `0000${id}.err`), '');
  const record = JSON.parse(await text(output, 'run.json')) as RunResult & {
    config: { options: Record<string, string> };
  };
  t.is(record.outcome, 'succeeded');
  t.is(record.seed, '7');
  t.deepEqual(record.commands, { total: 16, done: 16, failed: 0, unfinished: 0 });
  t.deepEqual(
    record.instances.map(({ id, state }) => [id, state]),
    [
      [1, 'stopped'],
      [2, 'stopped'],
      [3, 'stopped'],
    ],
  );
  t.is(record.config.options['EXPERIMENT_NAME'], 'test');
});

test('--json prints the result as one object on standard output, and nothing else there', async (t) => {
  const { directory, conf } = await writeExperiment(t, {});
  const result = await gumby(['run', conf, '--json'], { cwd: directory });
  t.is(result.exitCode, 0);
  t.is(result.stdout.split('\n').length, 1);
  t.is((JSON.parse(result.stdout) as RunResult).outcome, 'succeeded');
  t.regex(result.stderr, /succeeded/);
});

test('--quiet says nothing of a run that goes well', async (t) => {
  const { directory, conf } = await writeExperiment(t, {});
  const result = await gumby(['run', conf, '--quiet'], { cwd: directory });
  t.like(result, { exitCode: 0, stdout: '', stderr: '' });
});

test('--set is stronger than the environment, which is stronger than the file', async (t) => {
  const { directory, conf } = await writeExperiment(t, {
    conf: 'instances = 1',
    scenario: '@0 echo $MINE\n@0.05 stop',
  });
  const read = async (args: string[], env: Record<string, string>) => {
    await gumby(['run', conf, '--quiet', ...args], { cwd: directory, env });
    return text(join(directory, 'output'), '00001.out');
  };
  await writeFile(conf, 'experiment_name = test\nscenario_file = test.scenario\ninstances = 1\nmine = file\n');
  t.is(await read([], {}), '1 ECHO file\n');
  t.is(await read([], { GUMBY_MINE: 'environment' }), '1 ECHO environment\n');
  t.is(await read(['--set', 'mine=set'], { GUMBY_MINE: 'environment' }), '1 ECHO set\n');
});

test('every earlier output is kept beside the new one, and from the sixth on it is said how many there are', async (t) => {
  const { directory, conf } = await writeExperiment(t, {});
  const run = () => gumby(['run', conf], { cwd: directory });
  for (let count = 0; count < 6; count++) t.is((await run()).exitCode, 0);
  const { stdout } = await run();
  t.regex(
    stdout,
    /^the earlier output is now in .*output\.1; 6 earlier outputs are kept, remove those that nobody needs$/m,
  );
  const outputs = (await readdir(directory)).filter((name) => name.startsWith('output')).sort();
  t.deepEqual(outputs, ['output', ...[1, 2, 3, 4, 5, 6].map((number) => `output.${number}`)]);
  for (const output of outputs) t.deepEqual((await readdir(join(directory, output))).filter(isScratch), [], output);
});

/** Files that a run has only while it goes on. */
function isScratch(name: string): boolean {
  return name.startsWith('run.') && name !== 'run.json';
}

test('of runs that are started at once into one directory one goes on, and the others are refused', async (t) => {
  const { directory, conf, output } = await writeExperiment(t, {
    conf: 'instances = 2\nsync_experiment_start_delay = 0',
    scenario: '@0 echo $MARK\n@90 stop',
  });
  await mkdir(output);
  await writeFile(join(output, 'run.json'), '{}');
  const marks = ['one', 'two', 'three'];
  const runs = marks.map((mark) => startGumby(['run', conf, '--set', `mark=${mark}`], { cwd: directory }));
  const refused: string[] = [];
  // The one that goes on ends only when the others have.
  const ended = runs.map(async (run) => {
    const { exitCode, stderr } = await run;
    if (exitCode === 2) refused.push(String(stderr));
    if (refused.length === marks.length - 1) for (const other of runs) other.kill('SIGINT');
    return exitCode;
  });
  const exitCodes = await Promise.all(ended);
  t.deepEqual(exitCodes.toSorted(), [130, 2, 2]);
  for (const stderr of refused)
    t.regex(
      stderr,
      /^error: will not write into .*output: another run \(process \d+\) has been writing into it since \d{4}-.*Z; wait for its end/m,
    );
  const record = JSON.parse(await text(output, 'run.json')) as RunResult & {
    config: { options: Record<string, string> };
  };
  t.is(record.outcome, 'interrupted');
  t.is(record.config.options['MARK'], marks[exitCodes.indexOf(130)]);
  t.deepEqual((await readdir(directory)).filter((name) => name.startsWith('output')).sort(), ['output', 'output.1']);
  t.deepEqual(await readdir(join(directory, 'output.1')), ['run.json']);
});

test('the directory is kept for the run until its report is made', async (t) => {
  const { directory, conf } = await writeExperiment(t, {});
  const graphs = `import { spawnSync } from 'node:child_process';
    export const graphs = () => {
      const args = [${JSON.stringify(join(REPOSITORY, 'dist/cli.js'))}, 'run', ${JSON.stringify(conf)}];
      const { status, stderr } = spawnSync(process.execPath, args, { cwd: ${JSON.stringify(directory)} });
      throw new Error('the second run ended with ' + status + ': ' + stderr);
    };`;
  await writeFile(join(directory, 'graphs.ts'), graphs);
  const { stderr } = await gumby(['run', conf], { cwd: directory, env: { GUMBY_REPORT: 'all' } });
  t.regex(stderr, /the second run ended with 2: error: will not write into .*output: another run/);
  t.false((await readdir(directory)).includes('output.1'));
});

test('a directory in which nothing can be made ends the command at once, with what is in the way', async (t) => {
  const { directory, conf } = await writeExperiment(t, {});
  const { exitCode, stderr } = await gumby(['run', conf, '--output', '/dev/null/x'], {
    cwd: directory,
    timeout: 60_000,
  });
  t.is(exitCode, 2);
  t.regex(stderr, /cannot prepare the output directory \/dev\/null\/x: \/dev\/null is not a directory; choose another/);
  if (process.platform !== 'linux') return;
  const inProc = await gumby(['run', conf, '--output', '/proc/x'], { cwd: directory });
  t.is(inProc.exitCode, 2);
  t.regex(
    inProc.stderr,
    /cannot prepare the output directory \/proc\/x: nothing can be made in \/proc \(ENOENT.*choose another/,
  );
});

test('a directory that holds something else is refused, and nothing in it is touched', async (t) => {
  const { directory, conf } = await writeExperiment(t, {});
  await mkdir(join(directory, 'precious'));
  await writeFile(join(directory, 'precious/thesis.tex'), 'years of work');
  const result = await gumby(['run', conf, '--output', 'precious'], { cwd: directory });
  t.is(result.exitCode, 2);
  t.regex(result.stderr, /will not write into .*precious: it holds files of something else \(thesis\.tex\)/);
  t.deepEqual(await readdir(join(directory, 'precious')), ['thesis.tex']);
});

test('an output directory that cannot be made is an error that names it', async (t) => {
  const { directory, conf } = await writeExperiment(t, { files: { file: 'not a directory' } });
  const result = await gumby(['run', conf, '--output', 'file/output'], { cwd: directory });
  t.is(result.exitCode, 2);
  t.regex(result.stderr, /cannot prepare the output directory .*file\/output/);
});

test('errors of configuration, scenario and modules come together, and nothing is started', async (t) => {
  const { directory, conf } = await writeExperiment(t, {
    conf: 'instances = 2',
    module: HELLO_MODULE,
    scenario: '&module ./test_module.ts\n&module missing.file.ClassName\n@oops hello\n@1 hello {5-3}\n@1 stop',
  });
  const result = await gumby(['run', conf], { cwd: directory });
  t.is(result.exitCode, 2);
  t.regex(result.stderr, /test\.scenario:2:9: error: the module file is not there/);
  t.regex(result.stderr, /test\.scenario:3:1: error: "@oops" is no time/);
  t.regex(result.stderr, /test\.scenario:4:11: error: the range 5-3 has its ends swapped/);
  t.regex(result.stderr, /nothing was started: 3 errors/);
  t.false((await readdir(directory)).includes('output'));
});

test('the same seed gives the same moments in a window and the same server variables', async (t) => {
  const module = `
    import { ExperimentModule, experimentCallback, staticModule } from 'gumby';
    @staticModule export class SeedModule extends ExperimentModule {
      @experimentCallback show() { console.log(this.experiment.serverVars.global_random, this.experiment.random.float()); }
    }`;
  const { directory, conf, output } = await writeExperiment(t, {
    conf: 'instances = 2\nsync_experiment_start_delay = 0',
    module,
    scenario: '&module ./test_module.ts\n@0 show\n@0.1 stop',
  });
  const run = async (seed: string) => {
    await gumby(['run', conf, '--quiet', '--seed', seed], { cwd: directory });
    return [await text(output, '00001.out'), await text(output, '00002.out')];
  };
  const first = await run('a');
  t.deepEqual(await run('a'), first);
  t.notDeepEqual(await run('b'), first);
  const [one, two] = first.map((line) => line.trim().split(' '));
  t.is(one?.[0], two?.[0], 'the global random is the same for all');
  t.not(one?.[1], two?.[1], 'the own random differs');
});

test('without a server every instance starts as soon as it is ready', async (t) => {
  const { directory, conf, output } = await writeExperiment(t, {
    conf: 'instances = 3\nexperiment_server_cmd = ""',
    scenario: '@0 echo alone\n@0.1 stop',
  });
  const result = await gumby(['run', conf, '--json'], { cwd: directory });
  t.is(result.exitCode, 0, result.stderr);
  t.is(result.stderr.match(/^GO$/gm)?.length, 1);
  for (const id of [1, 2, 3]) t.is(await text(output, `0000${id}.out`), `${id} ECHO alone\n`);
});

async function text(directory: string, name: string): Promise<string> {
  return readFile(join(directory, name), 'utf8');
}
