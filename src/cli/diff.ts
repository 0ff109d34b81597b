import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { firstDifference } from '../report/diff/first-difference.js';
import { guarded } from './report-error.js';
import { describeDifference } from './views/describe-difference.js';

interface DiffOptions {
  readonly json?: boolean;
  readonly context: number;
}

/** `gumby diff RUN RUN`. */
export function diffCommand(): Command {
  return new Command('diff')
    .description('find the first event at which two runs in virtual time part; exit with 1 when they do')
    .argument('<RUN>', 'the output of a run with trace = on')
    .argument('<RUN>', 'the output of another')
    .option('--json', 'print the difference as one JSON object on standard output')
    .option('--context <N>', 'how many events before are shown', count, 10)
    .action(guarded(diff));
}

async function diff(one: string, other: string, { json, context }: DiffOptions): Promise<void> {
  const found = firstDifference(resolve(one), resolve(other), context);
  if (json === true) process.stdout.write(`${JSON.stringify(found)}\n`);
  else process.stdout.write(`${describeDifference(found, [one, other]).join('\n')}\n`);
  process.exitCode = found.trace === undefined ? 0 : 1;
}

function count(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= 10_000) return value;
  throw new InvalidArgumentError('expected a number from 0 to 10000');
}
