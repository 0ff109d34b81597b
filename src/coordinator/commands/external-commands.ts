import { delimiter, resolve } from 'node:path';
import type { RunCommand } from '../../config/command.js';
import type { ProcessGuardOptions } from '../../config/process-guard-options.js';
import { CommandMonitor } from '../../monitor/command-monitor.js';
import { type StreamFiles, streamFiles } from '../../output/stream-files.js';
import { trackerFiles } from '../../output/tracker-files.js';
import { GumbyError, toError } from '../../runtime/errors.js';
import { guardedCommandFailed, makeDirectory, runProcessGuard, watched } from './process-guard.js';
import type { RunContext } from '../run/run-context.js';
import { runShellCommand, type ShellCommandInit } from './run-shell-command.js';
import type { CommandResult } from '../../output/record/run-result.js';

/**
 * Runs `local_setup_cmd` or `post_process_cmd`.
 * @param name - the option, which also names the files that take its output: `local_setup_cmd.out`
 * @throws GumbyError COMMAND_FAILED, TIME_LIMIT_REACHED
 */
export async function runStageCommand(
  run: RunContext,
  name: string,
  command: RunCommand,
  timeoutMs: number,
): Promise<CommandResult | undefined> {
  // A built-in command is not run: what it does is part of every run.
  if (command.kind !== 'shell') return undefined;
  const result = await runShellCommand(
    { ...surroundings(run), ...outputFiles(run, name), text: command.text, timeoutMs },
    { clock: run.clocks.machine },
  );
  if (run.stop.aborted) return result;
  if (result.timedOut)
    throw new GumbyError(
      'TIME_LIMIT_REACHED',
      `${name} did not finish within ${timeoutMs / 1000} s (experiment_time): ${command.text}`,
    );
  if (result.exitCode !== 0) throw failure(name, result, outputFiles(run, name).stderrFile);
  return result;
}

/**
 * Runs the external commands of `local_instance_cmd`, beside the instances; failures are recorded, and the others go on.
 * @param stop - ends them, e.g. when the experiment's time is over
 */
export async function runInstanceCommands(run: RunContext, stop: AbortSignal): Promise<readonly CommandResult[]> {
  const { localInstances, instanceCount, monitorIntervalMs } = run.experiment.config;
  if (localInstances.kind === 'shell') {
    const files = outputFiles(run, 'local_instance_cmd');
    const result = await runShellCommand(
      {
        ...surroundings(run),
        ...files,
        ...watched(monitorOf(run, { intervalMs: monitorIntervalMs, network: false }), 'local_instance_cmd'),
        stop,
        text: localInstances.text,
        waitForGroup: true,
      },
      { clock: run.clocks.machine },
    );
    if (result.exitCode !== 0 && !stop.aborted)
      run.failures.add(failure('local_instance_cmd', result, files.stderrFile));
    return [result];
  }
  if (localInstances.kind !== 'guard') return [];
  const { guard } = localInstances;
  // A command is judged at the moment of its end: a command that fails before everything is stopped has failed, whatever happens afterwards.
  const onEnd = (result: CommandResult) => {
    if (!stop.aborted && guardedCommandFailed(result, guard))
      run.failures.add(failure('process_guard.py', result, run.outputDir));
  };
  const files = { outputDir: run.outputDir, firstNumber: instanceCount + 1 };
  const monitor = monitorOf(run, guard);
  return runProcessGuard(
    { ...surroundings(run), ...files, stop, guard, monitor, onEnd },
    { clock: run.clocks.machine },
  );
}

/** Makes the monitor of the commands. Its table lies in the directory that the guard was given, or with all other tables. */
function monitorOf(
  run: RunContext,
  { intervalMs, network, monitorDir }: Pick<ProcessGuardOptions, 'intervalMs' | 'network' | 'monitorDir'>,
): CommandMonitor {
  const directory =
    monitorDir === undefined ? run.outputDir : makeDirectory(resolve(run.experiment.config.projectDir, monitorDir));
  return new CommandMonitor(
    { directory, intervalMs, network },
    { clock: run.clocks.machine, onFailure: (error) => run.failures.add(toError(error)) },
  );
}

/** Runs an external `tracker_cmd` for as long as `stop` is not aborted. */
export async function runTrackerCommand(run: RunContext, text: string, stop: AbortSignal): Promise<CommandResult> {
  const { stdoutFile, stderrFile } = trackerFiles(run.outputDir);
  return runShellCommand(
    { ...surroundings(run), stdoutFile, stderrFile, stop, text, waitForGroup: true },
    { clock: run.clocks.machine },
  );
}

/** The directory and the environment of every command of a run. */
function surroundings(run: RunContext): Pick<ShellCommandInit, 'cwd' | 'environment' | 'stop' | 'kill'> {
  const { config } = run.experiment;
  const path = [config.experimentDir, run.environment['PATH'] ?? ''].join(delimiter);
  return {
    cwd: config.projectDir,
    environment: { ...run.environment, ...config.variables, PATH: path },
    stop: run.stop,
    kill: run.kill,
  };
}

function outputFiles(run: RunContext, name: string): StreamFiles {
  return streamFiles(run.outputDir, name);
}

function failure(name: string, result: CommandResult, where: string): GumbyError {
  const how =
    result.exitCode === undefined
      ? `was ended by ${result.signal ?? 'a signal'}`
      : `ended with exit code ${result.exitCode}`;
  const limit = result.timedOut ? ' at its limit' : '';
  return new GumbyError('COMMAND_FAILED', `${name}: "${result.command}" ${how}${limit} (see ${where})`, {
    context: { command: result.command, exitCode: result.exitCode },
  });
}
