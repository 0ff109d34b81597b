import type { Diagnostic } from '../runtime/diagnostic.js';
import { convertArgument, type Parameter } from '../runtime/parameter.js';
import { didYouMean } from '../runtime/suggestion.js';
import { builtInCommands } from './built-in-commands.js';
import type { CommandDescription } from './command-description.js';
import { lifecycleCommands } from './lifecycle-commands.js';
import { networkCommands } from './network-commands.js';
import { variablesIn } from './substitute.js';
import type { ArgumentWord, Scenario, ScenarioEvent, ScenarioPlace } from './scenario.js';

/**
 * Holds every event of a scenario against the commands of its modules and the built-in ones. A name that several modules
 * offer must suit each of them. One mistake is one diagnostic, however often a loop, differing variables or an include repeat
 * it: of one place, the first complaint for each module is reported. Where an include or a module is missing, what may follow from
 * that is not complained about: commands that nobody offers, and arguments with variables that nobody bound.
 * @param commands - those of the loaded modules; the built-in ones are always there
 * @param loaded - whether all modules of the scenario could be loaded
 */
export function checkCommands(
  scenario: Scenario,
  commands: readonly CommandDescription[],
  loaded: 'all modules' | 'some modules' = 'all modules',
): readonly Diagnostic[] {
  const knowsCommands = scenario.isComplete && loaded === 'all modules';
  const byName = new Map<string, CommandDescription[]>();
  for (const command of [...builtInCommands, ...commands])
    for (const name of command.names) {
      const namesakes = byName.get(name);
      if (namesakes === undefined) byName.set(name, [command]);
      else namesakes.push(command);
    }
  for (const command of lifecycleCommands) if (!byName.has(command.name)) byName.set(command.name, [command]);
  // What is wrong with commands of the network is said where they are read. A command of a module is the module's.
  for (const { name } of networkCommands) if (!byName.has(name)) byName.set(name, []);
  const found = new Map<string, Diagnostic>();
  const report = (diagnostic: Diagnostic, module: string): void => {
    const key = `${diagnostic.file}:${diagnostic.line ?? 0}:${diagnostic.column ?? 0}:${module}`;
    if (!found.has(key)) found.set(key, diagnostic);
  };
  const unknown = new Map<string, string>();
  for (const event of scenario.events) {
    // The arguments of `set` were checked where it binds.
    if (event.command === 'set') continue;
    const namesakes = byName.get(event.command);
    if (namesakes === undefined) {
      if (knowsCommands) report(unknownCommand(event, byName, unknown), '');
    } else if (scenario.isComplete || !event.words.some(({ value }) => variablesIn(value).length > 0))
      for (const command of namesakes)
        for (const diagnostic of checkArguments(event, command)) report(diagnostic, command.module);
  }
  return [...found.values()];
}

/** @param messages - the messages so far by command: for a name that many lines get wrong, a suggestion is looked for once */
function unknownCommand(
  { command, place }: ScenarioEvent,
  byName: ReadonlyMap<string, unknown>,
  messages: Map<string, string>,
): Diagnostic {
  let message = messages.get(command);
  if (message === undefined) {
    message = `unknown command "${command}"${didYouMean(command, [...byName.keys()])}`;
    messages.set(command, message);
  }
  return { severity: 'error', message, ...place };
}

/** Holds the arguments of one event against a command: how many, which names, and what the typed ones convert to. */
export function checkArguments(
  event: Pick<ScenarioEvent, 'command' | 'place' | 'words'>,
  description: CommandDescription,
): readonly Diagnostic[] {
  const { parameters } = description;
  const rest = parameters.find((parameter) => parameter.rest === true);
  const single = parameters.filter((parameter) => parameter !== rest);
  const usage = `usage: ${usageOf(description)}`;
  const diagnostics: Diagnostic[] = [];
  const given = new Set<string>();
  let position = 0;
  for (const word of event.words) {
    const parameter =
      word.name === undefined ? (single[position++] ?? rest) : single.find(({ name }) => name === word.name);
    const place = { ...event.place, column: word.column, length: word.length };
    if (parameter === undefined) {
      // Of several surplus words only the first is reported.
      if (word.name !== undefined || position === single.length + 1)
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
  if (missing.length > 0) diagnostics.push(complaint(event.place, describeMissing(event.command, missing), usage));
  return diagnostics;
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

function describeSurplus(word: ArgumentWord, command: string, single: readonly Parameter[]): string {
  if (word.name === undefined) return `${command} has too many arguments: it takes ${single.length}`;
  const question = didYouMean(
    word.name,
    single.map(({ name }) => name),
  );
  return `${command} has no argument named "${word.name}"${question}`;
}

function describeMissing(command: string, missing: readonly Parameter[]): string {
  const names = missing.map(({ name }) => name).join(', ');
  return `${command} has too few arguments: ${names} ${missing.length > 1 ? 'are' : 'is'} missing`;
}

function complaint(place: ScenarioPlace, message: string, hint: string): Diagnostic {
  return { severity: 'error', message, ...place, hint };
}
