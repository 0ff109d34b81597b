import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { isUnderNohup } from '../../src/cli/nohup.js';
import type { RunResult } from '../../src/output/record/run-result.js';
import { type ExperimentFiles, writeExperiment } from '../support/experiment-files.js';
import { appeared } from '../support/appeared.js';
import { REPOSITORY, startGumby } from '../support/gumby-cli.js';
import { processesWith } from '../support/processes.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** Each test marks the processes it starts, so that what survives it can be found. */
function marker(name: string): string {
  return `gumby-mark-${process.pid}-${name}`;
}

interface Interrupted {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly result: RunResult | undefined;
}

/** Runs until the output says `when`, sends the signals, and waits for the end. */
async function interrupt(
  t: ExecutionContext,
  files: ExperimentFiles,
  when: RegExp,
  signals: readonly NodeJS.Signals[],
): Promise<Interrupted> {
  const { directory, conf, output } = await writeExperiment(t, files);
  const child = startGumby(['run', conf], { cwd: directory });
  let seen = '';
  let sent = false;
  child.stdout?.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
    if (sent || !when.test(seen)) return;
    sent = true;
    void (async () => {
      for (const signal of signals) {
        child.kill(signal);
        await delay(300);
      }
    })();
  });
  const { exitCode, stdout } = await child;
  t.true(sent, `never saw ${when} in ${seen}`);
  const record = await readFile(join(output, 'run.json'), 'utf8').catch(() => undefined);
  return {
    exitCode,
    stdout: String(stdout),
    result: record === undefined ? undefined : (JSON.parse(record) as RunResult),
  };
}

const IDLE = { conf: 'instances = 3\nsync_experiment_start_delay = 0', scenario: '@60 stop' };

// SIGHUP: its terminal is gone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  test(`${signal} while the experiment runs ends it in order`, async (t) => {
    const { exitCode, result } = await interrupt(t, IDLE, /^GO$/m, [signal]);
    t.is(exitCode, 130);
    t.is(result?.outcome, 'interrupted');
    t.true(result?.instances.every(({ state }) => state === 'stopped'));
  });

test('SIGINT during local_setup_cmd ends the command with all its children', async (t) => {
  const mark = marker('setup');
  const files = { ...IDLE, conf: `${IDLE.conf}\nlocal_setup_cmd = "sh -c 'sleep 61 & sleep 62; : ${mark}'"` };
  const { exitCode, result } = await interrupt(t, files, /^set-up$/m, ['SIGINT']);
  t.is(exitCode, 130);
  t.is(result?.outcome, 'interrupted');
  t.deepEqual(await processesWith(mark), []);
});

test('SIGINT while instances start', async (t) => {
  const module = `import { ExperimentModule, staticModule } from 'gumby';
    @staticModule export class SlowModule extends ExperimentModule {
      override async onIdReceived() { if (this.myId === 3) await new Promise((resolve) => setTimeout(resolve, 20_000)); }
    }`;
  const files = { ...IDLE, module, scenario: '&module ./test_module.ts\n@60 stop' };
  const { exitCode, result } = await interrupt(t, files, /2 of 3 instances ready/, ['SIGINT']);
  t.is(exitCode, 130);
  t.is(result?.outcome, 'interrupted');
});

test('SIGINT while the start is awaited', async (t) => {
  const { exitCode, result } = await interrupt(
    t,
    { ...IDLE, conf: 'instances = 2\nsync_experiment_start_delay = 30' },
    /^GO$/m,
    ['SIGINT'],
  );
  t.is(exitCode, 130);
  t.is(result?.outcome, 'interrupted');
});

test('SIGINT during post_process_cmd', async (t) => {
  const mark = marker('post');
  const files = {
    conf: `instances = 1\nsync_experiment_start_delay = 0\npost_process_cmd = "sleep 63; : ${mark}"`,
    scenario: '@0 stop',
  };
  const { exitCode } = await interrupt(t, files, /^post-processing$/m, ['SIGINT']);
  t.is(exitCode, 130);
  t.deepEqual(await processesWith(mark), []);
});

for (const [how, signals] of [
  ['a second signal', ['SIGINT', 'SIGINT']],
  ['the second signal of a terminal that goes away', ['SIGHUP', 'SIGTERM']],
  ['SIGQUIT', ['SIGQUIT']],
] as const)
  test(`${how} kills at once what does not end by itself`, async (t) => {
    const mark = marker(`stubborn-${signals.join('-')}`);
    const module = `import { ExperimentModule, experimentCallback, staticModule } from 'gumby';
      @staticModule export class StubbornModule extends ExperimentModule {
        override onStop() { return new Promise<void>(() => {}); }
      }`;
    const command = `process_guard.py -c launch_scenario.py -c launch_scenario.py -c "trap : TERM; while :; do sleep 1; done; : ${mark}"`;
    const conf = `experiment_time = 50\ninstances = 2\nsync_experiment_start_delay = 0\nlocal_instance_cmd = '${command}'`;
    const { exitCode, result } = await interrupt(
      t,
      { conf, module, scenario: '&module ./test_module.ts\n@40 stop' },
      /^GO$/m,
      signals,
    );
    t.is(exitCode, 130);
    t.is(result?.outcome, 'interrupted');
    const waitedFor = result?.failures.filter(({ message }) => message.includes('did not finish stopping'));
    t.deepEqual(waitedFor, [], 'nobody waited for the end of the stubborn');
    t.deepEqual(await processesWith(mark), []);
  });

