import { execFileSync } from 'node:child_process';
import { appendFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { writeExperiment } from '../support/experiment-files.js';
import { gumby } from '../support/gumby-cli.js';

/** Far more than an answer takes, and far less than for ever. */
const options = (cwd: string) => ({ cwd, timeout: 90_000, env: { GUMBY_REPORT: 'none' } });

const COMMANDS = [['check'], ['run'], ['timeline', '--peer', '1'], ['commands']] as const;

for (const command of COMMANDS)
  test(`gumby ${command[0]} names what is no regular file, and ends`, async (t) => {
    const { directory } = await writeExperiment(t, {
      files: {
        'in-scenario.conf': 'experiment_name = x\ninstances = 1\nscenario_file = pipe\n',
        'in-include.conf': 'experiment_name = x\ninstances = 1\nscenario_file = include.scenario\n',
        'include.scenario': '&include pipe\n&include /dev/zero\n@0 stop\n',
        'in-module.conf': 'experiment_name = x\ninstances = 1\nscenario_file = module.scenario\n',
        'module.scenario': '&module ./pipe_module.ts\n&module ./importing_module.ts\n@0 stop\n',
        'importing_module.ts': "import './imported.js';\n",
      },
    });
    for (const name of ['pipe', 'pipe_module.ts']) execFileSync('mkfifo', [join(directory, name)]);
    await symlink('/dev/zero', join(directory, 'imported.js'));
    for (const [file, ...messages] of [
      ['pipe', /^pipe: error: the configuration cannot be read: it is no regular file$/m],
      ['/dev/zero', /^\/dev\/zero: error: the configuration cannot be read: it is no regular file$/m],
      ['in-scenario.conf', /^pipe: error: the scenario cannot be read: it is no regular file$/m],
      [
        'in-include.conf',
        /^include\.scenario:1:10: error: the file "pipe" cannot be included: .*\/pipe: it is no regular file$/m,
        /^include\.scenario:2:10: error: the file "\/dev\/zero" cannot be included: .*: it is no regular file$/m,
      ],
      [
        'in-module.conf',
        /^module\.scenario:1:9: error: the module file .*\/pipe_module\.ts cannot be read: it is no regular file$/m,
        /^module\.scenario:2:9: error: .*\/dev\/zero cannot be read: it is no regular file$/m,
      ],
    ] as const) {
      const { exitCode, stderr } = await gumby([...command, file], options(directory));
      t.is(exitCode, 2, `${file}: ${stderr}`);
      for (const message of messages) t.regex(stderr, message);
    }
  });

test('a stray binary file is called one, in one line', async (t) => {
  const { directory } = await writeExperiment(t, {});
  for (const name of ['program.conf', 'program.scenario'])
    await writeFile(join(directory, name), Buffer.alloc(100_000, Buffer.of(0x7f, 0x45, 0, 0xff, 0x0a)));
  for (const [name, what] of [
    ['program.conf', 'configuration'],
    ['program.scenario', 'scenario'],
  ] as const) {
    const { exitCode, stderr, stdout } = await gumby(['check', name], options(directory));
    t.is(exitCode, 2);
    t.is(stderr.split('\n')[0], `${name}: error: the ${what} cannot be read: it is a binary file, no text`);
    t.regex(stdout, /1 error/);
  }
});

test('report and compare name what is no regular file in the output of a run, and end', async (t) => {
  const { directory, conf } = await writeExperiment(t, { scenario: '@0 annotate here\n@1.1 stop' });
  t.is((await gumby(['run', conf], options(directory))).exitCode, 0);
  for (const name of ['1/statistics.log', 'timeline.jsonl', 'resources.csv', 'metrics.log', 'run.json']) {
    const file = join(directory, 'output', name);
    await appendFile(file, '');
    execFileSync('mv', [file, join(directory, 'kept')]);
    for (const make of [() => symlink('/dev/zero', file), () => execFileSync('mkfifo', [file])]) {
      await make();
      for (const command of [
        ['report', 'output', '--no-graphs'],
        ['compare', 'a=output', 'b=output', '--no-page'],
      ]) {
        const { exitCode, stderr } = await gumby(command, options(directory));
        t.is(exitCode, 2, `${command[0]} ${name}: ${stderr}`);
        t.true(stderr.includes(`output/${name} cannot be read: it is no regular file`), stderr);
      }
      await rm(file);
    }
    execFileSync('mv', [join(directory, 'kept'), file]);
  }
  t.is((await gumby(['report', 'output', '--no-graphs'], options(directory))).exitCode, 0, 'all is there again');
});

test("an experiment's own graphs that are no regular files spoil nothing else of the report", async (t) => {
  const { directory, conf } = await writeExperiment(t, { scenario: '@1.1 stop' });
  t.is((await gumby(['run', conf], options(directory))).exitCode, 0);
  for (const name of ['graphs.json', 'graphs.ts']) execFileSync('mkfifo', [join(directory, name)]);
  const { exitCode, stderr, stdout } = await gumby(['report', 'output'], options(directory));
  t.is(exitCode, 1);
  t.regex(stderr, /graphs\.json: cannot be read: it is no regular file/);
  t.regex(stderr, /graphs\.ts: [^]*graphs\.ts cannot be read: it is no regular file/);
  t.regex(stdout, /report\.html/);
});
