import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import type { RunResult } from '../../src/output/record/run-result.js';
import { writeExperiment } from '../support/experiment-files.js';
import { gumby, REPOSITORY } from '../support/gumby-cli.js';

const GUMBY = `'${process.execPath}' '${join(REPOSITORY, 'dist/cli.js')}'`;

/** Runs a line of the shell, in which `gumby` is the command; its exit code is what the line writes to the file `code`. */
async function shell(directory: string, line: string): Promise<{ readonly code: string; readonly stderr: string }> {
  const text = line.replaceAll('gumby', GUMBY);
  const { stderr } = await execa('sh', ['-c', text], {
    cwd: directory,
    env: { GUMBY_REPORT: 'none', NO_COLOR: '1' },
    reject: false,
  });
  return { code: (await readFile(join(directory, 'code'), 'utf8')).trim(), stderr };
}

async function written(t: ExecutionContext) {
  return writeExperiment(t, {
    conf: 'instances = 2\nsync_experiment_start_delay = 0',
    scenario: '@0 echo one\n@0.5 echo two\n@1 stop',
  });
}

for (const [name, line, complaint] of [
  ['nobody reads any more what it prints', '(gumby run test.conf; echo $? > code) | head -1 > /dev/null', ''],
  [
    'the disk that its output goes to is full',
    'gumby run test.conf > /dev/full; echo $? > code',
    'cannot write to standard output: ENOSPC: no space left on device, write; nothing more is printed there',
  ],
  ['standard output is closed', 'gumby run test.conf >&-; echo $? > code', ''],
  ['standard error is full', '(gumby run test.conf --quiet 2> /dev/full; echo $? > code)', ''],
  [
    'standard error is full, where everything is said',
    '(gumby run test.conf --json 2> /dev/full >json; echo $? > code)',
    '',
  ],
  ['standard error is closed', 'gumby run test.conf --json 2>&- >json; echo $? > code', ''],
] as const)
  test(`a run goes on and keeps its exit code when ${name}`, async (t) => {
    const { directory, output } = await written(t);
    const { code, stderr } = await shell(directory, line);
    t.is(stderr, complaint);
    t.is(code, '0');
    const record = JSON.parse(await readFile(join(output, 'run.json'), 'utf8')) as RunResult;
    t.like(record, { outcome: 'succeeded', commands: { total: 6, done: 6, failed: 0 } });
    if (line.includes('json')) t.like(JSON.parse(await readFile(join(directory, 'json'), 'utf8')), { exitCode: 0 });
  });

test('a run that fails says so with its exit code, whoever reads what it prints', async (t) => {
  const { directory } = await writeExperiment(t, { conf: 'instances = 1\nlocal_setup_cmd = "exit 3"' });
  t.is((await shell(directory, '(gumby run test.conf; echo $? > code) | head -1 > /dev/null')).code, '1');
  t.is((await shell(directory, 'gumby run test.conf > /dev/full 2> /dev/full; echo $? > code')).code, '1');
});

test('every other command ends quietly when nobody reads any more, and with 1 when what it says is lost', async (t) => {
  const { directory, conf } = await written(t);
  for (let run = 0; run < 2; run++) t.is((await gumby(['run', conf, '--quiet'], { cwd: directory })).exitCode, 0);
  const commands = [
    'check test.conf',
    'timeline test.conf --peer 1',
    'commands test.conf',
    'report output --no-graphs',
    'report output --no-graphs --json',
    'compare before=output.1 after=output --no-page',
    'new experiment mine',
  ];
  for (const command of commands) {
    // The reader is gone before anything is printed.
    const unread = await shell(directory, `(sleep 0.3; gumby ${command}; echo $? > code) | true`);
    t.deepEqual(unread, { code: '0', stderr: '' }, command);
    const lost = await shell(directory, `rm -rf mine; gumby ${command} > /dev/full; echo $? > code`);
    t.is(lost.code, '1', command);
    t.regex(lost.stderr, /^cannot write to standard output: ENOSPC.*; nothing more is printed there$/, command);
  }
  const wrong = await shell(directory, '(gumby check missing.conf 2> /dev/full; echo $? > code) | true');
  t.is(wrong.code, '2');
});
