import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Diagnostic } from '../runtime/diagnostic.js';
import { type InstanceCommand, parseInstanceCommand, parseRunCommand } from './command.js';
import type { ConfEntry } from './conf-entry.js';
import type { ExperimentConfig } from './experiment-config.js';
import { gatherEntries } from './gather-entries.js';
import { OptionReader } from './option-reader.js';
import { parseConf } from './parse-conf.js';
import { type PortProbe } from './unique-port.js';

export interface LoadConfigInit {
  readonly confFile: string;
  readonly projectDir: string;
  /** Of which `GUMBY_KEY` sets `key`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `KEY=VALUE`, as given with `--set`; the last one of a key counts. */
  readonly set: readonly string[];
  /** Who runs it: unique ports are unique to a user. */
  readonly user: string;
  readonly isPortFree: PortProbe;
}

export interface ConfigResult {
  /** Absent when there is an error. */
  readonly config?: ExperimentConfig;
  readonly diagnostics: readonly Diagnostic[];
}

/** The least number of built-in trackers, and how many instances one more is for: Gumby's figures. */
const TRACKERS_MIN = 4;
const INSTANCES_PER_TRACKER = 1000;

/** Reads, merges and checks a configuration. Everything wrong with it is a diagnostic; it throws for nothing in a file. */
export async function loadConfig(init: LoadConfigInit): Promise<ConfigResult> {
  const confFile = resolve(init.projectDir, init.confFile);
  const text = readConf(confFile);
  if (typeof text !== 'string') return { diagnostics: [text] };
  const parsed = parseConf(text, confFile);
  const diagnostics: Diagnostic[] = [...parsed.diagnostics];
  const entries = gatherEntries(parsed.entries, init, diagnostics);
  const config = await build(confFile, entries, init, diagnostics);
  const failed = diagnostics.some(({ severity }) => severity === 'error');
  return { diagnostics, ...(failed || config === undefined ? {} : { config }) };
}

function readConf(file: string): string | Diagnostic {
  const fail = (message: string): Diagnostic => ({ severity: 'error', message, file });
  try {
    if (statSync(file).isDirectory()) return fail('the configuration is a directory; give the .conf file in it');
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return fail('there is no such configuration file');
    return fail(error instanceof TypeError ? 'the configuration is not UTF-8 text' : `the configuration cannot be read: ${message}`);
  }
}

async function build(
  confFile: string,
  entries: ReadonlyMap<string, ConfEntry>,
  init: LoadConfigInit,
  diagnostics: Diagnostic[],
): Promise<ExperimentConfig | undefined> {
  const experimentDir = dirname(confFile);
  const { projectDir } = init;
  const reader = new OptionReader(entries, diagnostics, confFile);
  const experimentName = reader.required('experiment_name');
  const outputDir = resolve(projectDir, reader.text('output_dir'));
  reader.export({ PROJECT_DIR: projectDir, EXPERIMENT_DIR: experimentDir, OUTPUT_DIR: outputDir });
  const localInstances = readInstanceCommand(reader);
  const scenarioFile = readScenarioFile(reader, experimentDir, localInstances);
  const instanceCount = scenarioFile === undefined ? 0 : countInstances(reader, localInstances);
  const trackers = Math.max(TRACKERS_MIN, Math.ceil(instanceCount / INSTANCES_PER_TRACKER));
  const identity = { user: init.user, experimentName: experimentName ?? '', directory: experimentDir };
  await reader.port('sync_port', identity, 1, init.isPortFree);
  const trackerPort = await reader.port('tracker_port', identity, trackers, init.isPortFree);
  await reader.otherPorts(identity, init.isPortFree);
  const numbers = {
    experimentTimeMs: Math.round(reader.seconds('experiment_time') * 1000),
    startDelayMs: Math.round(reader.seconds('sync_experiment_start_delay') * 1000),
    instanceMemoryMb: reader.integer('instance_memory') ?? 0,
  };
  reader.noteVirtualenv();
  reader.checkTheRest();
  if (experimentName === undefined || localInstances === undefined) return undefined;
  const seed = reader.text('seed');
  const cluster = reader.clusterRequest(localInstances.kind === 'cluster' ? localInstances.name : undefined);
  return {
    confFile,
    experimentDir,
    projectDir,
    outputDir,
    experimentName,
    ...numbers,
    ...(scenarioFile === undefined ? {} : { scenarioFile }),
    instanceCount,
    localSetup: parseRunCommand(reader.command('local_setup_cmd')),
    localInstances,
    postProcess: parseRunCommand(reader.command('post_process_cmd')),
    synchronised: parseRunCommand(reader.command('experiment_server_cmd')).kind !== 'none',
    tracker: {
      command: parseRunCommand(reader.command('tracker_cmd')),
      host: reader.text('tracker_ip'),
      count: trackers,
      ...(trackerPort === undefined ? {} : { port: trackerPort }),
    },
    ...(seed === '' ? {} : { seed }),
    ...(cluster === undefined ? {} : { cluster }),
    variables: reader.exported,
  };
}

function readInstanceCommand(reader: OptionReader): InstanceCommand | undefined {
  const result = parseInstanceCommand(reader.command('local_instance_cmd'));
  if (result.ok) return result.command;
  reader.complain('local_instance_cmd', result.message, result.hint);
  return undefined;
}

function readScenarioFile(reader: OptionReader, experimentDir: string, command: InstanceCommand | undefined): string | undefined {
  const written = reader.text('scenario_file');
  const launches = command?.kind === 'instances' || (command?.kind === 'guard' && command.count > 0);
  if (written === '') {
    if (launches) reader.complain('scenario_file', 'the instances have no scenario_file to run', 'add scenario_file = NAME.scenario');
    return undefined;
  }
  if (!launches) return undefined;
  const file = resolve(experimentDir, written);
  if (!existsSync(file)) reader.complain('scenario_file', `there is no scenario file ${file}`, 'a relative path starts at the configuration file');
  return file;
}

function countInstances(reader: OptionReader, command: InstanceCommand | undefined): number {
  const wanted = reader.integer('instances');
  const named = command?.kind === 'instances' || command?.kind === 'guard' ? command.count : undefined;
  if (wanted !== undefined && named !== undefined && wanted !== named)
    reader.complain(
      'instances',
      `instances is ${wanted}, but local_instance_cmd starts launch_scenario.py ${named} times`,
      'make the two agree, or leave one of them out',
    );
  return wanted ?? named ?? 1;
}
