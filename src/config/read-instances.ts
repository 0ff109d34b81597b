import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readTextFile } from '../runtime/read-text-file.js';
import { builtInAmong, type InstanceCommand, parseInstanceCommand } from './command.js';
import { commandsOf } from './commands-file.js';
import { strengthOf } from './conf-entry.js';
import type { OptionReader } from './option-reader.js';

/** The commands that run, and how many instances run in this process. */
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
  if (!launches) {
    noteUnusedNumber(reader, wanted, command);
    return { command, count: 0 };
  }
  const scenarioFile = readScenarioFile(reader, experimentDir);
  const count = chooseCount(reader, wanted, command.count);
  reader.export('instances', String(count));
  return { command, count, ...(scenarioFile === undefined ? {} : { scenarioFile }) };
}

/**
 * How many instances there are when `instances` says one number and the launches in `local_instance_cmd` come to another: what the
 * stronger source says – so that a file made for five runs with a hundred by one word on the command line –, and a warning at the
 * place of what is overridden. In one and the same source one of the two is a mistake.
 */
function chooseCount(reader: OptionReader, wanted: number | undefined, launched: number | undefined): number {
  if (wanted === undefined || launched === undefined || wanted === launched) return wanted ?? launched ?? 1;
  const [ofNumber, ofCommand] = [reader.place('instances'), reader.place('local_instance_cmd')];
  const lead = strengthOf(ofNumber) - strengthOf(ofCommand);
  const command = `local_instance_cmd starts launch_scenario.py ${times(launched)}`;
  if (lead === 0)
    reader.complain(
      'instances',
      `instances is ${wanted}, but ${command}`,
      'make the two agree, or leave one of them out',
    );
  else if (lead > 0)
    reader.warn('local_instance_cmd', `${command}, but instances is ${wanted} (${ofNumber.file}), which is stronger`);
  else reader.warn('instances', `instances is ${wanted}, but ${command} (${ofCommand.file}), which is stronger`);
  return lead < 0 ? launched : wanted;
}

/**
 * A number in the file may be meant for the programs that the command starts; a number that was given for this run was
 * meant to change something.
 */
function noteUnusedNumber(reader: OptionReader, wanted: number | undefined, command: InstanceCommand): void {
  if (wanted === undefined || command.kind === 'cluster' || strengthOf(reader.place('instances')) === 0) return;
  reader.warn(
    'instances',
    `instances is ${wanted}, but local_instance_cmd starts no launch_scenario.py: no instance is started`,
  );
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
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

/** A set-up command may write the file: then the file is read when the guard starts. */
function readCommandsFile(reader: OptionReader, file: string): readonly string[] | undefined {
  if (reader.text('local_setup_cmd').trim() !== '') return undefined;
  const result = readTextFile(file);
  if (result.ok) return commandsOf(result.text);
  const why = result.cause?.message ?? result.message;
  const message = `the file of commands ${file} (process_guard.py -f) cannot be read: ${why}`;
  reader.complain('local_instance_cmd', message, 'a relative path starts at the project directory');
  return undefined;
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
