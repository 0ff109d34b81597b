import { dirname, resolve } from 'node:path';
import type { Diagnostic } from '../runtime/diagnostic.js';
import { readTextFile } from '../runtime/read-text-file.js';
import { assignPorts, type PortSource } from './assign-ports.js';
import { clusterRequest } from './cluster-request.js';
import { builtInAmong, type InstanceCommand, parseCommand, type RunCommand } from './command.js';
import type { ConfEntry } from './conf-entry.js';
import type { ExperimentConfig } from './experiment-config.js';
import { gatherEntries } from './gather-entries.js';
import { type Limit, LIMIT_NAMES, type LimitName, type Limits } from './limits.js';
import { noteUnusedOptions } from './note-unused-options.js';
import { OptionReader } from './option-reader.js';
import { keysOf, type OptionKeyOf } from './options.js';
import { parseConf } from './parse-conf.js';
import { readCapture } from './read-capture.js';
import { readInstances } from './read-instances.js';
import { readWorld } from './read-world.js';
import type { PortProbe } from './unique-port.js';

export interface LoadConfigInit {
  readonly confFile: string;
  readonly projectDir: string;
  /** The variables of the environment, of which `GUMBY_KEY` sets `key`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `KEY=VALUE`, as given with `--set`; the last value of a key counts. */
  readonly set: readonly string[];
  /** The user who runs the experiment: unique ports are unique to a user. */
  readonly user: string;
  readonly isPortFree: PortProbe;
}

export interface ConfigResult {
  /** The configuration; absent when there is an error. */
  readonly config?: ExperimentConfig;
  readonly diagnostics: readonly Diagnostic[];
}

/** The least number of built-in trackers, and for how many instances there is one more: both figures are Gumby's. */
const TRACKERS_MIN = 4;
const INSTANCES_PER_TRACKER = 1000;
/** With a shorter interval the measurements would mostly show what measuring costs. */
const MONITOR_INTERVAL_MIN_MS = 100;

/**
 * Reads, merges and checks a configuration. Everything that is wrong with it becomes a diagnostic; nothing in a file
 * makes this function throw.
 */
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
  const result = readTextFile(file);
  if (result.ok) return result.text;
  if (result.missing === true) return { severity: 'error', message: 'there is no such configuration file', file };
  return {
    severity: 'error',
    message: `the configuration cannot be read: ${result.message}`,
    file,
    ...(result.line === undefined ? {} : { line: result.line }),
    hint: 'give the .conf file of an experiment, which is text in lines of key = value',
  };
}

