import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ProcessGuardOptions } from '../config/process-guard-options.js';
import type { Clock } from '../runtime/clock.js';
import { GumbyError, toError } from '../runtime/errors.js';
import { runCommand, type RunCommandInit } from './run-command.js';
import type { CommandResult } from './run-result.js';

export interface ProcessGuardInit
  extends Pick<RunCommandInit, 'cwd' | 'environment' | 'stop' | 'kill'> {
  readonly guard: ProcessGuardOptions;
  /** Where the output goes when the guard was not told. */
  readonly outputDir: string;
  /** Number of the first command's files: those before it are taken. */
  readonly firstNumber: number;
}

/**
 * Starts the commands of a process guard, all at once, each with its output in `NNNNN.out` and `NNNNN.err`, and ends whole
 * process groups at the limit.
 * @throws GumbyError FILE_UNREADABLE for the file of commands, OUTPUT_WRITE_FAILED
 */
export async function runProcessGuard(init: ProcessGuardInit, components: { readonly clock: Clock }): Promise<readonly CommandResult[]> {
  const { guard, cwd, environment, stop, kill, firstNumber } = init;
  const directory = guard.outputDir === undefined ? init.outputDir : resolve(cwd, guard.outputDir);
  const commands = allCommands(guard, cwd);
  return Promise.all(
    commands.map((text, index) => {
      const number = String(firstNumber + index).padStart(5, '0');
      return runCommand(
        {
          text,
          cwd,
          environment,
          stop,
          kill,
          stdoutFile: join(directory, `${number}.out`),
          stderrFile: join(directory, `${number}.err`),
          timeoutMs: guard.timeoutMs,
          waitForGroup: true,
        },
        components,
      );
    }),
  );
}

/** Whether a guarded command failed; one that the guard itself ended at its limit did not, unless it was told so. */
export function guardedCommandFailed(result: CommandResult, guard: ProcessGuardOptions): boolean {
  return result.timedOut ? guard.failOnTimeout : result.exitCode !== 0;
}

function allCommands(guard: ProcessGuardOptions, cwd: string): readonly string[] {
  const once = [...guard.commands, ...(guard.commandsFile === undefined ? [] : linesOf(resolve(cwd, guard.commandsFile)))];
  return once.flatMap((command) => Array.from({ length: guard.repetitions }, () => command));
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/).filter((line) => line.trim() !== '');
  } catch (cause) {
    throw new GumbyError('FILE_UNREADABLE', `cannot read the commands in ${file} (process_guard.py -f): ${toError(cause).message}`, { cause });
  }
}
