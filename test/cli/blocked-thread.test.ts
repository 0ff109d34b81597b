import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import type { RunResult } from '../../src/output/record/run-result.js';
import { writeExperiment } from '../support/experiment-files.js';
import { startGumby } from '../support/gumby-cli.js';

const MODULE = `
import { readFileSync } from 'node:fs';
import { experimentCallback, ExperimentModule, staticModule } from 'gumby';

@staticModule
export class BlockingModule extends ExperimentModule {
  /** Waits in the system for somebody who writes, where nothing can end a thread. */
  @experimentCallback
  block(): void {
    readFileSync(process.cwd() + '/nobody-writes');
  }
}
`;

test('a thread that waits in the system for good holds up neither the others nor the end of the run', async (t) => {
  const { conf, directory, output } = await writeExperiment(t, {
    conf: 'instances = 2\nexperiment_time = 2',
    module: MODULE,
    scenario: '&module test_module.BlockingModule\n@0.2 block {1}\n@0.5 echo alive {2}\n@1 stop',
  });
  await promisify(execFile)('mkfifo', [join(directory, 'nobody-writes')]);
  const { stderr, signal } = await startGumby(['run', conf], { cwd: directory });
  t.is(signal, 'SIGKILL', 'nothing else ends a process with such a thread');
  t.regex(String(stderr), /instance 1 cannot be ended.*137 instead of exit code 3/);
  const result = JSON.parse(await readFile(join(output, 'run.json'), 'utf8')) as RunResult;
  t.is(result.outcome, 'time-limit');
  t.true(result.failures.some(({ message }) => /^instance 1 cannot be ended: for 15 s/.test(message)));
  t.is(await readFile(join(output, '00002.out'), 'utf8'), '2 ECHO alive\n');
});

test('a thread that many instances share is given up once for all of them', async (t) => {
  const { conf, directory, output } = await writeExperiment(t, {
    conf: 'instances = 6\ninstances_per_worker = 3\nexperiment_time = 2',
    module: MODULE,
    scenario: '&module test_module.BlockingModule\n@0.2 block {1}\n@0.5 echo alive {4-6}\n@1 stop',
  });
  await promisify(execFile)('mkfifo', [join(directory, 'nobody-writes')]);
  const { stderr } = await startGumby(['run', conf], { cwd: directory });
  t.is([...String(stderr).matchAll(/the thread of instances 1-3/g)].length, 1);
  const { failures, instances } = JSON.parse(await readFile(join(output, 'run.json'), 'utf8')) as RunResult;
  t.is(failures.filter(({ message }) => message.startsWith('the thread of instances 1-3 cannot be ended')).length, 1);
  t.deepEqual(
    instances.map(({ state }) => state),
    ['failed', 'failed', 'failed', 'stopped', 'stopped', 'stopped'],
  );
});
