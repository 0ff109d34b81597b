import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { splitShellWords } from '../runtime/shell-words.js';
import { expandVariables } from './expand-variables.js';

/** The options that a process guard is given. */
export interface ProcessGuardOptions {
  /** `-c`, each once. */
  readonly commands: readonly string[];
  /** `-n`: each command this many times. */
  readonly repetitions: number;
  /** `-f`: a file with one more command a line. */
  readonly commandsFile?: string;
  /** `-t`: limit in milliseconds, 0 for none. */
  readonly timeoutMs: number;
  /** `-T`: reaching the limit is a failure. */
  readonly failOnTimeout: boolean;
  /** `-m`: where resource samples go. */
  readonly monitorDir?: string;
  /** `-o`: where the commands' output goes. */
  readonly outputDir?: string;
  /** `-i`: the time between two samples. */
  readonly intervalMs: number;
  /** `--network`: whether network counters are sampled as well. */
  readonly network: boolean;
}

export type GuardResult =
  | { readonly ok: true; readonly guard: ProcessGuardOptions }
  | { readonly ok: false; readonly message: string; readonly hint?: string };

const HINT =
  'process_guard.py takes -c COMMAND (repeated), -n COUNT, -f FILE, -t SECONDS, -T, -m DIR, -o DIR, -i SECONDS, --network';

/**
 * Parses the command line of a `process_guard.py`. A `$NAME` stays within its word, whatever the value holds, so that a
 * directory may have a space in its name; the `$NAME` of the guarded commands are left to the shell that runs them.
 */
export function parseGuard(text: string, variables: Readonly<Record<string, string>>): GuardResult {
  const split = splitShellWords(text);
  if (!split.ok) return { ok: false, message: split.message };
  const words = split.words.map((word) => word.text);
  const args = words.slice(1 + words.findIndex((word) => basename(word) === 'process_guard.py'));
  const expand = (value: string) => expandVariables(value, variables);
  try {
    const { values } = parseArgs({ args, options: OPTIONS, strict: true });
    const commands = (values.command ?? []).map((command) => command.trim()).filter((command) => command !== '');
    if (commands.length === 0 && values['commands-file'] === undefined)
      return { ok: false, message: 'process_guard.py is given no command', hint: HINT };
    return {
      ok: true,
      guard: {
        commands,
        repetitions: number('-n', expand(values.number ?? '1'), 1, true),
        timeoutMs: number('-t', expand(values.timeout ?? '0'), 0) * 1000,
        failOnTimeout: values['fail-on-timeout'] ?? false,
        intervalMs: number('-i', expand(values.interval ?? '1'), 0.001) * 1000,
        network: values.network ?? false,
        ...(values['commands-file'] === undefined ? {} : { commandsFile: expand(values['commands-file']) }),
        ...(values['monitor-dir'] === undefined ? {} : { monitorDir: expand(values['monitor-dir']) }),
        ...(values['output-dir'] === undefined ? {} : { outputDir: expand(values['output-dir']) }),
      },
    };
  } catch (error) {
    return { ok: false, message: `process_guard.py: ${(error as Error).message}`, hint: HINT };
  }
}

const OPTIONS = {
  command: { type: 'string', short: 'c', multiple: true },
  number: { type: 'string', short: 'n' },
  'commands-file': { type: 'string', short: 'f' },
  timeout: { type: 'string', short: 't' },
  'fail-on-timeout': { type: 'boolean', short: 'T' },
  'monitor-dir': { type: 'string', short: 'm' },
  'output-dir': { type: 'string', short: 'o' },
  interval: { type: 'string', short: 'i' },
  network: { type: 'boolean' },
} as const;

function number(option: string, text: string, min: number, whole = false): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= min) || !Number.isFinite(value) || (whole && !Number.isInteger(value)))
    throw new Error(`${option} is "${text}", expected ${whole ? 'an integer' : 'a number'} of at least ${min}`);
  return value;
}
