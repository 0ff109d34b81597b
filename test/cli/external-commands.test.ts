import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { RunResult } from '../../src/output/record/run-result.js';
import { writeExperiment } from '../support/experiment-files.js';
import { gumby } from '../support/gumby-cli.js';
import { processesWith } from '../support/processes.js';

async function run(
  t: ExecutionContext,
  conf: string,
  scenario = '@0 stop',
  files: Readonly<Record<string, string>> = {},
) {
  const written = await writeExperiment(t, { conf: `sync_experiment_start_delay = 0\n${conf}`, scenario, files });
  const ran = await gumby(['run', written.conf, '--json'], { cwd: written.directory });
  return { ...ran, ...written, result: JSON.parse(ran.stdout === '' ? '{}' : ran.stdout) as RunResult };
}

test('local_setup_cmd and post_process_cmd run by the shell, with the options in their environment', async (t) => {
  const { exitCode, output, directory, stderr } = await run(
    t,
    `instances = 2
mine = "a b"
local_setup_cmd = 'echo "$EXPERIMENT_NAME:$MINE:$PWD:$OUTPUT_DIR:$INSTANCES"'
post_process_cmd = tool.sh`,
    '@0 stop',
    { 'tool.sh': '#!/bin/sh\nls "$OUTPUT_DIR"\n' },
  );
  t.is(await readFile(join(output, 'local_setup_cmd.out'), 'utf8'), `test:a b:${directory}:${output}:2\n`);
  // The script is found on the path, but may not be run.
  t.is(exitCode, 1, stderr);
  t.regex(await readFile(join(output, 'post_process_cmd.err'), 'utf8'), /tool\.sh/);
});

test('a local_setup_cmd that fails, fails the run before anything starts', async (t) => {
  const { exitCode, result, output } = await run(t, 'instances = 1\nlocal_setup_cmd = "echo sorry >&2; exit 7"');
  t.is(exitCode, 1);
  t.regex(
    result.failures[0]?.message ?? '',
    /local_setup_cmd: "echo sorry >&2; exit 7" ended with exit code 7 \(see .*local_setup_cmd\.err\)/,
  );
  t.is(await readFile(join(output, 'local_setup_cmd.err'), 'utf8'), 'sorry\n');
  t.false((await readdir(output)).includes('00001.out'));
});

test('a process guard starts real commands, captures what they print, and fails when one of them does', async (t) => {
  const { conf } = {
    conf: `local_instance_cmd = 'process_guard.py -c "echo one; echo two >&2" -c "exit 3" -f more.txt -t 30'`,
  };
  const written = await writeExperiment(t, { files: { 'more.txt': 'echo three\n\necho four\n' } });
  const { directory, output } = written;
  await writeFile(written.conf, `experiment_name = guarded\n${conf}\n`);
  const ran = await gumby(['run', written.conf, '--json'], { cwd: directory });
  const result = JSON.parse(ran.stdout) as RunResult;
  t.is(ran.exitCode, 1);
  t.deepEqual(
    result.externalCommands.map(({ exitCode }) => exitCode),
    [0, 3, 0, 0],
  );
  t.regex(result.failures[0]?.message ?? '', /"exit 3" ended with exit code 3/);
  t.is(await readFile(join(output, '00001.out'), 'utf8'), 'one\n');
  t.is(await readFile(join(output, '00001.err'), 'utf8'), 'two\n');
  t.is(await readFile(join(output, '00004.out'), 'utf8'), 'four\n');
});

test('a process guard ends whole process groups at its limit, and without -T that is no failure', async (t) => {
  const mark = `gumby-mark-${process.pid}-guard`;
  const command = (option: string) =>
    `local_instance_cmd = 'process_guard.py -c "(sleep 71; : ${mark}) & yes > /dev/null; : ${mark}" -t 1 ${option}'`;
  const gone = async (option: string) => {
    const written = await writeExperiment(t, {});
    await writeFile(written.conf, `experiment_name = guarded\n${command(option)}\n`);
    const ran = await gumby(['run', written.conf, '--json'], { cwd: written.directory });
    t.deepEqual(await processesWith(mark), []);
    return { exitCode: ran.exitCode, result: JSON.parse(ran.stdout) as RunResult };
  };
  const ended = await gone('');
  t.is(ended.exitCode, 0);
  t.like(ended.result.externalCommands[0], { timedOut: true });
  t.is((await gone('-T')).exitCode, 1);
});