async function build(
  confFile: string,
  entries: ReadonlyMap<string, ConfEntry>,
  init: LoadConfigInit,
  diagnostics: Diagnostic[],
): Promise<ExperimentConfig | undefined> {
  const reader = new OptionReader(entries, diagnostics, confFile);
  const experimentName = reader.required('experiment_name');
  const directories = readDirectories(reader, confFile, init.projectDir);
  const { projectDir, experimentDir } = directories;
  const instances = readInstances(reader, projectDir, experimentDir);
  const trackers = Math.max(TRACKERS_MIN, Math.ceil((instances?.count ?? 0) / INSTANCES_PER_TRACKER));
  const syncHost = reader.text('sync_host').trim();
  const seed = reader.text('seed').trim();
  const trackerCommand = readCommand(reader, 'tracker_cmd');
  const world = readWorld(reader, instances, trackerCommand, experimentDir);
  const identity = { user: init.user, experimentName, directory: experimentDir };
  const machine = { identity, isPortFree: init.isPortFree };
  const network = world.network === 'emulated' ? emulatedPorts(experimentName) : machine;
  const ports = await assignPorts(reader, entries.keys(), trackers, { machine, network });
  const capture = readCapture(reader, instances, trackerCommand);
  const settings = {
    startDelayMs: reader.milliseconds('sync_experiment_start_delay'),
    report: reader.choice('report'),
    graphs: reader.choices('graphs'),
    monitorIntervalMs: readMonitorInterval(reader),
    limits: readLimits(reader),
    world,
    ...(capture === undefined ? {} : { capture }),
    instancesPerWorker: reader.integerOrWord('instances_per_worker') ?? (world.clock === 'virtual' ? 'auto' : 1),
    instanceMemoryMb: reader.integer('instance_memory') ?? 0,
    localSetup: readCommand(reader, 'local_setup_cmd'),
    postProcess: readCommand(reader, 'post_process_cmd'),
    synchronised: readCommand(reader, 'experiment_server_cmd').kind !== 'none',
    tracker: {
      command: trackerCommand,
      host: reader.text('tracker_ip').trim(),
      crypto: reader.choice('tracker_crypto'),
      count: trackers,
      ...(ports.trackerPort === undefined ? {} : { port: ports.trackerPort }),
    },
    ...(syncHost === '' ? {} : { syncHost }),
    ...(ports.syncPort === undefined ? {} : { syncPort: ports.syncPort }),
    ...(seed === '' ? {} : { seed }),
  };
  const experimentTimeMs = reader.milliseconds('experiment_time');
  checkUnread(reader);
  noteUnusedOptions(reader);
  if (instances === undefined) return undefined;
  const cluster = clusterRequest(reader, instances.command, settings.localSetup);
  return {
    confFile,
    ...directories,
    experimentName,
    experimentTimeMs: limitMs(experimentTimeMs, instances.command),
    ...(instances.scenarioFile === undefined ? {} : { scenarioFile: instances.scenarioFile }),
    instanceCount: instances.count,
    localInstances: instances.command,
    ...settings,
    ...(cluster === undefined ? {} : { cluster }),
    variables: reader.variables,
  };
}

/** On the emulated network every port is free; and it is the same port for every user and on every machine, because it stands in packets. */
function emulatedPorts(experimentName: string): PortSource {
  return { identity: { user: '', experimentName, directory: '' }, isPortFree: async () => true };
}

function readDirectories(reader: OptionReader, confFile: string, project: string) {
  const projectDir = resolve(project);
  const experimentDir = dirname(confFile);
  const outputDir = resolve(projectDir, reader.text('output_dir').trim());
  reader.export('project_dir', projectDir);
  reader.export('experiment_dir', experimentDir);
  reader.export('output_dir', outputDir);
  return { projectDir, experimentDir, outputDir };
}

function readMonitorInterval(reader: OptionReader): number {
  const key = 'monitor_interval';
  const intervalMs = reader.milliseconds(key);
  if (intervalMs < MONITOR_INTERVAL_MIN_MS)
    reader.complain(
      key,
      `${key} is "${reader.text(key)}"`,
      `expected ${MONITOR_INTERVAL_MIN_MS / 1000} seconds at least`,
    );
  return intervalMs;
}

function readLimits(reader: OptionReader): Limits {
  return Object.fromEntries(LIMIT_NAMES.map((name) => [name, reader.limit(`limit_${name}`)])) as Record<
    LimitName,
    Limit
  >;
}

function readCommand(reader: OptionReader, key: OptionKeyOf<'command'>): RunCommand {
  const text = reader.text(key);
  const among = builtInAmong(text);
  if (among !== undefined)
    reader.complain(
      key,
      `${among} is built in, and cannot be part of a longer command line`,
      'leave it out, or write it by itself',
    );
  return parseCommand(text, reader.variables);
}

/** The time limit of the instances, for which their guard's limit counts as well. External commands have the guard's limit alone. */
function limitMs(experimentTimeMs: number, command: InstanceCommand): number {
  const guardMs =
    command.kind === 'instances' || (command.kind === 'guard' && command.count > 0)
      ? (command.guard?.timeoutMs ?? 0)
      : 0;
  const limits = [experimentTimeMs, guardMs].filter((each) => each > 0);
  return limits.length === 0 ? 0 : Math.min(...limits);
}

/** Checks the types of options that only external commands and runs on a cluster read. */
function checkUnread(reader: OptionReader): void {
  for (const key of keysOf('boolean')) reader.checkBoolean(key);
  for (const key of keysOf('integer')) if (key.startsWith('das4_')) reader.integer(key);
}
