/**
 * The public API for programs that run experiments: `import { loadExperiment, runExperiment } from 'gumby/runner'`.
 */
import { randomInt } from 'node:crypto';
import { loadConfig, type LoadConfigInit } from './config/load-config.js';
import type { ExperimentConfig } from './config/experiment-config.js';
import { definedOnly, type Environment } from './coordinator/environment.js';
import { conductRun, type RunState } from './coordinator/conduct-run.js';
import { type LoadedModules, loadModules } from './coordinator/modules/load-modules.js';
import { prepareOutputDirectory } from './coordinator/output-directory.js';
import { packageDirectory } from './runtime/package-directory.js';
import { resultOf } from './coordinator/result-of-run.js';
import type { LoadedExperiment, RunContext } from './coordinator/run-context.js';
import { RunFailures } from './coordinator/run-failures.js';
import type { ProgressListener } from './coordinator/run-progress.js';
import { writeRunRecord } from './coordinator/run-record.js';
import type { RunResult } from './coordinator/run-result.js';
import { isPortFree } from './network/port-probe.js';
import { type Clock, realClock } from './runtime/clock.js';
import type { Diagnostic } from './runtime/diagnostic.js';
import { GumbyError, toError } from './runtime/errors.js';
import { LatenessQuantiles } from './statistics/lateness-quantiles.js';
import { checkCommands } from './scenario/check-commands.js';
import { loadScenario } from './scenario/load-scenario.js';
import type { Scenario } from './scenario/scenario.js';
import { instancesWithoutStop } from './scenario/timeline.js';
import { formatIds } from './coordinator/format-ids.js';

export { checkScenarioFile, type CheckedScenario, type CheckScenarioInit } from './coordinator/check-scenario-file.js';
export { documentCommands, type DocumentedCommand } from './coordinator/modules/document-commands.js';
export type { Diagnostic } from './runtime/diagnostic.js';
export { formatDiagnostic } from './runtime/diagnostic.js';
export { GumbyError, type ErrorCode } from './runtime/errors.js';
export type { ExperimentConfig } from './config/experiment-config.js';
export type { LoadedExperiment } from './coordinator/run-context.js';
export type { RunFailure } from './coordinator/run-failures.js';
export type { ProgressListener, RunProgress, RunStage, RunTick } from './coordinator/run-progress.js';
export type { BrokenLimit, Validity, Verdict } from './statistics/verdict.js';
export type { CommandResult, InstanceResult, RunOutcome, RunResult } from './coordinator/run-result.js';

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
}

/**
 * Runs an experiment. A run that fails is a result, not an exception.
 * @throws GumbyError OUTPUT_DIRECTORY_REFUSED, OUTPUT_WRITE_FAILED when there is nowhere to write to
 */
export async function runExperiment(experiment: LoadedExperiment, init: RunExperimentInit = {}): Promise<RunResult> {
  const clock = init.clock ?? realClock;
  const onProgress = init.onProgress ?? (() => {});
  const { outputDir } = experiment.config;
  const rotated = prepareOutputDirectory(outputDir);
  const started = { atMs: clock.nowMs(), startedAt: new Date(clock.wallMs()).toISOString() };
  writeRunRecord(outputDir, experiment, { outcome: 'running', startedAt: started.startedAt });
  onProgress({ type: 'note', message: `seed ${experiment.seed}` });
  if (rotated !== undefined) onProgress({ type: 'note', message: `the earlier output is now in ${rotated}` });
  const run: RunContext = {
    experiment,
    outputDir,
    clock,
    failures: new RunFailures(clock, (failure) => onProgress({ type: 'failure', failure })),
    onProgress,
    stop: interruption(init.stop),
    kill: init.kill ?? new AbortController().signal,
    environment: init.environment ?? {},
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
    run.failures.addUnlessRecorded(thrown);
  }
  const result = recordResult(run, () => resultOf(run, state, thrown, started));
  onProgress({ type: 'stage', stage: 'finished' });
  return result;
}

/** A result that cannot be written, because the disk is full, is a failure more; it is still told. */
function recordResult(run: RunContext, result: () => RunResult): RunResult {
  try {
    writeRunRecord(run.outputDir, run.experiment, result());
  } catch (error) {
    run.failures.add(toError(error));
  }
  return result();
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
