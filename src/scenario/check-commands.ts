import type { Diagnostic } from '../runtime/diagnostic.js';
import { convertArgument, type Parameter } from '../runtime/parameter.js';
import { suggestionFor } from '../runtime/suggestion.js';
import { builtInCommands } from './built-in-commands.js';
import type { CommandDescription } from './command-description.js';
import type { ArgumentWord, Scenario, ScenarioEvent, ScenarioPlace } from './scenario.js';

export interface CheckCommandsOptions {
  /** Whether these are all commands; when a module is missing, an unknown name says nothing. @default true */
  readonly allKnown?: boolean;
}

/**
 * Holds every event of a scenario against the commands of its modules and the built-in ones. A name that several modules
 * offer must suit each of them. One mistake is one diagnostic, however often a loop repeats it.
 */
export function checkCommands(
  scenario: Scenario,
  commands: readonly CommandDescription[],
  { allKnown = true }: CheckCommandsOptions = {},
): readonly Diagnostic[] {
  const byName = new Map<string, CommandDescription[]>();
  for (const command of [...builtInCommands, ...commands])
    for (const name of command.names) byName.set(name, [...(byName.get(name) ?? []), command]);
  const names = [...byName.keys()];
  const found = new Map<string, Diagnostic>();
  for (const event of scenario.events) {
    // What `set` may be given was checked where it binds.
    if (event.command === 'set' || (!allKnown && !byName.has(event.command))) continue;
    for (const diagnostic of checkEvent(event, byName, names)) {
      const key = `${diagnostic.file}:${diagnostic.line ?? 0}:${diagnostic.column ?? 0}:${problemOf(diagnostic)}`;
      if (!found.has(key)) found.set(key, diagnostic);
    }
  }
  return [...found.values()];
}

/** Without the value, which differs from one round of a loop to the next. */
function problemOf({ hint, message }: Diagnostic): string {
  return hint ?? message;
}

function checkEvent(
  event: ScenarioEvent,
  byName: ReadonlyMap<string, readonly CommandDescription[]>,
  names: readonly string[],
): readonly Diagnostic[] {
  const commands = byName.get(event.command);
  if (commands !== undefined) return commands.flatMap((command) => checkArguments(event, command));
  const suggestion = suggestionFor(event.command, names);
  const question = suggestion === undefined ? '' : `: did you mean "${suggestion}"?`;
  return [complaint(event.place, `unknown command "${event.command}"${question}`)];
}

function checkArguments(event: ScenarioEvent, command: CommandDescription): readonly Diagnostic[] {
  const { parameters } = command;
  const rest = parameters.find((parameter) => parameter.rest === true);
  const single = parameters.filter((parameter) => parameter !== rest);
  const usage = `usage: ${usageOf(command)}`;
  const diagnostics: Diagnostic[] = [];
  const given = new Set<string>();
  let position = 0;
  for (const word of event.words) {
    const place = { ...event.place, column: word.column, length: word.length };
    const parameter = word.name === undefined ? (single[position++] ?? rest) : single.find(({ name }) => name === word.name);
    if (parameter === undefined) {
      diagnostics.push(complaint(place, describeSurplus(word, event.command, single), usage));
      continue;
    }
    if (parameter !== rest && given.has(parameter.name))
      diagnostics.push(complaint(place, `the argument ${parameter.name} is given twice`, usage));
    given.add(parameter.name);
    const conversion = convertArgument(parameter, word.value);
    if (!conversion.ok)
      diagnostics.push(complaint(place, `${parameter.name} is "${word.value}"`, `expected ${conversion.expected}`));
  }
  const missing = single.filter((parameter) => parameter.optional !== true && !given.has(parameter.name));
  if (missing.length > 0) {
    const namesOf = missing.map(({ name }) => name).join(', ');
    diagnostics.push(complaint(event.place, `${event.command} has too few arguments: ${namesOf} ${missing.length > 1 ? 'are' : 'is'} missing`, usage));
  }
  return diagnostics;
}

function describeSurplus(word: ArgumentWord, command: string, single: readonly Parameter[]): string {
  if (word.name === undefined) return `${command} has too many arguments: it takes ${single.length}`;
  const suggestion = suggestionFor(word.name, single.map(({ name }) => name));
  return `${command} has no argument named "${word.name}"${suggestion === undefined ? '' : `: did you mean "${suggestion}"?`}`;
}

/** How a command is written: `extended_hello repetitions [separator]`. */
export function usageOf({ name, parameters }: CommandDescription): string {
  const shown = parameters.map((parameter) => {
    if (parameter.rest === true) return `[${parameter.name} ...]`;
    if (parameter.optional !== true) return parameter.name;
    return parameter.default === undefined ? `[${parameter.name}]` : `[${parameter.name}=${parameter.default}]`;
  });
  return [name, ...shown].join(' ');
}

function complaint(place: ScenarioPlace, message: string, hint?: string): Diagnostic {
  return { severity: 'error', message, ...place, ...(hint === undefined ? {} : { hint }) };
}
