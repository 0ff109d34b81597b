import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { RunResult } from '../../src/output/record/run-result.js';
import { type ExperimentFiles, writeExperiment } from '../support/experiment-files.js';
import { gumby } from '../support/gumby-cli.js';

async function run(t: ExecutionContext, experiment: ExperimentFiles) {
  const { directory, conf, output } = await writeExperiment(t, experiment);
  const { exitCode, stdout, stderr } = await gumby(['run', conf, '--json'], { cwd: directory });
  return { exitCode, summary: stderr, output, result: JSON.parse(stdout) as RunResult };
}

const HANGING_MODULE = `
import { experimentCallback, ExperimentModule, staticModule } from 'gumby';
@staticModule
export class HangingModule extends ExperimentModule {
  @experimentCallback
  hang(): Promise<void> { return new Promise(() => {}); }
  /** Stands still, seen by no timer of the experiment's clock. */
  @experimentCallback
  block(forMs: string): void {
    setInterval(() => {}, 10);
    setTimeout(() => { const end = Date.now() + Number(forMs); while (Date.now() < end); }, 20);
  }
  @experimentCallback
  allocate(): void {
    const kept: Buffer[] = [];
    setInterval(() => void kept.push(Buffer.alloc(2 ** 23, 1)), 20);
  }
}`;

test('an instance that stands still is measured from outside: the run is not valid, and the instance is named', async (t) => {
  const { result, output, summary } = await run(t, {
    conf: 'instances = 3',
    module: HANGING_MODULE,
    scenario: '&module ./test_module.ts\n@0.5 block 4000 {2}\n@6 stop',
  });
  t.is(result.outcome, 'succeeded', summary);
  const broken = result.verdict?.broken.find(({ name }) => name === 'loop_delay');
  t.like(broken, { validity: 'INVALID', instance: 2 });
  // What it is found to have stood still is what it did: the tolerance is two polls and a machine that has other work.
  t.true((broken?.worst ?? 0) >= 3900 && (broken?.worst ?? 0) < 6000, String(broken?.worst));
  const [header = '', ...rows] = (await readFile(join(output, 'resources.csv'), 'utf8')).trimEnd().split('\n');
  const column = header.split(',').indexOf('loop_silence_ms');
  const worstOf = (id: string) =>
    Math.max(
      ...rows
        .map((row) => row.split(','))
        .filter((row) => row[1] === id)
        .map((row) => Number(row[column])),
    );
  t.true(worstOf('2') >= 3900);
});

test('a command that never settles is named with its line and time; it is no failure where the scenario stops its instance', async (t) => {
  const { result, exitCode } = await run(t, {
    conf: 'instances = 3',
    module: HANGING_MODULE,
    scenario: '&module ./test_module.ts\n@0.2 hang {2}\n@0.3 echo alive\n@1 stop\n@2 echo late {1}',
  });
  t.is(exitCode, 0, JSON.stringify(result.failures));
  t.deepEqual(result.commands, { total: 8, done: 6, failed: 0, unfinished: 2 });
  const [hanging, late] = result.unfinished;
  t.like(hanging, { instance: 2, command: 'hang', dueS: 0.2, fate: 'unsettled' });
  t.regex(hanging?.place ?? '', /test\.scenario:2$/);
  t.true((hanging?.enteredS ?? 0) >= 0.2);
  t.like(late, { instance: 1, command: 'echo', dueS: 2, fate: 'not-told' });
});

test('a command that has not settled when something else ends its instance is a failure', async (t) => {
  const { result } = await run(t, {
    conf: 'instances = 2\nexperiment_time = 1',
    module: HANGING_MODULE,
    scenario: '&module ./test_module.ts\n@0.2 hang {2}\n@0.3 stop {1}',
  });
  t.is(result.outcome, 'time-limit');
  const failure = result.failures.find(({ code }) => code === 'COMMAND_UNFINISHED');
  t.like(failure, { instance: 2 });
  t.regex(failure?.message ?? '', /^"hang" was begun at 0(?:\.\d+)? s, and its promise has never settled$/);
  t.regex(failure?.place ?? '', /test\.scenario:2$/);
});

test('the summary lists what was not finished', async (t) => {
  const { directory, conf } = await writeExperiment(t, {
    conf: 'instances = 2',
    module: HANGING_MODULE,
    scenario: '&module ./test_module.ts\n@0.2 hang {2}\n@0.5 stop',
  });
  const { stdout } = await gumby(['run', conf], { cwd: directory });
  t.regex(stdout, /^ {2}events {5}2 done, 0 failed, 1 unfinished, of 3$/m);
  t.regex(
    stdout,
    /^ {4}instance 2 \(.*test\.scenario:2\): "hang" was begun at 0(?:\.\d+)? s, and its promise has never settled$/m,
  );
});

test('memory outside the heap is limited too', async (t) => {
  const { result, summary } = await run(t, {
    conf: 'instances = 2\ninstance_memory = 64\nexperiment_time = 30',
    module: HANGING_MODULE,
    scenario: '&module ./test_module.ts\n@0 allocate {2}\n@1 stop {1}',
  });
  t.is(result.outcome, 'failed', summary);
  t.like(result.instances[1], { state: 'failed' });
  t.regex(
    result.failures[0]?.message ?? '',
    /^instance 2 ran out of memory: \d+ MiB in Buffers and the like and \d+ MiB of heap are more than the limit of 64 MiB \(option instance_memory\)$/,
  );
});
