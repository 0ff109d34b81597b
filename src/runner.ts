/**
 * The public API for programs that run experiments: `import { loadExperiment, runExperiment } from 'gumby/runner'`.
 */
import { randomInt } from 'node:crypto';
import { loadConfig, type LoadConfigInit } from './config/load-config.js';
import type { ExperimentConfig } from './config/experiment-config.js';
import { planOf } from './coordinator/instances/instance-hosts.js';
import { checkPlan, machineLimits } from './coordinator/instances/plan-fit.js';
import { definedOnly, type Environment } from './coordinator/run/environment.js';
import { conductRun, type RunState } from './coordinator/run/conduct-run.js';
import { type LoadedModules, loadModules } from './coordinator/modules/load-modules.js';
import { type PreparedOutput, prepareOutputDirectory } from './coordinator/files/output-directory.js';
import { packageDirectory } from './runtime/package-directory.js';
import { resultOf } from './coordinator/run/result-of-run.js';
import type { LoadedExperiment, RunContext } from './coordinator/run/run-context.js';
import { RunFailures } from './coordinator/run/run-failures.js';
import type { ProgressListener } from './coordinator/run/run-progress.js';
import { RunRecord } from './coordinator/files/run-record.js';
import type { RunResult } from './coordinator/run/run-result.js';
import { isPortFree } from './network/port-probe.js';
import { type Clock, realClock } from './runtime/clock.js';
import type { Diagnostic } from './runtime/diagnostic.js';
import { GumbyError, toError } from './runtime/errors.js';
import { LatenessQuantiles } from './statistics/lateness-quantiles.js';
import { checkCommands } from './scenario/check-commands.js';
import { loadScenario } from './scenario/load-scenario.js';
import type { Scenario } from './scenario/scenario.js';
import { instancesWithoutStop } from './scenario/timeline.js';
import { formatIds } from './coordinator/instances/format-ids.js';

export {
  checkScenarioFile,
  type CheckedScenario,
  type CheckScenarioInit,
} from './coordinator/run/check-scenario-file.js';
export { documentCommands, type DocumentedCommand } from './coordinator/modules/document-commands.js';
export type { Diagnostic } from './runtime/diagnostic.js';
export { formatDiagnostic } from './runtime/diagnostic.js';
export { GumbyError, type ErrorCode } from './runtime/errors.js';
export type { ExperimentConfig } from './config/experiment-config.js';
export type { LoadedExperiment } from './coordinator/run/run-context.js';
export type { RunFailure } from './coordinator/run/run-failures.js';
export type { ProgressListener, RunProgress, RunStage, RunTick } from './coordinator/run/run-progress.js';
export type { BrokenLimit, Validity, Verdict } from './statistics/verdict.js';
export type { CommandResult, InstanceResult, RunOutcome, RunResult } from './coordinator/run/run-result.js';

export interface LoadExperimentInit {
  readonly confFile: string;
  /** What paths in scenarios and commands start from. @default the working directory */
  readonly projectDir?: string;
  /** Of which `GUMBY_KEY` sets the option `key`. @default none */
  readonly environment?: Environment;
  /** `KEY=VALUE`, stronger than file and environment. */
  readonly set?: readonly string[];
  /** Ports asked for as `__unique_port__` differ between users. @default '' */
  readonly user?: string;
}

/** An experiment, or what is wrong with it. */
export interface LoadResult {
  /** Absent when there is an error among the diagnostics. */
  readonly experiment?: LoadedExperiment;
  /** Known as soon as the modules themselves are in order, and no include is missing that may name more of them. */
  readonly modules?: LoadedModules;
  /** Errors and warnings of configuration, scenario and modules together. */
  readonly diagnostics: readonly Diagnostic[];
  /** Removes what loading made; after the last use of the experiment. */
  readonly dispose: () => Promise<void>;
}

/** Reads, checks and compiles an experiment; starts nothing. */
export async function loadExperiment(init: LoadExperimentInit): Promise<LoadResult> {
  const { config, diagnostics } = await loadConfig(configInit(init));
  if (config === undefined) return { diagnostics, dispose: async () => {} };
  const scenario =
    config.scenarioFile === undefined ? undefined : readScenario(config, config.scenarioFile, init.environment ?? {});
  const modules = await loadModules(scenario?.modules ?? [], placesOf(config), { clock: realClock });
  const loaded = hasError(modules.diagnostics) ? 'some modules' : 'all modules';
  const all = [
    ...diagnostics,
    ...(config.cluster === undefined ? [] : [config.cluster]),
    ...(scenario?.diagnostics ?? []),
    ...modules.diagnostics,
    ...(scenario === undefined ? [] : checkCommands(scenario, modules.commands.flat(), loaded)),
    ...(scenario === undefined ? [] : warnOfEndlessRun(config, scenario)),
    ...checkPlan(planOf(config), machineLimits(), { file: config.confFile }),
  ];
  const seed = config.seed ?? String(randomInt(2 ** 32));
  return {
    diagnostics: all,
    dispose: modules.dispose,
    ...(loaded === 'all modules' && scenario?.isComplete !== false ? { modules } : {}),
    ...(hasError(all)
      ? {}
      : { experiment: { config, modules, seed, ...(scenario === undefined ? {} : { scenario }) } }),
  };
}

