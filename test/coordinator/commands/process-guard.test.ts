import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { ProcessGuardOptions } from '../../../src/config/process-guard-options.js';
import { parseGuard } from '../../../src/config/process-guard-options.js';
import {
  guardedCommandFailed,
  type ProcessGuardInit,
  runProcessGuard,
} from '../../../src/coordinator/commands/process-guard.js';
import { realClock } from '../../../src/runtime/clock.js';
import { GumbyError } from '../../../src/runtime/errors.js';
import { processesWith } from '../../support/processes.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const never = new AbortController().signal;

function guardOf(t: ExecutionContext, options: string): ProcessGuardOptions {
  const parsed = parseGuard(`process_guard.py ${options}`, {});
  return parsed.ok ? parsed.guard : t.fail(parsed.message);
}

async function initOf(
  t: ExecutionContext,
  options: string,
  more: Partial<ProcessGuardInit> = {},
): Promise<ProcessGuardInit> {
  const cwd = await temporaryDirectory(t);
  const environment = { PATH: process.env['PATH'], MINE: 'mine' };
  return {
    guard: guardOf(t, options),
    cwd,
    outputDir: join(cwd, 'output'),
    environment,
    firstNumber: 1,
    stop: never,
    kill: never,
    ...more,
  };
}

test('every command runs, at the same time, with its output under its own number', async (t) => {
  // Each waits for the other, which only ends when both run at once.
  const meet = (own: string, other: string) =>
    `-c "touch ${own}; while ! test -e ${other}; do sleep 0.02; done; echo ${own} $MINE"`;
  const init = await initOf(t, `${meet('a', 'b')} ${meet('b', 'a')} -t 30`);
  const results = await runProcessGuard(init, { clock: realClock });
  t.deepEqual(
    results.map(({ exitCode, timedOut }) => [exitCode, timedOut]),
    [
      [0, false],
      [0, false],
    ],
  );
  t.deepEqual(await readdir(init.outputDir), ['00001.err', '00001.out', '00002.err', '00002.out']);
  t.is(await readFile(join(init.outputDir, '00002.out'), 'utf8'), 'b mine\n');
});

test('numbers start behind those of the instances, -n repeats, -f adds, and -o says where', async (t) => {
  const init = await initOf(t, '-c "echo one" -f jobs -n 2 -o logs/here', { firstNumber: 4 });
  await writeFile(join(init.cwd, 'jobs'), '# none\n\n  echo two\n');
  const results = await runProcessGuard(init, { clock: realClock });
  t.deepEqual(
    results.map(({ command }) => command),
    ['echo one', 'echo one', 'echo two', 'echo two'],
  );
  const directory = join(init.cwd, 'logs/here');
  t.deepEqual(
    (await readdir(directory)).filter((name) => name.endsWith('.out')),
    ['00004.out', '00005.out', '00006.out', '00007.out'],
  );
  t.is(await readFile(join(directory, '00007.out'), 'utf8'), 'two\n');
});

test('a failing command is told from those that did well', async (t) => {
  const init = await initOf(t, '-c true -c "exit 3" -c "kill -9 $$"');
  const results = await runProcessGuard(init, { clock: realClock });
  t.deepEqual(
    results.map((result) => guardedCommandFailed(result, init.guard)),
    [false, true, true],
  );
  t.like(results[1], { command: 'exit 3', exitCode: 3 });
  t.like(results[2], { signal: 'SIGKILL' });
});

test('at the limit whole trees are ended, which is a failure with -T only', async (t) => {
  const mark = `mark-${process.pid}-guard`;
  const commands = `-c "yes > /dev/null & sh -c 'sleep 60; : ${mark}'; : ${mark}" -c "(sleep 60; : ${mark}) & true" -c "exit 2" -t 0.4`;
  for (const option of ['', '-T']) {
    const init = await initOf(t, `${commands} ${option}`);
    const results = await runProcessGuard(init, { clock: realClock });
    t.deepEqual(
      results.map(({ timedOut }) => timedOut),
      [true, true, false],
    );
    t.deepEqual(
      results.map((result) => guardedCommandFailed(result, init.guard)),
      [option === '-T', option === '-T', true],
    );
    t.deepEqual(await processesWith(mark), []);
  }
});

test('stop ends them all', async (t) => {
  const mark = `mark-${process.pid}-stop`;
  const controller = new AbortController();
  const init = await initOf(t, `-c "echo up; sleep 60; : ${mark}" -n 5`, { stop: controller.signal });
  const running = runProcessGuard(init, { clock: realClock });
  while ((await processesWith(mark)).length < 5) await new Promise((resolve) => setTimeout(resolve, 10));
  controller.abort();
  t.deepEqual(
    (await running).map(({ signal }) => signal),
    Array<string>(5).fill('SIGTERM'),
  );
  t.deepEqual(await processesWith(mark), []);
});

test('when one cannot write its output, the others do not stay behind', async (t) => {
  const mark = `mark-${process.pid}-behind`;
  const init = await initOf(t, `-c "sleep 60; : ${mark}" -n 2 -o .`);
  // A directory stands where the second one's file should.
  await mkdir(join(init.cwd, '00002.err'));
  const error = await t.throwsAsync(runProcessGuard(init, { clock: realClock }), { instanceOf: GumbyError });
  t.like(error, { code: 'OUTPUT_WRITE_FAILED', context: { file: join(init.cwd, '00002.err') } });
  t.deepEqual(await processesWith(mark), []);
});

test('a directory that cannot be made and a file of commands that is not there are named', async (t) => {
  const refused = await initOf(t, '-c true -o file/sub');
  await writeFile(join(refused.cwd, 'file'), '');
  t.like(await t.throwsAsync(runProcessGuard(refused, { clock: realClock })), { code: 'OUTPUT_WRITE_FAILED' });
  const missing = await initOf(t, '-f gone');
  const error = await t.throwsAsync(runProcessGuard(missing, { clock: realClock }));
  t.like(error, { code: 'FILE_UNREADABLE' });
  t.regex(error.message, /cannot read the commands in .*\/gone \(process_guard\.py -f\): ENOENT/);
});
