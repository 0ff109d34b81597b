import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { OrphanGuard } from '../../../src/coordinator/commands/orphan-guard.js';
import { runShellCommand } from '../../../src/coordinator/commands/run-shell-command.js';
import { realClock } from '../../../src/runtime/clock.js';
import { appeared } from '../../support/appeared.js';
import { childrenOf, processesWith } from '../../support/processes.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const ROOT = join(import.meta.dirname, '../../..');

/** A text in the command lines of a test, by which its processes are found. */
function markOf(t: ExecutionContext): string {
  return `mark-${process.pid}-${t.title.replaceAll(/\W+/g, '-')}`;
}

/** Resolves when no process with the mark is left; the test's own limit ends the wait. */
async function allGone(mark: string): Promise<void> {
  while ((await processesWith(mark)).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** A process that runs these commands, and is killed once each has made a file `up-N`. */
async function killedWhileRunning(t: ExecutionContext, commands: readonly string[]): Promise<string> {
  const directory = await temporaryDirectory(t);
  const script = join(directory, 'coordinator.mts');
  const init = commands.map((text, index) => ({
    text,
    cwd: directory,
    stdoutFile: join(directory, `${index}.out`),
    stderrFile: join(directory, `${index}.err`),
    waitForGroup: true,
  }));
  await writeFile(
    script,
    `import { runShellCommand } from '${join(ROOT, 'src/coordinator/commands/run-shell-command.ts')}';
    import { realClock } from '${join(ROOT, 'src/runtime/clock.ts')}';
    const never = new AbortController().signal;
    for (const init of ${JSON.stringify(init)})
      void runShellCommand({ ...init, environment: process.env, stop: never, kill: never }, { clock: realClock });`,
  );
  const coordinator = spawn(process.execPath, ['--import=tsx', script], { cwd: ROOT, stdio: 'inherit' });
  const exit = once(coordinator, 'exit');
  for (const index of commands.keys()) await appeared(join(directory, `up-${index}`));
  coordinator.kill('SIGKILL');
  t.deepEqual(await exit, [null, 'SIGKILL']);
  return directory;
}

test('when this process is killed, all that its commands have started ends, each in its own way', async (t) => {
  const mark = markOf(t);
  const directory = await killedWhileRunning(t, [
    `trap 'echo bye; exit' TERM; touch up-0; while :; do sleep 0.05; done; : ${mark}`,
    `yes > /dev/null & sh -c 'sleep 61; : ${mark}' & touch up-1; sleep 62; : ${mark}`,
    `(sleep 63; : ${mark}) & touch up-2`,
  ]);
  await allGone(mark);
  t.is(await readFile(join(directory, '0.out'), 'utf8'), 'bye\n');
});

test('what does not listen is ended by force after the grace', async (t) => {
  const mark = markOf(t);
  const command = `trap '' TERM; sh -c 'trap "" TERM; while :; do sleep 1; done; : ${mark}' & touch up-0; while :; do sleep 1; done`;
  await killedWhileRunning(t, [command]);
  await allGone(mark);
  t.pass();
});

test('a command whose process is killed before the command is guarded never begins', async (t) => {
  const directory = await temporaryDirectory(t);
  const script = join(directory, 'coordinator.mts');
  // The process dies in the very moment in which it would have the command guarded.
  await writeFile(
    script,
    `import { OrphanGuard } from '${join(ROOT, 'src/coordinator/commands/orphan-guard.ts')}';
    import { runShellCommand } from '${join(ROOT, 'src/coordinator/commands/run-shell-command.ts')}';
    import { realClock } from '${join(ROOT, 'src/runtime/clock.ts')}';
    OrphanGuard.prototype.add = () => process.kill(process.pid, 'SIGKILL');
    const never = new AbortController().signal;
    await runShellCommand({ text: 'touch begun', cwd: '${directory}', environment: process.env, stdoutFile: '${directory}/o',
      stderrFile: '${directory}/e', stop: never, kill: never }, { clock: realClock });`,
  );
  const mark = join(directory, 'o');
  const coordinator = spawn(process.execPath, ['--import=tsx', script], { cwd: ROOT, stdio: 'inherit' });
  t.deepEqual(await once(coordinator, 'exit'), [null, 'SIGKILL']);
  t.is(await readFile(mark, 'utf8'), '', 'the command got as far as its files');
  await allGone('touch begun');
  await t.throwsAsync(readFile(join(directory, 'begun')), { code: 'ENOENT' });
});

test.serial('a guard that somebody ends is started again, and ends with the last of its groups', async (t) => {
  const guards = async () => (await childrenOf(process.pid)).filter(([, line]) => line.includes('read -r what group'));
  const guard = new OrphanGuard();
  const sleeper = spawn('sleep', ['64'], { detached: true });
  t.teardown(() => sleeper.kill('SIGKILL'));
  guard.add(sleeper.pid as number);
  const [first] = await guards();
  process.kill(first?.[0] as number, 'SIGKILL');
  for (let now = await guards(); now.length === 0 || now[0]?.[0] === first?.[0]; now = await guards())
    await new Promise((resolve) => setTimeout(resolve, 10));
  guard.remove(sleeper.pid as number);
  while ((await guards()).length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  t.is(sleeper.exitCode, null, 'what is no longer guarded is left alone');
});

test.serial('commands at the same time share one guard, and none is left when they have ended', async (t) => {
  const directory = await temporaryDirectory(t);
  const never = new AbortController().signal;
  const guards = async () => (await childrenOf(process.pid)).filter(([, line]) => line.includes('read -r what group'));
  const running = Array.from({ length: 5 }, (_, index) =>
    runShellCommand(
      {
        text: `touch up-${index}; while ! test -e go; do sleep 0.02; done`,
        cwd: directory,
        environment: { PATH: process.env['PATH'] },
        stdoutFile: join(directory, 'out'),
        stderrFile: join(directory, 'err'),
        stop: never,
        kill: never,
      },
      { clock: realClock },
    ),
  );
  for (let index = 0; index < 5; index++) await appeared(join(directory, `up-${index}`));
  t.is((await guards()).length, 1);
  await writeFile(join(directory, 'go'), '');
  await Promise.all(running);
  while ((await guards()).length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
});
