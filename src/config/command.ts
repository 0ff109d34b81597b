import { basename } from 'node:path';
import { splitShellWords } from '../runtime/shell-words.js';
import { expandVariables } from './expand-variables.js';
import { parseGuard, type ProcessGuardOptions } from './process-guard-options.js';
import { programOf } from './program-of.js';

/** A command of the run other than the one that starts the instances. */
export type RunCommand =
  | { readonly kind: 'none' }
  /** A command that this program has a meaning for, known by its file name. */
  | { readonly kind: 'built-in'; readonly name: string; readonly text: string }
  /** A command for the shell. The shell finds every option in its environment: `$NAME` is left to the shell, and to its rules of quoting. */
  | { readonly kind: 'shell'; readonly text: string };

/** What `local_instance_cmd` asks for. */
export type InstanceCommand =
  /** Instances in this process; `count` is there when the command says how many. */
  | { readonly kind: 'instances'; readonly count?: number; readonly guard?: ProcessGuardOptions }
  /** External commands under a process guard, and perhaps instances beside them. */
  | { readonly kind: 'guard'; readonly guard: ProcessGuardOptions; readonly count: number }
  | { readonly kind: 'shell'; readonly text: string }
  /** A run on a cluster. */
  | { readonly kind: 'cluster'; readonly name: string };

export type InstanceCommandResult =
  | { readonly ok: true; readonly command: InstanceCommand }
  | { readonly ok: false; readonly message: string; readonly hint?: string };

/** Every option of the experiment in upper case. */
export type Variables = Readonly<Record<string, string>>;

/** The command that starts one instance. */
const LAUNCH = 'launch_scenario.py';

/** Commands with a meaning of their own, by file name; the directory of the file does not matter. */
const BUILT_IN = new Set([
  LAUNCH,
  'experiment_server.py',
  'run_tracker.sh',
  'post_process_dispersy_experiment.sh',
  'graph_process_guard_data.sh',
  'das4_setup.sh',
]);

const GUARD = 'process_guard.py';

const CLUSTER = new Set(['das4_reserve_and_run.sh', 'das_reserve_and_run.sh']);

/** Parses any command but the one that starts the instances. */
export function parseCommand(text: string, variables: Variables): RunCommand {
  if (text.trim() === '') return { kind: 'none' };
  const name = programOf(expandVariables(text, variables));
  return name !== undefined && BUILT_IN.has(name) ? { kind: 'built-in', name, text } : { kind: 'shell', text };
}

/**
 * Parses `local_instance_cmd`.
 * @param commandsIn - gives the commands in the file that a guard is given with `-f`; undefined when the file is not to be read yet
 */
export function parseInstanceCommand(
  text: string,
  variables: Variables,
  commandsIn: (file: string) => readonly string[] | undefined = () => undefined,
): InstanceCommandResult {
  const name = programOf(expandVariables(text, variables));
  if (text.trim() === '' || name === LAUNCH) return { ok: true, command: { kind: 'instances' } };
  if (name !== undefined && CLUSTER.has(name)) return { ok: true, command: { kind: 'cluster', name } };
  if (name !== GUARD) return { ok: true, command: { kind: 'shell', text } };
  const parsed = parseGuard(text, variables);
  if (!parsed.ok) return parsed;
  const { commandsFile, ...guard } = parsed.guard;
  const more = commandsFile === undefined ? undefined : commandsIn(commandsFile);
  const whole = more === undefined ? parsed.guard : { ...guard, commands: [...guard.commands, ...more] };
  if (whole.commands.length === 0 && more !== undefined)
    return { ok: false, message: `process_guard.py is given no command: there is none in ${commandsFile ?? ''}` };
  return { ok: true, command: guardCommand(whole, variables) };
}

/** The built-in command that a line of several commands names, if it names one: no built-in command is a program that a shell could find. */
export function builtInAmong(text: string): string | undefined {
  const split = splitShellWords(text);
  if (programOf(text) !== undefined || !split.ok) return undefined;
  const written = split.words.map(({ offset, length }) => text.slice(offset, offset + length));
  const programs = written.filter((_, index) => /^$|[;&|(]$/.test(written[index - 1] ?? ''));
  const names = programs.map((word) => basename(word.replace(/^\(+|[;&|)]+$/g, '')));
  return names.find((name) => BUILT_IN.has(name) || CLUSTER.has(name) || name === GUARD);
}

/**
 * What the command line of a process guard means here: each `launch_scenario.py` is an instance of this process, every
 * other command really runs.
 */
function guardCommand(guard: ProcessGuardOptions, variables: Variables): InstanceCommand {
  const external = guard.commands.filter((command) => programOf(expandVariables(command, variables)) !== LAUNCH);
  const count = (guard.commands.length - external.length) * guard.repetitions;
  return external.length === 0 && guard.commandsFile === undefined
    ? { kind: 'instances', count, guard }
    : { kind: 'guard', guard: { ...guard, commands: external }, count };
}
