import { Command } from 'commander';
import { writeReport } from '../report/write-report.js';
import { type LoadedExperiment, runExperiment } from '../runner.js';
import { type LoadOptions, loadFromCommandLine, withLoadOptions } from './load-options.js';
import { countDiagnostics, printDiagnostics, usesColor } from './print-diagnostics.js';
import { guarded, printError } from './report-error.js';
import { printProblems } from './print-problems.js';
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

/** The run itself went well, but too slowly to be trusted. */
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
  const signals = watchSignals();
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
    let reported = true as boolean;
    const result = await runExperiment(experiment, {
      ...signals,
      environment: process.env,
      onProgress: (progress) => view.update(progress),
      onResult: async (result) => {
        view.finish(result);
        reported = await report(experiment, options);
      },
    });
    if (options.json === true) process.stdout.write(`${JSON.stringify(result)}\n`);
    const isDoubtful = options.requireValid === true && result.verdict?.validity !== 'VALID';
    process.exitCode = result.exitCode === 0 && isDoubtful ? NOT_VALID_EXIT_CODE : result.exitCode;
    if (!reported && process.exitCode === 0) process.exitCode = 1;
  } finally {
    await loaded.dispose();
    signals.release();
  }
}

/** A report that cannot be made takes nothing from the run, whose files are all there. @returns whether it was made as wanted */
async function report({ config }: LoadedExperiment, { quiet, json }: RunOptions): Promise<boolean> {
  if (config.report === 'none') return true;
  try {
    const written = await writeReport(config.outputDir, { extent: config.report });
    const lines = describeReport(config.outputDir, written);
    if (quiet !== true) (json === true ? process.stderr : process.stdout).write(`${lines.join('\n')}\n`);
    return printProblems(written);
  } catch (error) {
    printError(error);
    return false;
  }
}

function isError({ severity }: { readonly severity: string }): boolean {
  return severity === 'error';
}

/** What a person reads goes to standard output, unless that is promised to a program. */
function viewFor({ quiet, json }: RunOptions): RunView {
  const stream = json === true ? process.stderr : process.stdout;
  if (quiet === true) return new QuietView(process.stderr);
  return stream.isTTY && process.env['TERM'] !== 'dumb' ? new LiveView(stream, usesColor(stream)) : new LogView(stream);
}

interface WatchedSignals {
  readonly stop: AbortSignal;
  readonly kill: AbortSignal;
  release(): void;
}

/** The first SIGINT or SIGTERM ends the run in order, the second at once. */
function watchSignals(): WatchedSignals {
  const stop = new AbortController();
  const kill = new AbortController();
  const onSignal = () => {
    if (stop.signal.aborted) kill.abort();
    else {
      process.stderr.write('stopping; once more to kill\n');
      stop.abort();
    }
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    stop: stop.signal,
    kill: kill.signal,
    release: () => process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  };
}
