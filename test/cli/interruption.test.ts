import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { RunResult } from '../../src/coordinator/run-result.js';
import { type ExperimentFiles, writeExperiment } from '../support/experiment-files.js';
import { startGumby } from '../support/gumby-cli.js';
import { processesWith } from '../support/processes.js';

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

for (const signal of ['SIGINT', 'SIGTERM'] as const)
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

test('a second signal kills at once what does not end by itself', async (t) => {
  const mark = marker('stubborn');
  const module = `import { ExperimentModule, experimentCallback, staticModule } from 'gumby';
    @staticModule export class StubbornModule extends ExperimentModule {
      override onStop() { return new Promise<void>(() => {}); }
    }`;
  const command = `process_guard.py -c launch_scenario.py -c launch_scenario.py -c "trap : TERM; while :; do sleep 1; done; : ${mark}"`;
  const conf = `experiment_time = 50\ninstances = 2\nsync_experiment_start_delay = 0\nlocal_instance_cmd = '${command}'`;
  const startedMs = Date.now();
  const { exitCode, result } = await interrupt(
    t,
    { conf, module, scenario: '&module ./test_module.ts\n@40 stop' },
    /^GO$/m,
    ['SIGINT', 'SIGINT'],
  );
  t.is(exitCode, 130);
  t.is(result?.outcome, 'interrupted');
  t.true(Date.now() - startedMs < 30_000, 'nobody waited for the end of the stubborn');
  t.deepEqual(await processesWith(mark), []);
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
