import { builtInCommands } from './built-in-commands.js';
import { checkArguments } from './check-commands.js';
import type { EventTime, ScenarioEvent, ScenarioPlace } from './scenario.js';

/** The parts of a `set` line. */
export type SetCall = Pick<ScenarioEvent, 'command' | 'place' | 'words' | 'args' | 'kwargs'>;

export type SetCommandResult =
  | { readonly ok: true; readonly name: string; readonly value: string }
  | {
      readonly ok: false;
      readonly message: string;
      readonly hint: string;
      readonly place: Pick<ScenarioPlace, 'column' | 'length'>;
    };

const HINT = 'write @! set NAME VALUE, with quotes around a value of several words, or value=TEXT for one like a=b';

/**
 * Reads what a `set` line binds.
 * @param time - absent when the line's TIMESPEC is wrong already
 */
export function parseSetCommand(call: SetCall, time: EventTime | undefined): SetCommandResult {
  const { args, kwargs, words, place } = call;
  const description = builtInCommands.find(({ name }) => name === 'set');
  const [wrong] = description === undefined ? [] : checkArguments(call, description);
  if (wrong !== undefined)
    return {
      ok: false,
      message: wrong.message,
      hint: HINT,
      place: { ...place, column: wrong.column ?? place.column, length: wrong.length ?? 1 },
    };
  if (time !== undefined && time.kind !== 'start') {
    const message = 'set binds where it stands in the file, not at a time: its TIMESPEC must be @!';
    return { ok: false, message, hint: HINT, place };
  }
  const positional = [...args];
  const name = kwargs['name'] ?? positional.shift() ?? '';
  const value = kwargs['value'] ?? positional.shift() ?? '';
  if (/^[A-Za-z0-9_]+$/.test(name)) return { ok: true, name, value };
  const written = words.find((word) => word.name === 'name') ?? words.find((word) => word.name === undefined);
  const hint = 'a name consists of letters, digits and _, without the "$"';
  return { ok: false, message: `"${name}" is no name for a variable`, hint, place: written ?? place };
}