test('what external commands use, all that they start included, is watched and drawn', async (t) => {
  const written = await writeExperiment(t, {});
  const command = `i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done; (sleep 1.2 & wait)`;
  const guard = `process_guard.py -c "${command}" -c "sleep 1" -i 0.2 -m watched --network`;
  await writeFile(written.conf, `experiment_name = guarded\nlocal_instance_cmd = '${guard}'\n`);
  const ran = await gumby(['run', written.conf], { cwd: written.directory });
  t.is(ran.exitCode, 0, ran.stdout);
  const table = await readFile(join(written.directory, 'watched/commands.csv'), 'utf8');
  const [header = '', ...rows] = table.trim().split('\n');
  t.is(
    header,
    'time,command,processes,user_s,system_s,rss_bytes,read_bytes,write_bytes,machine_received_bytes,machine_sent_bytes',
  );
  const working = rows.map((row) => row.split(',')).filter(([, name]) => name === '00001');
  t.true(working.length >= 5);
  t.true(working.some(([, , processes]) => Number(processes) >= 2));
  t.true(Number(working.at(-1)?.[3]) > 0 && Number(working.at(-1)?.[5]) > 0);
  t.true(rows.some((row) => row.includes(',00002,')));

  await writeFile(written.conf, `experiment_name = shell\nlocal_instance_cmd = 'sleep 3; true'\n`);
  const reported = await gumby(['run', written.conf], { cwd: written.directory, env: { GUMBY_REPORT: 'tables' } });
  t.is(reported.exitCode, 0, reported.stdout);
  const memory = await readFile(join(written.output, 'data/commands-memory.csv'), 'utf8');
  t.regex(memory, /^time,local_instance_cmd\n0,[\d.]+\n1,[\d.]+\n/);
});

test('instances and external commands run side by side', async (t) => {
  const { exitCode, output, result } = await run(
    t,
    `local_instance_cmd = 'process_guard.py -c launch_scenario.py -c "echo outside" -c launch_scenario.py'`,
    '@0 echo inside\n@0.1 stop',
  );
  t.is(exitCode, 0);
  t.is(result.instances.length, 2);
  t.is(await readFile(join(output, '00002.out'), 'utf8'), '2 ECHO inside\n');
  t.is(await readFile(join(output, '00003.out'), 'utf8'), 'outside\n');
});

test('a tracker_cmd that ends before the run fails it', async (t) => {
  const { exitCode, result } = await run(t, 'instances = 1\ntracker_cmd = "sleep 0.5; exit 4"', '@20 stop');
  t.is(exitCode, 1);
  t.regex(result.failures[0]?.message ?? '', /tracker_cmd ended before the run \(exit code 4\)/);
});

test('a full disk while an instance prints is reported, and the instance goes on', async (t) => {
  const module = `import { rmSync, symlinkSync } from 'node:fs';
    import { ExperimentModule, experimentCallback, staticModule } from 'gumby';
    @staticModule export class FullModule extends ExperimentModule {
      override onIdReceived() {
        const file = this.outputPath('../0000' + this.myId + '.out');
        if (this.myId === 1) { rmSync(file); symlinkSync('/dev/full', file); }
      }
      @experimentCallback speak() { console.log('one'); console.log('two'); console.error('still here'); }
    }`;
  const written = await writeExperiment(t, {
    conf: 'instances = 2\nsync_experiment_start_delay = 0',
    module,
    scenario: '&module ./test_module.ts\n@0 speak\n@0.1 stop',
  });
  const ran = await gumby(['run', written.conf, '--json'], { cwd: written.directory });
  const result = JSON.parse(ran.stdout) as RunResult;
  t.is(ran.exitCode, 1);
  t.is(result.failureCount, 1);
  t.like(result.failures[0], { instance: 1, code: 'OUTPUT_WRITE_FAILED' });
  t.regex(result.failures[0]?.message ?? '', /cannot write .*00001\.out: ENOSPC/);
  t.is(await readFile(join(written.output, '00001.err'), 'utf8'), 'still here\n');
  t.is(await readFile(join(written.output, '00002.out'), 'utf8'), 'one\ntwo\n');
});

test('a cluster run says that it is not available, and nothing is started', async (t) => {
  const { exitCode, stderr, directory } = await run(t, 'instances = 5\nlocal_instance_cmd = das4_reserve_and_run.sh');
  t.is(exitCode, 2);
  t.regex(
    stderr,
    /test\.conf:5:\d+: error: das4_reserve_and_run\.sh asks for a run on a cluster, which is not available yet/,
  );
  t.false((await readdir(directory)).includes('output'));
});
