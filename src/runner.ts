/**
 * The public API for programs that run experiments: `import { runExperiment } from 'gumby/runner'`. It is also where the parts of the
 * program are put together: nothing else says where instances live, which clock they have, and who makes the report.
 */
import { HostThread } from './coordinator/link/host-thread.js';
import {
  type CheckedScenario,
  type CheckScenarioInit,
  checkScenarioFile as checkScenario,
} from './coordinator/run/check-scenario-file.js';
import { conclude } from './coordinator/run/conclude.js';
import {
  type LoadExperimentInit,
  loadExperiment as load,
  type LoadResult,
  requireExperiment,
} from './coordinator/run/load-experiment.js';
import { prepare, type PrepareInit } from './coordinator/run/prepare.js';
import type { Run } from './coordinator/run/run.js';
import type { LoadedExperiment } from './coordinator/run/run-context.js';
import type { RunResult } from './output/record/run-result.js';
import { start } from './coordinator/run/start.js';
import { stop } from './coordinator/run/stop.js';
import { timeOf } from './coordinator/time/time-of.js';
import { synchronise } from './coordinator/run/synchronise.js';
import { untilOver } from './coordinator/run/until-over.js';
import { isPortFree } from './network/port-probe.js';
import { writeReport as report, type WriteReportInit, type WrittenReport } from './report/write-report.js';
import { realClock, realClocks } from './runtime/clock.js';
import { toError } from './runtime/errors.js';
import type { ReportExtent } from './runtime/report-extents.js';

export type { CheckedScenario, CheckScenarioInit } from './coordinator/run/check-scenario-file.js';
export { documentCommands, type DocumentedCommand } from './coordinator/modules/document-commands.js';
export type { Diagnostic } from './runtime/diagnostic.js';
export { formatDiagnostic } from './runtime/diagnostic.js';
export { GumbyError, type ErrorCode } from './runtime/errors.js';
export type { ExperimentConfig } from './config/experiment-config.js';
export type { LoadExperimentInit, LoadResult } from './coordinator/run/load-experiment.js';
export type { LoadedExperiment } from './coordinator/run/run-context.js';
export type { RunFailure } from './output/record/run-result.js';
export type { ProgressListener, RunProgress, RunStage, RunTick, VirtualTick } from './coordinator/run/run-progress.js';
export type { BrokenLimit, Validity, Verdict } from './statistics/verdict.js';
export type { CommandResult, InstanceResult, RunOutcome, RunResult } from './output/record/run-result.js';
export type { ReportExtent } from './runtime/report-extents.js';
export type { WriteReportInit, WrittenReport } from './report/write-report.js';

export interface RunExperimentInit extends PrepareInit {
  /** How much of a report is made. @default what the option `report` says, which is everything */
  readonly report?: ReportExtent;
}

/** The result of an experiment, with its report. */
export interface FinishedExperiment {
  readonly result: RunResult;
  /** The report; absent when none was wanted, or none could be made. */
  readonly report?: WrittenReport;
  /** The reason why no report could be made. The run has lost nothing by it: `writeReport` makes the report again. */
  readonly reportError?: Error;
}

/** The machine itself: real time, and the ports of the system. */
const MACHINE = { clocks: realClocks, clock: realClock, isPortFree };

/** Reads, checks and compiles an experiment; starts nothing. */
export function loadExperiment(init: LoadExperimentInit): Promise<LoadResult> {
  return load(init, MACHINE);
}

/** Reads and checks a scenario by itself, without a configuration. */
export function checkScenarioFile(init: CheckScenarioInit): Promise<CheckedScenario> {
  return checkScenario(init, MACHINE);
}

/**
 * Makes a report of the files that a run left in its output directory: tables in `data/`, graphs in `graphs/`,
 * `summary.json` and `report.html`. The files of an earlier report are replaced.
 * @throws GumbyError REPORT_INPUT_INVALID, OUTPUT_WRITE_FAILED
 */
export function writeReport(outputDir: string, init: WriteReportInit): Promise<WrittenReport> {
  return report(outputDir, init, MACHINE);
}

/**
 * Runs an experiment from its files to its report. A run that fails is a result, not an exception.
 * @param source - where the files are, or the experiment that `loadExperiment` made of them, which stays the caller's to dispose of
 * @throws GumbyError EXPERIMENT_INVALID when the files are wrong, with all their diagnostics; OUTPUT_DIRECTORY_REFUSED,
 *   OUTPUT_DIRECTORY_IN_USE,
 *   OUTPUT_WRITE_FAILED when there is nowhere to write to
 */
export async function runExperiment(
  source: LoadExperimentInit | LoadedExperiment,
  init: RunExperimentInit = {},
): Promise<FinishedExperiment> {
  const { experiment, dispose } = await loaded(source);
  try {
    const run = prepare(experiment, init, {
      machine: realClock,
      time: timeOf(experiment, realClock),
      createHost,
    });
    try {
      await conduct(run);
      const result = await conclude(run);
      return { result, ...(await reported(run, init)) };
    } finally {
      run.output.release();
    }
  } finally {
    await dispose();
  }
}

/** Conducts the run from the start of the first part to the end of the last: whatever goes wrong in between, nothing is left running. */
async function conduct(run: Run): Promise<void> {
  try {
    const started = await start(run);
    await synchronise(run, started);
    await untilOver(run, started);
  } catch (error) {
    run.state.thrown = toError(error);
    run.failures.addUnlessRecorded(run.state.thrown);
  } finally {
    await stop(run);
  }
}

/** Makes the report. If it cannot be made, the run is whole nevertheless: all its files are there. */
async function reported(run: Run, init: RunExperimentInit): Promise<Omit<FinishedExperiment, 'result'>> {
  const extent = init.report ?? run.experiment.config.report;
  if (extent === 'none') return {};
  try {
    return { report: await writeReport(run.outputDir, { extent }) };
  } catch (error) {
    return { reportError: toError(error) };
  }
}

/** Loads an experiment from its files, and then also disposes of it; an experiment that was loaded before stays its owner's. */
async function loaded(
  source: LoadExperimentInit | LoadedExperiment,
): Promise<Pick<LoadResult, 'dispose'> & { readonly experiment: LoadedExperiment }> {
  if ('config' in source) return { experiment: source, dispose: async () => {} };
  const result = await loadExperiment(source);
  return { experiment: await requireExperiment(result), dispose: result.dispose };
}

const createHost: Parameters<typeof prepare>[2]['createHost'] = (...args) => new HostThread(...args);
