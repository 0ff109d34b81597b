import { Command } from 'commander';
import { type FinishedExperiment, runExperiment, type RunResult } from '../runner.js';
import { type LoadOptions, loadFromCommandLine, withLoadOptions } from './load-options.js';
import { countDiagnostics, printDiagnostics, usesColor } from './print-diagnostics.js';
import { guarded, printError } from './report-error.js';
import { printProblems } from './print-problems.js';
import { watchRunSignals } from './run-signals.js';
import { describeReport } from './views/describe-report.js';
import { LiveView } from './views/live-view.js';
import { LogView } from './views/log-view.js';
import { QuietView } from './views/quiet-view.js';
import type { RunView } from './views/run-view.js';

interface RunOptions extends LoadOptions {
  readonly quiet?: boolean;
  readonly json?: boolean;
  readonly requireValid?: boolean;
}

/** The exit code of a run that went well, but too slowly to be trusted. */
const NOT_VALID_EXIT_CODE = 4;

/** `gumby run FILE.conf`. */
export function runCommand(): Command {
  return withLoadOptions(new Command('run'))
    .description('run an experiment')
    .argument('<FILE.conf>', 'configuration of the experiment')
    .option('--output <DIR>', 'where the run writes (default: output_dir of the configuration, or "output")')
    .option('--quiet', 'say nothing but what failed')
    .option('--json', 'print the result as one JSON object on standard output; everything else goes to standard error')
    .option('--require-valid', 'exit with 4 when the run succeeded, but its validity is not VALID')
    .action(guarded(run));
}

async function run(confFile: string, options: RunOptions): Promise<void> {
  const signals = watchRunSignals();
  const loaded = await loadFromCommandLine(confFile, options);
  try {
    printDiagnostics(options.quiet === true ? loaded.diagnostics.filter(isError) : loaded.diagnostics);
    if (loaded.experiment === undefined) {
      process.stderr.write(`nothing was started: ${countDiagnostics(loaded.diagnostics)}\n`);
      process.exitCode = 2;
      return;
    }
    if (signals.stop.aborted) {
      process.exitCode = 130;
      return;
    }
    const view = viewFor(options);
    const { experiment } = loaded;
    const finished = await runExperiment(experiment, {
      ...signals,
      environment: process.env,
      onProgress: (progress) => view.update(progress),
    });
    const isReported = showReport(finished, options);
    if (options.json === true) process.stdout.write(`${JSON.stringify(finished.result)}\n`);
    process.exitCode = exitCodeOf(finished.result, isReported, options);
  } finally {
    await loaded.dispose();
    signals.release();
  }
}

function exitCodeOf({ exitCode, verdict }: RunResult, reported: boolean, { requireValid }: RunOptions): number {
  if (exitCode !== 0) return exitCode;
  if (requireValid === true && verdict?.validity !== 'VALID') return NOT_VALID_EXIT_CODE;
  return reported ? 0 : 1;
}

/** Prints where the report is. @returns whether the report was made as wanted */
function showReport({ result, report, reportError }: FinishedExperiment, { quiet, json }: RunOptions): boolean {
  if (reportError !== undefined) {
    printError(reportError);
    return false;
  }
  if (report === undefined) return true;
  const lines = describeReport(result.outputDir, report);
  if (quiet !== true) (json === true ? process.stderr : process.stdout).write(`${lines.join('\n')}\n`);
  return printProblems(report);
}

function isError({ severity }: { readonly severity: string }): boolean {
  return severity === 'error';
}

/** The view of a run for a person. It goes to standard output, unless standard output is promised to a program. */
function viewFor({ quiet, json }: RunOptions): RunView {
  const stream = json === true ? process.stderr : process.stdout;
  if (quiet === true) return new QuietView(process.stderr);
  return stream.isTTY && process.env['TERM'] !== 'dumb' ? new LiveView(stream, usesColor(stream)) : new LogView(stream);
}
