import { dirname } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { checkScenarioFile } from '../runner.js';
import type { Scenario } from '../scenario/scenario.js';
import { isBeforeAll, type ScheduledEvent, timelineJson, timelineOf } from '../scenario/timeline.js';
import { formatDuration } from './views/format-duration.js';
import { type LoadOptions, loadFromCommandLine, withLoadOptions } from './load-options.js';
import { countDiagnostics, displayPath, printDiagnostics } from './print-diagnostics.js';
import { guarded } from './report-error.js';
import type { Diagnostic } from '../runtime/diagnostic.js';

interface TimelineOptions extends LoadOptions {
  readonly peer: number;
  readonly json?: boolean;
}

/** `gumby timeline FILE.scenario|FILE.conf --peer N`. */
export function timelineCommand(): Command {
  return withLoadOptions(new Command('timeline'))
    .description('show what happens to one instance, and when, without running it')
    .argument('<FILE>', 'a .scenario by itself, or a .conf')
    .requiredOption('--peer <N>', 'number of the instance, from 1', instanceNumber)
    .option('--json', 'print one object a line: time (seconds, -1 for @!), command, args, kwargs, file, line')
    .action(guarded(timeline));
}

async function timeline(file: string, options: TimelineOptions): Promise<void> {
  const loaded = await load(file, options);
  try {
    printDiagnostics(loaded.diagnostics);
    if (loaded.scenario === undefined || loaded.diagnostics.some(({ severity }) => severity === 'error')) {
      process.stderr.write(`there is no timeline: ${countDiagnostics(loaded.diagnostics)}\n`);
      process.exitCode = 2;
      return;
    }
    const events = timelineOf(loaded.scenario, options.peer, options.seed ?? loaded.seed);
    const lines = events.map((event) =>
      options.json === true ? JSON.stringify(timelineJson(event)) : describe(event),
    );
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  } finally {
    await loaded.dispose();
  }
}

interface LoadedTimeline {
  readonly scenario?: Scenario;
  readonly seed: string;
  readonly diagnostics: readonly Diagnostic[];
  dispose(): Promise<void>;
}

async function load(file: string, options: TimelineOptions): Promise<LoadedTimeline> {
  if (!file.endsWith('.scenario')) {
    const { experiment, ...rest } = await loadFromCommandLine(file, options);
    const count = experiment?.config.instanceCount ?? options.peer;
    if (options.peer > count)
      return { ...rest, seed: '', diagnostics: [...rest.diagnostics, noSuchPeer(file, options.peer, count)] };
    return {
      ...rest,
      seed: experiment?.seed ?? '',
      ...(experiment?.scenario === undefined ? {} : { scenario: experiment.scenario }),
    };
  }
  const init = {
    file,
    projectDir: process.cwd(),
    experimentDir: dirname(file),
    variables: process.env,
    missingModules: 'warning',
  } as const;
  return { ...(await checkScenarioFile(init)), seed: options.seed ?? '0' };
}

function noSuchPeer(file: string, peer: number, count: number): Diagnostic {
  return { severity: 'error', message: `there is no instance ${peer}: the experiment has ${count}`, file };
}

/** `0:30      publish 3 title=x      (a.scenario:12)`. */
function describe({ timeMs, event }: ScheduledEvent): string {
  const time = isBeforeAll(event) ? '@!' : `${formatDuration(timeMs / 1000)}${fraction(timeMs)}`;
  const words = event.words.map(({ name, value }) => (name === undefined ? value : `${name}=${value}`));
  return `${time.padEnd(12)}${[event.command, ...words].join(' ')}  (${displayPath(event.place.file)}:${event.place.line})`;
}

function fraction(timeMs: number): string {
  const thousandths = Math.round(timeMs) % 1000;
  return thousandths === 0 ? '' : `.${String(thousandths).padStart(3, '0')}`;
}

function instanceNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Expected the number of an instance, from 1.');
  return Number(text);
}
