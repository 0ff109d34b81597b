import { BOOLEANS } from '../runtime/parameter.js';
import { parseCommand } from './command.js';
import type { OptionReader } from './option-reader.js';
import type { OptionKeyOf } from './options.js';

/** Warns of what is legal, but does not do here what it did in Gumby. */
export function noteUnusedOptions(reader: OptionReader): void {
  // One of the two options is enough to say it.
  const key = isOn(reader, 'use_local_venv') ?? isOn(reader, 'use_remote_venv') ?? reader.entry('virtualenv_dir')?.key;
  if (key !== undefined)
    reader.warn(key, `${key} has no meaning for TypeScript modules; it still applies to external Python commands`);
  const server = parseCommand(reader.text('experiment_server_cmd'), reader.variables);
  if (server.kind === 'shell')
    reader.warn('experiment_server_cmd', `"${server.text}" is not run: the built-in coordinator takes its place`);
}

function isOn(reader: OptionReader, key: OptionKeyOf<'boolean'>): string | undefined {
  return BOOLEANS.get(reader.entry(key)?.values[0]?.trim().toLowerCase() ?? '') === true ? key : undefined;
}
