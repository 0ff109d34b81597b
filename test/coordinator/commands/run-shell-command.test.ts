import { execFile } from 'node:child_process';
import { readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { runShellCommand, type ShellCommandInit } from '../../../src/coordinator/commands/run-shell-command.js';
import { type Clock, realClock } from '../../../src/runtime/clock.js';
import { GumbyError } from '../../../src/runtime/errors.js';
import { appeared } from '../../support/appeared.js';
import { processesWith } from '../../support/processes.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const never = new AbortController().signal;

/** Time limits pass twenty times as fast as they are written; what is measured stays real. */
const hurried: Clock = { ...realClock, schedule: (delayMs, callback) => realClock.schedule(delayMs / 20, callback) };

async function initIn(t: ExecutionContext, text: string, more: Partial<ShellCommandInit> = {}) {
  const cwd = await temporaryDirectory(t);
  const files = { stdoutFile: join(cwd, 'test.out'), stderrFile: join(cwd, 'test.err') };
  return { text, cwd, environment: { PATH: process.env['PATH'] }, stop: never, kill: never, ...files, ...more };
}

/** A text in the command line by which its processes are found. */
function markOf(t: ExecutionContext): string {
  return `mark-${process.pid}-${t.title.replaceAll(/\W+/g, '-')}`;
}

test('the shell runs it in its directory with the environment given, and nothing else', async (t) => {
  const init = await initIn(t, 'echo "$MINE:$HOME:$PWD"; echo wrong >&2', {
    environment: { MINE: 'a "b" $c', HOME: undefined },
  });
  const { durationMs, ...result } = await runShellCommand(init, { clock: realClock });
  t.deepEqual(result, { command: init.text, exitCode: 0, timedOut: false });
  t.true(durationMs >= 0);
  t.is(await readFile(init.stdoutFile, 'utf8'), `a "b" $c::${init.cwd}\n`);
  t.is(await readFile(init.stderrFile, 'utf8'), 'wrong\n');
});

test('output is added to a file that is there', async (t) => {
  const init = await initIn(t, 'echo two');
  await writeFile(init.stdoutFile, 'one\n');
  await runShellCommand(init, { clock: realClock });
  t.is(await readFile(init.stdoutFile, 'utf8'), 'one\ntwo\n');
});

test('an exit code and a signal are results, and the output stays as it was', async (t) => {
  const failed = await initIn(t, 'echo sorry; exit 7');
  t.like(await runShellCommand(failed, { clock: realClock }), { exitCode: 7, signal: undefined });
  t.is(await readFile(failed.stdoutFile, 'utf8'), 'sorry\n');
  t.like(await runShellCommand(await initIn(t, 'kill -9 $$'), { clock: realClock }), {
    exitCode: undefined,
    signal: 'SIGKILL',
  });
});

test('much output goes to the file without passing through this process', async (t) => {
  const init = await initIn(t, 'yes 0123456789 | head -c 200000000');
  const before = process.memoryUsage.rss();
  t.like(await runShellCommand(init, { clock: realClock }), { exitCode: 0 });
  t.is((await stat(init.stdoutFile)).size, 200_000_000);
  // A quarter of what was printed; were it buffered here, it would be all of it.
  t.true(process.memoryUsage.rss() - before < 50_000_000);
});

test('what a command leaves behind in its group ends with it', async (t) => {
  const mark = markOf(t);
  const init = await initIn(t, `sh -c 'sleep 60; : ${mark}' & echo started`);
  t.like(await runShellCommand(init, { clock: realClock }), { exitCode: 0, timedOut: false });
  t.deepEqual(await processesWith(mark), []);
});

test('with waitForGroup the background children are waited for instead', async (t) => {
  const init = await initIn(t, '(sleep 0.3; echo late) & echo early', { waitForGroup: true });
  t.like(await runShellCommand(init, { clock: realClock }), { exitCode: 0 });
  t.is(await readFile(init.stdoutFile, 'utf8'), 'early\nlate\n');
});

test('a dead child whom nobody asks after is not waited for', async (t) => {
  // The child's parent leaves the group, stays for five seconds, and never looks after it.
  const init = await initIn(t, '(sleep 0.1 & exec setsid sleep 5) & sleep 0.3', { waitForGroup: true });
  const { durationMs } = await runShellCommand(init, { clock: realClock });
  t.true(durationMs < 3000, `${durationMs} ms`);
});

test('at its limit the whole tree is ended', async (t) => {
  const mark = markOf(t);
  const tree = `yes > /dev/null & sh -c 'sleep 60 & sh -c "sleep 60; : ${mark}"; : ${mark}' & sleep 60; : ${mark}`;
  const result = await runShellCommand(await initIn(t, tree, { timeoutMs: 300 }), { clock: realClock });
  t.like(result, { signal: 'SIGTERM', timedOut: true });
  t.true(result.durationMs >= 290 && result.durationMs < 5000, `${result.durationMs} ms`);
  t.deepEqual(await processesWith(mark), []);
});

test('a tree that does not listen is ended by force after the grace', async (t) => {
  const mark = markOf(t);
  const init = await initIn(
    t,
    `trap : TERM; sh -c 'trap "" TERM; while :; do sleep 1; done; : ${mark}' & touch up; while :; do sleep 1; done`,
  );
  const controller = new AbortController();
  const running = runShellCommand({ ...init, stop: controller.signal }, { clock: hurried });
  await appeared(join(init.cwd, 'up'));
  controller.abort();
  t.like(await running, { signal: 'SIGKILL', timedOut: false });
  t.deepEqual(await processesWith(mark), []);
});

test('a command may end in its own way when it is stopped', async (t) => {
  const controller = new AbortController();
  const init = await initIn(t, 'trap "echo bye; exit 5" TERM; touch up; while :; do sleep 0.05; done');
  const running = runShellCommand({ ...init, stop: controller.signal }, { clock: realClock });
  await appeared(join(init.cwd, 'up'));
  controller.abort();
  t.like(await running, { exitCode: 5, timedOut: false });
  t.is(await readFile(init.stdoutFile, 'utf8'), 'bye\n');
});

test('kill ends it at once, even when it was aborted before the start', async (t) => {
  const mark = markOf(t);
  const controller = new AbortController();
  controller.abort();
  const init = await initIn(t, `trap "" TERM; sleep 60; : ${mark}`, { kill: controller.signal });
  t.like(await runShellCommand(init, { clock: realClock }), { signal: 'SIGKILL' });
  t.deepEqual(await processesWith(mark), []);
});

test('an output file that cannot be made is named, and nothing is started', async (t) => {
  const init = await initIn(t, 'touch started');
  const stderrFile = join(init.cwd, 'gone/test.err');
  const error = await t.throwsAsync(runShellCommand({ ...init, stderrFile }, { clock: realClock }), {
    instanceOf: GumbyError,
  });
  t.like(error, { code: 'OUTPUT_WRITE_FAILED', context: { file: stderrFile } });
  t.regex(error.message, /cannot write .*gone\/test\.err: ENOENT/);
  await t.throwsAsync(stat(join(init.cwd, 'started')));
});

test('a full disk is what is reported of a command that fails of it', async (t) => {
  const init = await initIn(t, 'echo x');
  await symlink('/dev/full', init.stdoutFile);
  const error = await t.throwsAsync(runShellCommand(init, { clock: realClock }), { instanceOf: GumbyError });
  t.like(error, { code: 'OUTPUT_WRITE_FAILED', context: { file: init.stdoutFile } });
});

test('a directory that is not there is an error of its own', async (t) => {
  const init = await initIn(t, 'ls');
  const error = await t.throwsAsync(runShellCommand({ ...init, cwd: join(init.cwd, 'gone') }, { clock: realClock }), {
    instanceOf: GumbyError,
  });
  t.is(error.code, 'COMMAND_FAILED');
  t.regex(error.message, /cannot start a shell in .*gone for "ls"/);
});

test('when this process ends in the middle, its commands go with it', async (t) => {
  const mark = markOf(t);
  const directory = await temporaryDirectory(t);
  const script = join(directory, 'ending.mts');
  await writeFile(
    script,
    `import { runShellCommand } from '${join(import.meta.dirname, '../../../src/coordinator/commands/run-shell-command.ts')}';
    import { realClock } from '${join(import.meta.dirname, '../../../src/runtime/clock.ts')}';
    const never = new AbortController().signal;
    void runShellCommand({ text: 'sleep 60; : ${mark}', cwd: '/', environment: process.env, stdoutFile: '${directory}/o',
      stderrFile: '${directory}/e', stop: never, kill: never }, { clock: realClock });
    setTimeout(() => process.exit(0), 100);`,
  );
  await promisify(execFile)(process.execPath, ['--import=tsx', script], { cwd: join(import.meta.dirname, '../../..') });
  t.deepEqual(await processesWith(mark), []);
});
