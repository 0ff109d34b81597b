import { basename } from 'node:path';
import { splitShellWords } from '../runtime/shell-words.js';
import { parseGuard, type ProcessGuardOptions } from './process-guard-options.js';

/** A command of the run other than that of the instances. */
export type RunCommand =
  | { readonly kind: 'none' }
  /** One that this program has a meaning for, by file name. */
  | { readonly kind: 'built-in'; readonly name: string; readonly text: string }
  /** One for the shell. */
  | { readonly kind: 'shell'; readonly text: string };

/** What `local_instance_cmd` asks for. */
export type InstanceCommand =
  /** Instances in this process; how many, where the command says so. */
  | { readonly kind: 'instances'; readonly count?: number; readonly guard?: ProcessGuardOptions }
  /** External commands under a process guard, and perhaps instances beside them. */
  | { readonly kind: 'guard'; readonly guard: ProcessGuardOptions; readonly count: number }
  | { readonly kind: 'shell'; readonly text: string }
  /** A run on a cluster. */
  | { readonly kind: 'cluster'; readonly name: string };

export type InstanceCommandResult =
  | { readonly ok: true; readonly command: InstanceCommand }
  | { readonly ok: false; readonly message: string; readonly hint?: string };

/** Commands with a meaning of their own; where it stands does not matter, only the file name. */
const BUILT_IN = new Set([
  'launch_scenario.py',
  'experiment_server.py',
  'run_tracker.sh',
  'post_process_dispersy_experiment.sh',
  'graph_process_guard_data.sh',
  'das4_setup.sh',
]);

const CLUSTER = new Set(['das4_reserve_and_run.sh', 'das_reserve_and_run.sh']);

/** @param text - with `$NAME` already replaced */
export function parseRunCommand(text: string): RunCommand {
  if (text.trim() === '') return { kind: 'none' };
  const name = programOf(text);
  return name !== undefined && BUILT_IN.has(name) ? { kind: 'built-in', name, text } : { kind: 'shell', text };
}

/** @param text - with `$NAME` already replaced */
export function parseInstanceCommand(text: string): InstanceCommandResult {
  const name = programOf(text);
  if (text.trim() === '' || name === 'launch_scenario.py') return { ok: true, command: { kind: 'instances' } };
  if (name !== undefined && CLUSTER.has(name)) return { ok: true, command: { kind: 'cluster', name } };
  if (name !== 'process_guard.py') return { ok: true, command: { kind: 'shell', text } };
  const parsed = parseGuard(text);
  if (!parsed.ok) return parsed;
  const { guard } = parsed;
  const launches = guard.commands.filter((command) => programOf(command) === 'launch_scenario.py');
  const external = guard.commands.filter((command) => programOf(command) !== 'launch_scenario.py');
  const count = launches.length * guard.repetitions;
  if (external.length === 0 && guard.commandsFile === undefined)
    return { ok: true, command: { kind: 'instances', count, guard } };
  return { ok: true, command: { kind: 'guard', guard: { ...guard, commands: external }, count } };
}

/** The file name of the program that a command line runs; an interpreter before a script is looked through. */
export function programOf(text: string): string | undefined {
  const split = splitShellWords(text.trim().replace(/^\(\s*|\s*\)$/g, ''));
  if (!split.ok) return undefined;
  const names = split.words.map((word) => basename(word.text));
  return /^(python[\d.]*|sh|bash)$/.test(names[0] ?? '') && names[1] !== undefined && BUILT_IN.has(names[1]) ? names[1] : names[0];
}
