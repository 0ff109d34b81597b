import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { writeExperiment } from '../support/experiment-files.js';
import { gumby } from '../support/gumby-cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** Sends a packet each second; from the third on with something in it that is not the experiment's. */
const moduleWith = (foreign: string) => `
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { experimentCallback, ExperimentModule, staticModule } from 'gumby';

@staticModule
export class ForeignModule extends ExperimentModule {
  #sent = 0;

  @experimentCallback
  tell(): void {
    const { host, port } = this.allVars[2] as never as { host: string; port: number };
    const foreign = ++this.#sent < 3 ? '' : String(${foreign});
    this.experiment.endpoint.send({ host, port }, Buffer.from('saying ' + this.#sent + foreign));
  }
}
`;

const SCENARIO =
  '&module test_module.ForeignModule\n@0 for second in 1 to 1 call echo hello\n@1 tell {1}\n@2 tell {1}\n@3 tell {1}\n@4 stop';

/** Runs it twice. */
async function twice(t: ExecutionContext, foreign: string, between?: (directory: string) => Promise<void>) {
  const { conf, directory } = await writeExperiment(t, {
    conf: 'instances = 2\nclock = virtual\ntrace = on\nseed = diff',
    module: moduleWith(foreign),
    scenario: SCENARIO,
    files: { 'noise/b': '1', 'noise/a': '2' },
  });
  for (const [output, perWorker] of [
    ['one', '2'],
    ['other', '1'],
  ] as const) {
    const set = ['--set', `instances_per_worker=${perWorker}`];
    const ran = await gumby(['run', conf, '--output', output, ...set], { cwd: directory });
    t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
    if (output === 'one') await between?.(directory);
  }
  return { directory, found: await gumby(['diff', 'one', 'other', '--context', '3'], { cwd: directory }) };
}

test.serial('two runs that are the same have the same trace, on one thread and on two', async (t) => {
  const { directory, found } = await twice(t, "''");
  t.is(found.exitCode, 0, found.stdout + found.stderr);
  t.regex(found.stdout, /^the same \d+ events$/m);
  const trace = await readFile(join(directory, 'one/trace.csv'), 'utf8');
  t.is(trace, await readFile(join(directory, 'other/trace.csv'), 'utf8'));
  t.regex(trace, /^\d+(\.\d+)?,1,command,,tell \(test\.scenario:3\)$/m);
  // A run that has not told its end may still write its trace.
  const record = join(directory, 'other/run.json');
  const running = (await readFile(record, 'utf8')).replace(/"outcome": ?"succeeded"/, '"outcome":"running"');
  await writeFile(record, running);
  const refused = await gumby(['diff', 'one', 'other'], { cwd: directory });
  t.is(refused.exitCode, 2);
  t.regex(refused.stderr, /other has no whole trace: the run did not say how it ended/);
  t.regex(trace, /^\d+(\.\d+)?,2,packet,[0-9a-f]{8},198\.18\.0\.1:12001 to port 12002$/m);
});

for (const [what, foreign, between] of [
  ['the wall clock by a child process', "spawnSync('date', ['+%s%N']).stdout", undefined],
  ['what lies in a folder', "readdirSync('noise').length", async (at: string) => writeFile(join(at, 'noise/c'), '3')],
] as const)
  test.serial(`the first event at which two runs part is named, with what led to it: ${what}`, async (t) => {
    const { found } = await twice(t, foreign, between);
    t.is(found.exitCode, 1, found.stdout + found.stderr);
    const lines = found.stdout.trim().split('\n');
    t.deepEqual(lines.slice(0, 2), ['- one', '+ other']);
    t.regex(lines[2] ?? '', /^after \d+ events that are the same, the same event has other bytes:$/);
    const [one, other] = [lines.find((line) => /^- \d/.test(line)), lines.find((line) => /^\+ \d/.test(line))];
    t.regex(one ?? '', /^- 3\.001000 s {2}instance 2 {2}packet {2}198\.18\.0\.1:12001 to port 12002 {2}#[0-9a-f]{8}$/);
    t.regex(other ?? '', /^\+ 3\.001000 s {2}instance 2 {2}packet/);
    t.regex(found.stdout, /^ {2}2\.001000 s {2}instance 2 {2}packet/m);
    t.regex(found.stdout, /ECDSA signatures/);
  });

test.serial('other settings are named first, and a run without a trace says how to get one', async (t) => {
  const { conf, directory } = await writeExperiment(t, {
    conf: 'instances = 1\nclock = virtual',
    scenario: '@1 echo $WHAT\n@2 stop',
  });
  const run = async (output: string, ...set: readonly string[]) => {
    const ran = await gumby(
      ['run', conf, '--output', output, '--seed', output, ...set.flatMap((each) => ['--set', each])],
      { cwd: directory },
    );
    t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  };
  await run('one', 'trace=on', 'what=this');
  await run('other', 'trace=on', 'what=that');
  await run('third');
  const found = await gumby(['diff', 'one', 'other'], { cwd: directory });
  t.is(found.exitCode, 1);
  t.regex(found.stdout, /^what is "this" and "that"$/m);
  t.regex(found.stdout, /^seed is "one" and "other"$/m);
  t.regex(found.stdout, /an instance does something else:\n[^]*- 1\.000000 s {2}instance 1 {2}command {2}echo this/);
  const json = await gumby(['diff', 'one', 'other', '--json'], { cwd: directory });
  t.is(
    (JSON.parse(json.stdout) as { trace: { next: { what: string }[] } }).trace.next[1]?.what,
    'echo that (test.scenario:1)',
  );
  const without = await gumby(['diff', 'one', 'third'], { cwd: directory });
  t.is(without.exitCode, 2);
  t.regex(without.stderr, /third has no trace\.csv: run it with --set trace=on/);
  const nothing = await gumby(['diff', 'one', await temporaryDirectory(t)], { cwd: directory });
  t.is(nothing.exitCode, 2);
  t.regex(nothing.stderr, /holds no output of a run/);
});
