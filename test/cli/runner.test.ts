import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import type * as Runner from '../../src/runner.js';
import { type ExperimentFiles, writeExperiment } from '../support/experiment-files.js';
import { REPOSITORY } from '../support/gumby-cli.js';

const QUICK: ExperimentFiles = {
  conf: 'instances = 1\nsync_experiment_start_delay = 0',
  scenario: '@0 echo alive\n@0.5 stop',
};

/** The built one: its worker threads are JavaScript. */
const importRunner = async () =>
  (await import(pathToFileURL(join(REPOSITORY, 'dist/runner.js')).href)) as typeof Runner;

test('two runs of one program into one directory: one goes on, the other is refused, and later ones are not', async (t) => {
  const { directory, conf, output } = await writeExperiment(t, QUICK);
  const { loadExperiment, runExperiment } = await importRunner();
  const { experiment, dispose } = await loadExperiment({ confFile: conf, projectDir: directory, set: ['report=none'] });
  t.teardown(dispose);
  if (experiment === undefined) throw new Error('the experiment cannot be loaded');
  const [first, second] = await Promise.allSettled([runExperiment(experiment), runExperiment(experiment)]);
  t.is(first.status === 'fulfilled' ? first.value.result.outcome : undefined, 'succeeded');
  t.like(second.status === 'rejected' ? second.reason : undefined, { code: 'OUTPUT_DIRECTORY_IN_USE' });
  t.is(await readFile(join(output, '00001.out'), 'utf8'), '1 ECHO alive\n');
  t.is((await runExperiment(experiment)).result.outcome, 'succeeded');
  t.is(await readFile(join(`${output}.1`, '00001.out'), 'utf8'), '1 ECHO alive\n');
});

test('one call goes from the files of an experiment to its report', async (t) => {
  const { directory, conf, output } = await writeExperiment(t, QUICK);
  const { runExperiment } = await importRunner();
  const { result, report, reportError } = await runExperiment({ confFile: conf, projectDir: directory });
  t.is(result.outcome, 'succeeded');
  t.is(reportError, undefined);
  t.is(report?.pageFile, join(output, 'report.html'));
  t.regex(await readFile(join(output, 'report.html'), 'utf8'), /^<!doctype html>/i);
  t.true((await readdir(join(output, 'graphs'))).length > 0);
});

test('how much of a report there is, the program decides before the configuration', async (t) => {
  const { directory, conf, output } = await writeExperiment(t, QUICK);
  const { runExperiment } = await importRunner();
  const { report } = await runExperiment({ confFile: conf, projectDir: directory }, { report: 'tables' });
  t.is(report?.pageFile, undefined);
  const entries = await readdir(output);
  t.true(entries.includes('data'));
  t.false(entries.includes('graphs'));
});

test('a report that cannot be made takes nothing from the run, and the directory is free afterwards', async (t) => {
  const { directory, conf, output } = await writeExperiment(t, {
    ...QUICK,
    conf: `${QUICK.conf ?? ''}\npost_process_cmd = touch output/data`,
  });
  const { runExperiment, loadExperiment, writeReport } = await importRunner();
  const { experiment, dispose } = await loadExperiment({ confFile: conf, projectDir: directory });
  t.teardown(dispose);
  if (experiment === undefined) throw new Error('the experiment cannot be loaded');
  const { result, report, reportError } = await runExperiment(experiment, { environment: process.env });
  t.is(result.outcome, 'succeeded');
  t.is(report, undefined);
  t.like(reportError, { code: 'OUTPUT_WRITE_FAILED' });
  t.false((await readdir(output)).includes('run.lock'));
  // It can be made somewhere else, or later.
  await t.throwsAsync(writeReport(output, { extent: 'tables' }), { code: 'OUTPUT_WRITE_FAILED' });
  t.is((await runExperiment(experiment, { report: 'none', environment: process.env })).result.outcome, 'succeeded');
});

test('an experiment whose files are wrong is not run, and the error says all that is wrong', async (t) => {
  const { directory, conf, output } = await writeExperiment(t, {
    conf: 'instances = none',
    scenario: '@0 nothing\n@x stop',
  });
  const { runExperiment } = await importRunner();
  const error = await t.throwsAsync(runExperiment({ confFile: conf, projectDir: directory }), {
    code: 'EXPERIMENT_INVALID',
  });
  t.regex(error.message, /test\.conf:\d+.*instances/s);
  await t.throwsAsync(readdir(output), { code: 'ENOENT' });
  await mkdir(output);
  await writeFile(join(output, 'mine.txt'), 'mine');
  await writeFile(conf, 'experiment_name = test\nscenario_file = test.scenario\n');
  await writeFile(join(directory, 'test.scenario'), '@0 stop\n');
  await t.throwsAsync(runExperiment({ confFile: conf, projectDir: directory }), { code: 'OUTPUT_DIRECTORY_REFUSED' });
});
