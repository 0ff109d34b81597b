import { cutText } from '../../runtime/cut-text.js';
import type { FinishedRecord } from './run-record.js';
import type { RunFailure } from './run-result.js';

/** How many failures are kept, and how much of their messages, where there is little room. */
const FAILURES_KEPT = 20;
const MESSAGE_CHARS_MAX = 500;

/**
 * A finished run's record as JSON in ever fewer words, for a disk that is full: as it is, without most of the failures and unfinished
 * commands, and without the rows of instances and commands and the seconds that the verdict lists. What is left out is said in
 * `shortened`; the counts stay.
 */
export function recordsByLength(record: FinishedRecord): readonly string[] {
  const { failures, unfinished, verdict } = record;
  const withoutStacks = {
    ...record,
    failures: failures.slice(0, FAILURES_KEPT).map(shorten),
    unfinished: unfinished.slice(0, FAILURES_KEPT),
    shortened: `the disk was full: of failures and unfinished commands the first ${FAILURES_KEPT} are kept, and no stacks`,
  };
  const barest = {
    ...withoutStacks,
    instances: [],
    externalCommands: [],
    latenessBuckets: undefined,
    verdict: verdict && { ...verdict, broken: verdict.broken.map((limit) => ({ ...limit, seconds: [limit.firstS] })) },
    shortened: `${withoutStacks.shortened}, and neither the rows of instances and commands nor all seconds of broken limits`,
  };
  return [record, withoutStacks, barest].map((each) => `${JSON.stringify(each)}\n`);
}

function shorten({ stack: _, message, ...rest }: RunFailure): RunFailure {
  return { ...rest, message: cutText(message, MESSAGE_CHARS_MAX) };
}
