import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { GumbyError } from '../runtime/errors.js';
import { compareRuns, type RunToCompare } from '../report/compare/compare-runs.js';
import { failuresOf, parseFailCondition } from '../report/compare/fail-on.js';
import { guarded } from './report-error.js';
import { describeComparison } from './views/describe-comparison.js';

interface CompareOptions {
  readonly json?: boolean;
  readonly all?: boolean;
  readonly page: string | false;
  readonly failOn: readonly string[];
}

const PAGE = 'comparison.html';

/** `gumby compare [LABEL=]DIR [LABEL=]DIR …`. */
export function compareCommand(): Command {
  return new Command('compare')
    .description('put the metrics of several runs side by side; the first is what the others are compared with')
    .argument(
      '<[LABEL=]DIR...>',
      'outputs of runs; those of one label are runs of one kind, and give confidence intervals',
    )
    .option('--json', 'print the comparison as one JSON object on standard output')
    .option('--all', 'show every metric, not only those that differ most')
    .option('--page <FILE>', 'where the page with the graphs goes', PAGE)
    .option('--no-page', 'no page')
    .option(
      '--fail-on <CONDITION>',
      'exit with 1 when it is met by a later kind: "METRIC > +10%" (a change), "METRIC > +5" (a difference), "METRIC > 100" (a value); repeatable',
      (value: string, before: readonly string[]) => [...before, value],
      [],
    )
    .action(guarded(compare));
}

async function compare(given: readonly string[], { json, all, page, failOn }: CompareOptions): Promise<void> {
  const conditions = failOn.map(parseFailCondition);
  const runs = given.map(runOf);
  if (new Set(runs.map(({ label }) => label)).size < 2)
    throw new GumbyError('COMMAND_LINE_INVALID', 'there is nothing to compare with: give two kinds of runs at least');
  const pageFile = page === false ? undefined : resolve(page);
  const comparison = await compareRuns(runs, pageFile);
  const failures = failuresOf(conditions, comparison);
  if (json === true) process.stdout.write(`${JSON.stringify({ ...comparison, failures })}\n`);
  else process.stdout.write(`${describeComparison(comparison, { all: all === true, pageFile }).join('\n')}\n`);
  for (const failure of failures) process.stderr.write(`FAILED ${failure}\n`);
  if (failures.length > 0) process.exitCode = 1;
}

/** A directory may itself have a `=` in its name. */
function runOf(given: string): RunToCompare {
  const at = given.indexOf('=');
  if (at < 1 || isDirectory(given)) return { label: given, directory: resolve(given) };
  return { label: given.slice(0, at), directory: resolve(given.slice(at + 1)) };
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
