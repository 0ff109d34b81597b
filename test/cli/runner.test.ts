import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import type { RunResult } from '../../src/coordinator/run/run-result.js';
import type * as Runner from '../../src/runner.js';
import { writeExperiment } from '../support/experiment-files.js';
import { REPOSITORY } from '../support/gumby-cli.js';

test('two runs of one program into one directory: one goes on, the other is refused, and later ones are not', async (t) => {
  const { directory, conf, output } = await writeExperiment(t, {
    conf: 'instances = 1\nsync_experiment_start_delay = 0',
    scenario: '@0 echo alive\n@0.5 stop',
  });
  // The built one: its worker threads are JavaScript.
  const runner = (await import(pathToFileURL(join(REPOSITORY, 'dist/runner.js')).href)) as typeof Runner;
  const { experiment, dispose } = await runner.loadExperiment({ confFile: conf, projectDir: directory });
  t.teardown(dispose);
  if (experiment === undefined) throw new Error('the experiment cannot be loaded');
  const begun: Promise<RunResult>[] = [runner.runExperiment(experiment), runner.runExperiment(experiment)];
  const [first, second] = await Promise.allSettled(begun);
  t.is(first?.status === 'fulfilled' ? first.value.outcome : undefined, 'succeeded');
  t.like(second?.status === 'rejected' ? second.reason : undefined, { code: 'OUTPUT_DIRECTORY_IN_USE' });
  t.is(await readFile(join(output, '00001.out'), 'utf8'), '1 ECHO alive\n');
  // What fails after the run lets the next one in as well.
  const failing = runner.runExperiment(experiment, {
    onResult: () => {
      throw new Error('no report');
    },
  });
  await t.throwsAsync(failing, { message: 'no report' });
  t.is((await runner.runExperiment(experiment)).outcome, 'succeeded');
  t.is(await readFile(join(`${output}.2`, '00001.out'), 'utf8'), '1 ECHO alive\n');
});
