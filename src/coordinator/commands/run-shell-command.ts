import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { execa } from 'execa';
import { writeFailed } from '../../output/write-output-file.js';
import type { Clock } from '../../runtime/clock.js';
import { GumbyError, toError } from '../../runtime/errors.js';
import { ProcessGroup } from './process-group.js';
import type { CommandResult } from '../../output/record/run-result.js';

export interface ShellCommandInit {
  /** The command line for the shell. */
  readonly text: string;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The file for standard output; it is made, or written to at its end. */
  readonly stdoutFile: string;
  readonly stderrFile: string;
  /** Aborted to end the command, which is given time to end by itself. */
  readonly stop: AbortSignal;
  /** Aborted to end the command at once. */
  readonly kill: AbortSignal;
  /** Are told of the process group when it starts and when it is gone. */
  readonly onStart?: (group: number) => void;
  readonly onGone?: (group: number) => void;
  /** The time limit; 0 for none. @default 0 */
  readonly timeoutMs?: number;
  /** Whether processes that the command leaves behind in its group belong to it and are waited for. @default false */
  readonly waitForGroup?: boolean;
}

/**
 * Runs a command line by the shell, in a process group of its own, and resolves when it is gone – with everything that it
 * started and left in its group. A command that fails is a result.
 * @throws GumbyError OUTPUT_WRITE_FAILED naming the file that cannot be made or written; COMMAND_FAILED when there is
 * no shell to be started
 */
export async function runShellCommand(
  init: ShellCommandInit,
  { clock }: { readonly clock: Clock },
): Promise<CommandResult> {
  const startedMs = clock.nowMs();
  const leader = start(init);
  if (leader.pid === undefined) throw startError(init, (await leader).cause);
  const { pid } = leader;
  // From here on the command cannot outlive this process, and may begin.
  const group = new ProcessGroup(pid, clock);
  leader.stdin.end('begin\n');
  init.onStart?.(pid);
  let timedOut = false;
  const onStop = () => group.terminate();
  const onKill = () => group.kill();
  const onTimeout = () => {
    timedOut = true;
    group.terminate();
  };
  const { timeoutMs = 0 } = init;
  const timer = timeoutMs > 0 ? clock.schedule(timeoutMs, onTimeout) : undefined;
  listen(init.stop, onStop);
  listen(init.kill, onKill);
  try {
    const { exitCode, signal } = await leader;
    if (init.waitForGroup !== true) group.terminate();
    await group.gone();
    if (exitCode !== undefined && exitCode !== 0) checkOutputFiles(init);
    return {
      command: init.text,
      ...(exitCode === undefined ? {} : { exitCode }),
      ...(signal === undefined ? {} : { signal }),
      timedOut,
      durationMs: Math.round(clock.nowMs() - startedMs),
    };
  } finally {
    timer?.cancel();
    init.stop.removeEventListener('abort', onStop);
    init.kill.removeEventListener('abort', onKill);
    group.release();
    init.onGone?.(pid);
  }
}

/** execa takes any descriptor, but its types know these only. */
type ExecaDescriptor = 3 | 4;

/** Runs its argument once it reads a line, and never when the process that should write the line is gone. */
const ON_WORD = 'read -r word && exec "$0" -c "$1" < /dev/null';

/** The files are handed to the command itself, so that its output does not pass through our memory. */
function start({ text, cwd, environment, stdoutFile, stderrFile }: ShellCommandInit) {
  const descriptors: number[] = [];
  try {
    const [stdout, stderr] = [stdoutFile, stderrFile].map((file) => {
      const descriptor = openOutput(file);
      descriptors.push(descriptor);
      return descriptor;
    }) as [ExecaDescriptor, ExecaDescriptor];
    return execa('/bin/sh', ['-c', ON_WORD, '/bin/sh', text], {
      cwd,
      env: definedOnly(environment),
      extendEnv: false,
      stdin: 'pipe',
      stdout,
      stderr,
      // The command has a group of its own, so that signals reach the processes that it starts and no others.
      detached: true,
      reject: false,
    });
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
  }
}

function definedOnly(environment: ShellCommandInit['environment']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function openOutput(file: string): number {
  try {
    return openSync(file, 'a');
  } catch (cause) {
    throw writeFailed(file, cause);
  }
}

/**
 * The reason why a command failed is its own affair, unless the disk was full: to find out, one byte more is written, and taken back at once.
 */
function checkOutputFiles({ stdoutFile, stderrFile }: ShellCommandInit): void {
  for (const file of [stdoutFile, stderrFile]) {
    const descriptor = openOutput(file);
    try {
      const { size } = fstatSync(descriptor);
      writeSync(descriptor, '\n');
      ftruncateSync(descriptor, size);
    } catch (cause) {
      throw writeFailed(file, cause);
    } finally {
      closeSync(descriptor);
    }
  }
}

function startError({ text, cwd }: ShellCommandInit, cause: unknown): GumbyError {
  const reason = cause === undefined ? 'unknown' : toError(cause).message;
  return new GumbyError('COMMAND_FAILED', `cannot start a shell in ${cwd} for "${text}": ${reason}`, {
    context: { command: text },
    cause,
  });
}

function listen(signal: AbortSignal, listener: () => void): void {
  if (signal.aborted) listener();
  else signal.addEventListener('abort', listener, { once: true });
}