const EXTERNAL = (mark: string) => ({
  conf: `experiment_time = 90\nlocal_instance_cmd = 'process_guard.py -c "touch up; sleep 64; : ${mark}"'`,
  scenario: '',
});

test('when the terminal of a run is closed, the run ends in order, and so do its commands', async (t) => {
  const mark = marker('terminal');
  const { directory, conf, output } = await writeExperiment(t, EXTERNAL(mark));
  await writeFile(conf, (await readFile(conf, 'utf8')).replace(/^scenario_file.*$/m, ''));
  const gumby = `exec '${process.execPath}' '${join(REPOSITORY, 'dist/cli.js')}' run test.conf`;
  // It makes a terminal, which is gone when it is.
  const terminal = execa('script', ['-qec', gumby, '/dev/null'], {
    cwd: directory,
    env: { GUMBY_REPORT: 'none', SHELL: '/bin/sh' },
    stdin: 'ignore',
    reject: false,
  });
  if (terminal.pid === undefined) {
    t.log('not tried: there is no "script" on this machine');
    t.pass();
    return;
  }
  await appeared(join(directory, 'up'));
  terminal.kill('SIGKILL');
  await terminal;
  let record: RunResult;
  do record = JSON.parse(await readFile(join(output, 'run.json'), 'utf8')) as RunResult;
  while ((record.outcome as string) === 'running');
  t.like(record, { outcome: 'interrupted', exitCode: 130 });
  t.deepEqual(await processesWith(mark), []);
});

test('under nohup a run goes on when its terminal is gone', async (t) => {
  const { directory, conf, output } = await writeExperiment(t, {
    conf: 'instances = 1\nsync_experiment_start_delay = 0',
    scenario: '@3 stop',
  });
  // bash says in a variable what it starts.
  const child = execa(
    'bash',
    ['-c', `exec nohup '${process.execPath}' '${join(REPOSITORY, 'dist/cli.js')}' run '${conf}'`],
    {
      cwd: directory,
      env: { GUMBY_REPORT: 'none', _: '/usr/bin/nohup' },
      reject: false,
    },
  );
  child.stdout.on('data', (chunk: Buffer) => {
    if (/^GO$/m.test(chunk.toString())) child.kill('SIGHUP');
  });
  const { exitCode, stderr } = await child;
  t.regex(stderr, /^the terminal is gone; the run goes on$/m);
  t.is(exitCode, 0);
  t.like(JSON.parse(await readFile(join(output, 'run.json'), 'utf8')), { outcome: 'succeeded' });
});

test('nohup is known by any of its traces', (t) => {
  const none = { startedAs: '/usr/bin/node', isInputUnreadable: false, isOutputNohupOut: false };
  t.false(isUnderNohup(none));
  t.false(isUnderNohup({ ...none, startedAs: undefined }));
  t.true(isUnderNohup({ ...none, startedAs: '/usr/bin/nohup' }));
  t.true(isUnderNohup({ ...none, isInputUnreadable: true }));
  t.true(isUnderNohup({ ...none, isOutputNohupOut: true }));
});

test('what nohup makes of input and output is seen, and nothing is read of any other input', async (t) => {
  const directory = await temporaryDirectory(t);
  const script = join(directory, 'look.mts');
  await writeFile(
    script,
    `import { isUnderNohup } from '${join(REPOSITORY, 'src/cli/nohup.ts')}';
    import { readFileSync } from 'node:fs';
    const isIt = isUnderNohup();
    let input = 'unreadable';
    try { input = readFileSync(0, 'latin1'); } catch {}
    process.stderr.write(JSON.stringify([isIt, input]));`,
  );
  await writeFile(join(directory, 'input'), 'all of it');
  // Of GNU's nohup: standard input that cannot be read. Of every nohup: output to this file. The rest is none of either.
  for (const [redirection, expected] of [
    ['0>/dev/null', [true, 'unreadable']],
    ['</dev/null >>nohup.out', [true, '']],
    ['</dev/null >other.out', [false, '']],
    ['<input', [false, 'all of it']],
  ] as const) {
    const command = `'${process.execPath}' --import='${import.meta.resolve('tsx')}' '${script}' ${redirection}`;
    const { stderr } = await execa('sh', ['-c', command], { cwd: directory, env: { _: '/bin/sh' } });
    t.deepEqual(JSON.parse(stderr), [...expected], redirection);
  }
});

test('no compiled modules are left behind', async (t) => {
  const { directory, conf } = await writeExperiment(t, IDLE);
  const child = startGumby(['run', conf], { cwd: directory, env: { TMPDIR: directory } });
  child.stdout?.on('data', (chunk: Buffer) => {
    if (chunk.toString().includes('GO')) child.kill('SIGINT');
  });
  await child;
  t.deepEqual(
    (await readdir(directory)).filter((name) => name.startsWith('gumby-modules')),
    [],
  );
});