export interface RunExperimentInit {
  readonly onProgress?: ProgressListener;
  /** Ends the run early, in order; the result is *interrupted*. */
  readonly stop?: AbortSignal;
  /** Ends everything at once. */
  readonly kill?: AbortSignal;
  /** What the commands of the run find in their environment besides the options. @default nothing */
  readonly environment?: Environment;
  readonly clock?: Clock;
  /**
   * Told of the result while the output directory is still kept for this run alone: whatever else is to be written into it, a report
   * say, is written here. What it throws, the run throws.
   */
  readonly onResult?: (result: RunResult) => void | Promise<void>;
}

/**
 * Runs an experiment. A run that fails is a result, not an exception.
 * @throws GumbyError OUTPUT_DIRECTORY_REFUSED, OUTPUT_DIRECTORY_IN_USE, OUTPUT_WRITE_FAILED when there is nowhere to write to
 */
export async function runExperiment(experiment: LoadedExperiment, init: RunExperimentInit = {}): Promise<RunResult> {
  const { clock = realClock } = init;
  const { outputDir } = experiment.config;
  const started = { atMs: clock.nowMs(), startedAt: new Date(clock.wallMs()).toISOString() };
  const output = prepareOutputDirectory(outputDir, started.startedAt);
  try {
    const record = new RunRecord({ outputDir, experiment, startedAt: started.startedAt });
    const result = await conduct(experiment, { ...init, clock }, { output, record, started });
    await init.onResult?.(result);
    return result;
  } finally {
    output.release();
  }
}

/** What a run writes to, and when it began. */
interface RunPlace {
  readonly output: PreparedOutput;
  readonly record: RunRecord;
  readonly started: { readonly atMs: number; readonly startedAt: string };
}

async function conduct(
  experiment: LoadedExperiment,
  { clock, onProgress = () => {}, stop, kill, environment }: RunExperimentInit & { readonly clock: Clock },
  { output, record, started }: RunPlace,
): Promise<RunResult> {
  onProgress({ type: 'note', message: `seed ${experiment.seed}` });
  if (output.rotatedTo !== undefined) onProgress({ type: 'note', message: describeRotation(output.rotatedTo, output) });
  const failures = new RunFailures(clock, (failure) => onProgress({ type: 'failure', failure }));
  const orFailure = (write: () => void) => {
    try {
      write();
    } catch (error) {
      // Because the disk is full, say: it is one failure more, and is still told.
      failures.add(toError(error));
    }
  };
  const wallOf = (nowMs: number) => new Date(clock.wallMs() - clock.nowMs() + nowMs).toISOString();
  const run: RunContext = {
    experiment,
    outputDir: experiment.config.outputDir,
    clock,
    failures,
    onProgress,
    onGo: (startMs) => orFailure(() => record.go(wallOf(startMs))),
    stop: interruption(stop),
    kill: kill ?? new AbortController().signal,
    environment: environment ?? {},
  };
  const state: RunState = {
    instances: [],
    commandsTotal: 0,
    startUpMs: undefined,
    experimentMs: undefined,
    startedMs: undefined,
    verdict: undefined,
    lateness: new LatenessQuantiles(),
    externalCommands: [],
  };
  let thrown: Error | undefined;
  try {
    await conductRun(run, state);
  } catch (error) {
    thrown = toError(error);
    failures.addUnlessRecorded(thrown);
  }
  orFailure(() => record.finish(resultOf(run, state, thrown, started)));
  onProgress({ type: 'stage', stage: 'finished' });
  return resultOf(run, state, thrown, started);
}

/** From here on earlier outputs are counted, for they take room. */
const MANY_EARLIER_OUTPUTS = 5;

function describeRotation(rotatedTo: string, { earlierCount }: PreparedOutput): string {
  const many = `; ${earlierCount} earlier outputs are kept, remove those that nobody needs`;
  return `the earlier output is now in ${rotatedTo}${earlierCount > MANY_EARLIER_OUTPUTS ? many : ''}`;
}

function configInit(init: LoadExperimentInit): LoadConfigInit {
  const { confFile, projectDir = process.cwd(), environment = {}, set = [], user = '' } = init;
  return { confFile, projectDir, environment, set, user, isPortFree };
}

function readScenario(config: ExperimentConfig, file: string, environment: Environment): Scenario {
  const { projectDir, experimentDir, instanceCount } = config;
  const variables = { ...definedOnly(environment), ...config.variables };
  return loadScenario({ file, projectDir, experimentDir, instanceCount, variables });
}

function placesOf({ projectDir, experimentDir }: ExperimentConfig) {
  return { packageDir: packageDirectory(), projectDir, experimentDir };
}

function warnOfEndlessRun(config: ExperimentConfig, scenario: Scenario): readonly Diagnostic[] {
  // A file that could not be included may hold the "stop".
  if (!scenario.isComplete) return [];
  const endless = instancesWithoutStop(scenario);
  if (config.experimentTimeMs > 0 || endless.length === 0) return [];
  return [
    {
      severity: 'warning',
      message: `no "stop" ever reaches ${formatIds(endless)}, and there is no experiment_time: the run will not end by itself`,
      file: scenario.file,
      hint: 'end the scenario with a line like @1:15 stop',
    },
  ];
}

/** The signal with a reason of ours: whoever aborts with another still gets an interruption. */
function interruption(stop: AbortSignal | undefined): AbortSignal {
  const controller = new AbortController();
  const onAbort = () => controller.abort(new GumbyError('INTERRUPTED', 'the run was interrupted'));
  if (stop?.aborted === true) onAbort();
  else stop?.addEventListener('abort', onAbort, { once: true });
  return controller.signal;
}

function hasError(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}
