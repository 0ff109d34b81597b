import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { toError } from '../runtime/errors.js';
import { builtInAmong, type InstanceCommand, parseInstanceCommand } from './command.js';
import { commandsOf } from './commands-file.js';
import type { OptionReader } from './option-reader.js';

/** What runs, and how much of it in this process. */
export interface Instances {
  readonly command: InstanceCommand;
  /** 0 when only external commands run. */
  readonly count: number;
  readonly scenarioFile?: string;
}

/** Reads `local_instance_cmd`, `instances` and `scenario_file`, and holds them against each other. */
export function readInstances(reader: OptionReader, projectDir: string, experimentDir: string): Instances | undefined {
  const wanted = reader.integer('instances');
  const command = readCommand(reader, projectDir);
  if (command === undefined) return undefined;
  const launches = command.kind === 'instances' || (command.kind === 'guard' && command.count > 0);
  if (!launches) return { command, count: 0 };
  const scenarioFile = readScenarioFile(reader, experimentDir);
  const count = wanted ?? command.count ?? 1;
  if (command.count !== undefined && count !== command.count)
    reader.complain(
      'instances',
      `instances is ${count}, but local_instance_cmd starts launch_scenario.py ${command.count} times`,
      'make the two agree, or leave one of them out',
    );
  reader.export('instances', String(count));
  return { command, count, ...(scenarioFile === undefined ? {} : { scenarioFile }) };
}

function readCommand(reader: OptionReader, projectDir: string): InstanceCommand | undefined {
  const key = 'local_instance_cmd';
  const text = reader.text(key);
  const among = builtInAmong(text);
  if (among !== undefined) {
    reader.complain(key, `${among} is built in, and cannot be part of a longer command line`, 'write it by itself');
    return undefined;
  }
  const result = parseInstanceCommand(text, reader.variables, (file) =>
    readCommandsFile(reader, resolve(projectDir, file)),
  );
  if (result.ok) return result.command;
  reader.complain(key, result.message, result.hint);
  return undefined;
}

/** A set-up command may be what writes the file: then it is read when the guard starts. */
function readCommandsFile(reader: OptionReader, file: string): readonly string[] | undefined {
  if (reader.text('local_setup_cmd').trim() !== '') return undefined;
  try {
    return commandsOf(readFileSync(file, 'utf8'));
  } catch (error) {
    const message = `the file of commands ${file} (process_guard.py -f) cannot be read: ${toError(error).message}`;
    reader.complain('local_instance_cmd', message, 'a relative path starts at the project directory');
    return undefined;
  }
}

function readScenarioFile(reader: OptionReader, experimentDir: string): string | undefined {
  const written = reader.text('scenario_file').trim();
  if (written === '') {
    reader.complain('scenario_file', 'the instances have no scenario_file to run', 'add scenario_file = NAME.scenario');
    return undefined;
  }
  const file = resolve(experimentDir, written);
  if (!existsSync(file))
    reader.complain(
      'scenario_file',
      `there is no scenario file ${file}`,
      'a relative path starts at the configuration file',
    );
  return file;
}
