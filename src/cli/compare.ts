import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { COMPARISON_PAGE } from '../output/report-files.js';
import { GumbyError } from '../runtime/errors.js';
import { compareRuns, type RunToCompare } from '../report/compare/compare-runs.js';
import { parseFailCondition } from '../report/compare/fail-on.js';
import { type JudgedCondition, judgeConditions, type Judgement } from '../report/compare/judge-condition.js';
import { guarded } from './report-error.js';
import { describeComparison } from './views/describe-comparison.js';

interface CompareOptions {
  readonly json?: boolean;
  readonly all?: boolean;
  readonly page: string | false;
  readonly failOn: readonly string[];
}

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
    .option('--page <FILE>', 'where the page with the graphs goes', COMPARISON_PAGE)
    .option('--no-page', 'no page')
    .option(
      '--fail-on <CONDITION>',
      'exit with 1 when a later kind meets it: "METRIC > +10%" (a change), "METRIC > +5" (a difference), "METRIC > 100" (a value); a change or ' +
        "difference that chance explains (Welch's t-test, 95 %) does not count, and with one run of a kind, where nobody can tell, the exit code is 5; repeatable",
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
  const judged = judgeConditions(conditions, comparison);
  if (json === true) process.stdout.write(`${JSON.stringify({ ...comparison, conditions: judged })}\n`);
  else process.stdout.write(`${describeComparison(comparison, { all: all === true, pageFile }).join('\n')}\n`);
  for (const { condition, judgement, explanation } of judged)
    if (judgement !== 'passed') process.stderr.write(`${HEADLINES[judgement]} ${condition}: ${explanation}\n`);
  process.exitCode = exitCodeOf(judged);
}

const HEADLINES: Readonly<Record<Exclude<Judgement, 'passed'>, string>> = {
  failed: 'FAILED',
  'not-significant': 'NOT SIGNIFICANT',
  'too-few-runs': 'UNDECIDED',
};

/** The exit code of a check that could not decide: it must not look like one that passed. */
const UNDECIDED_EXIT_CODE = 5;

function exitCodeOf(judged: readonly JudgedCondition[]): number {
  const has = (wanted: Judgement) => judged.some(({ judgement }) => judgement === wanted);
  return has('failed') ? 1 : has('too-few-runs') ? UNDECIDED_EXIT_CODE : 0;
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
