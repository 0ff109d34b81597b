import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { commandsOf } from '../../config/commands-file.js';
import type { ProcessGuardOptions } from '../../config/process-guard-options.js';
import type { CommandMonitor } from '../../monitor/command-monitor.js';
import { numberedStem, streamFiles } from '../../output/stream-files.js';
import type { Clock } from '../../runtime/clock.js';
import { GumbyError, toError } from '../../runtime/errors.js';
import { readTextFile } from '../../runtime/read-text-file.js';
import { runShellCommand, type ShellCommandInit } from './run-shell-command.js';
import type { CommandResult } from '../../output/record/run-result.js';

export interface ProcessGuardInit extends Pick<ShellCommandInit, 'cwd' | 'environment' | 'stop' | 'kill'> {
  readonly guard: ProcessGuardOptions;
  /** The directory for the output when the guard was given none. */
  readonly outputDir: string;
  /** Number of the first command's files: smaller numbers are taken. */
  readonly firstNumber: number;
  /** Watches the resources that the commands use. */
  readonly monitor?: CommandMonitor;
  /** Is told of each command as it ends, while others may go on. */
  readonly onEnd?: (result: CommandResult) => void;
}

/**
 * Starts the commands of a process guard, all at once, each with its output in `NNNNN.out` and `NNNNN.err`, and ends whole
 * process groups at the limit. When a command cannot be started at all, the others are ended before the error is
 * thrown. @returns the results in the order of the commands; `guardedCommandFailed` tells which of them failed
 * @throws GumbyError FILE_UNREADABLE for the file of commands, OUTPUT_WRITE_FAILED, COMMAND_FAILED
 */
export async function runProcessGuard(
  init: ProcessGuardInit,
  components: { readonly clock: Clock },
): Promise<readonly CommandResult[]> {
  const { guard, cwd, environment, kill, firstNumber } = init;
  const commands = allCommands(guard, cwd);
  const directory = makeDirectory(guard.outputDir === undefined ? init.outputDir : resolve(cwd, guard.outputDir));
  const givenUp = new AbortController();
  const stop = AbortSignal.any([init.stop, givenUp.signal]);
  const run = async (text: string, index: number): Promise<CommandResult> => {
    const stem = numberedStem(firstNumber + index);
    const files = streamFiles(directory, stem);
    const watch = watched(init.monitor, stem);
    const limits = { ...watch, stop, kill, timeoutMs: guard.timeoutMs, waitForGroup: true };
    try {
      const result = await runShellCommand({ text, cwd, environment, ...files, ...limits }, components);
      init.onEnd?.(result);
      return result;
    } catch (error) {
      givenUp.abort();
      throw error;
    }
  };
  const settled = await Promise.allSettled(commands.map(run));
  return settled.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}

/** The hooks of a command that is watched under this name. */
export function watched(
  monitor: CommandMonitor | undefined,
  name: string,
): Required<Pick<ShellCommandInit, 'onStart' | 'onGone'>> {
  return { onStart: (group) => monitor?.watch(name, group), onGone: (group) => monitor?.unwatch(group) };
}

/** Whether a guarded command failed; a command that the guard itself ended at its limit has failed only if the guard was told so. */
export function guardedCommandFailed(result: CommandResult, guard: ProcessGuardOptions): boolean {
  return result.timedOut ? guard.failOnTimeout : result.exitCode !== 0;
}

function allCommands(guard: ProcessGuardOptions, cwd: string): readonly string[] {
  const fromFile = guard.commandsFile === undefined ? [] : readCommands(resolve(cwd, guard.commandsFile));
  return [...guard.commands, ...fromFile].flatMap((command) =>
    Array.from({ length: guard.repetitions }, () => command),
  );
}

function readCommands(file: string): readonly string[] {
  const result = readTextFile(file);
  if (result.ok) return commandsOf(result.text);
  const why = result.cause?.message ?? result.message;
  throw new GumbyError('FILE_UNREADABLE', `cannot read the commands in ${file} (process_guard.py -f): ${why}`, {
    context: { file },
    cause: result.cause,
  });
}

export function makeDirectory(directory: string): string {
  try {
    mkdirSync(directory, { recursive: true });
    return directory;
  } catch (cause) {
    throw new GumbyError('OUTPUT_WRITE_FAILED', `cannot make the directory ${directory}: ${toError(cause).message}`, {
      context: { directory },
      cause,
    });
  }
}
