import { RunRecordWriter } from '../../output/record/run-record-writer.js';
import type { Clock } from '../../runtime/clock.js';
import type { ExperimentConfig } from '../../config/experiment-config.js';
import { planOf } from '../instances/instance-hosts.js';
import { GumbyError, toError } from '../../runtime/errors.js';
import { LatenessQuantiles } from '../../statistics/lateness-quantiles.js';
import { type PreparedOutput, prepareOutputDirectory } from '../files/output-directory.js';
import { recordHeadOf } from '../files/record-head.js';
import type { ExperimentTime } from '../time/experiment-time.js';
import type { CreateHost } from '../link/create-host.js';
import type { Environment } from './environment.js';
import type { Run } from './run.js';
import type { LoadedExperiment } from './run-context.js';
import { RunFailures } from './run-failures.js';
import type { ProgressListener } from './run-progress.js';
import type { RunState } from './run-state.js';

export interface PrepareInit {
  readonly onProgress?: ProgressListener;
  /** Ends the run early, in order; the result is *interrupted*. */
  readonly stop?: AbortSignal;
  /** Ends everything at once. */
  readonly kill?: AbortSignal;
  /** Variables that the commands of the run find in their environment besides the options. @default none */
  readonly environment?: Environment;
}

export interface PrepareComponents {
  /** The machine's clock. */
  readonly machine: Clock;
  readonly time: ExperimentTime;
  /** Makes the places where instances live. */
  readonly createHost: CreateHost;
}

/** From this number on, earlier outputs are mentioned, because they take room. */
const MANY_EARLIER_OUTPUTS = 5;

/**
 * Makes the output directory this run's own and writes its first record; nothing else is started.
 * @throws GumbyError OUTPUT_DIRECTORY_REFUSED, OUTPUT_DIRECTORY_IN_USE, OUTPUT_WRITE_FAILED
 */
export function prepare(
  experiment: LoadedExperiment,
  init: PrepareInit,
  { machine, time, createHost }: PrepareComponents,
): Run {
  const { onProgress = () => {}, kill = new AbortController().signal, environment = {} } = init;
  const { outputDir } = experiment.config;
  const began = { atMs: machine.nowMs(), wallTime: new Date(machine.wallMs()).toISOString() };
  const output = prepareOutputDirectory(outputDir, began.wallTime);
  const record = recordOrRelease(
    output,
    () =>
      new RunRecordWriter({
        outputDir,
        head: recordHeadOf(experiment),
        instanceCount: experiment.config.instanceCount,
        startedAt: began.wallTime,
      }),
  );
  onProgress({ type: 'note', message: `seed ${experiment.seed}` });
  const { config } = experiment;
  if (config.instancesPerWorker === 'auto' && config.instanceCount > 0)
    onProgress({ type: 'note', message: describeThreads(config) });
  if (output.rotatedTo !== undefined) onProgress({ type: 'note', message: describeRotation(output.rotatedTo, output) });
  return {
    experiment,
    outputDir,
    clocks: { machine, experiment: time.clock },
    time,
    createHost,
    failures: new RunFailures(time.clock, (failure) => onProgress({ type: 'failure', failure })),
    onProgress,
    stop: interruption(init.stop),
    kill,
    environment,
    state: newState(),
    record,
    output,
    began,
    parts: [],
    over: new AbortController(),
  };
}

/** When the record cannot be written, the directory is released for other runs. */
function recordOrRelease(output: PreparedOutput, create: () => RunRecordWriter): RunRecordWriter {
  try {
    return create();
  } catch (error) {
    output.release();
    throw toError(error);
  }
}

function newState(): RunState {
  return {
    instances: [],
    commandsTotal: 0,
    startUpMs: undefined,
    experimentMs: undefined,
    startedMs: undefined,
    goAt: undefined,
    machineGoAt: undefined,
    network: undefined,
    verdict: undefined,
    lateness: new LatenessQuantiles(),
    externalCommands: [],
    thrown: undefined,
  };
}

/** How many threads were chosen: results are the same with any number, but not how fast they come. */
function describeThreads(config: ExperimentConfig): string {
  const { instances, threads } = planOf(config);
  const [who, where] = [counted(instances, 'instance'), counted(threads, 'thread')];
  return `${who} in ${where} (instances_per_worker = auto)`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function describeRotation(rotatedTo: string, { earlierCount }: PreparedOutput): string {
  const many = `; ${earlierCount} earlier outputs are kept, remove those that nobody needs`;
  return `the earlier output is now in ${rotatedTo}${earlierCount > MANY_EARLIER_OUTPUTS ? many : ''}`;
}

/** The signal with a reason of ours: an abort with any other reason counts as an interruption too. */
function interruption(given: AbortSignal | undefined): AbortSignal {
  const controller = new AbortController();
  const onAbort = () => controller.abort(new GumbyError('INTERRUPTED', 'the run was interrupted'));
  if (given?.aborted === true) onAbort();
  else given?.addEventListener('abort', onAbort, { once: true });
  return controller.signal;
}
