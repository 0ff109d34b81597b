import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { loadExperiment, type LoadResult } from '../runner.js';

/** Options of every command that reads a configuration. */
export interface LoadOptions {
  readonly set: readonly string[];
  readonly output?: string;
  readonly seed?: string;
}

/** Adds `--set` and `--seed`. */
export function withLoadOptions(command: Command): Command {
  return command
    .option('--set <KEY=VALUE>', 'set an option, stronger than file and environment (may be repeated)', collect, [])
    .option('--seed <SEED>', 'seed of all chance in the run: the same seed gives the same choices');
}

/** Loads an experiment as the command line, the environment and the working directory say. */
export function loadFromCommandLine(confFile: string, options: LoadOptions): Promise<LoadResult> {
  const set = [
    ...options.set,
    ...(options.output === undefined ? [] : [`output_dir=${options.output}`]),
    ...(options.seed === undefined ? [] : [`seed=${options.seed}`]),
  ];
  return loadExperiment({ confFile, projectDir: process.cwd(), environment: process.env, set, user: userName() });
}

function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

/** A user without an entry in the password file is known by number alone. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? '');
  }
}
