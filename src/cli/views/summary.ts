import { RUN_RECORD } from '../../output/record/run-record-file.js';
import { relative } from 'node:path';
import { type NetworkResult, PACKET_FATES } from '../../output/record/network-result.js';
import type { RunOutcome, RunResult } from '../../output/record/run-result.js';
import type { Verdict } from '../../statistics/verdict.js';
import { describeUnfinished } from '../../coordinator/instances/unfinished-commands.js';
import { describeFailure } from './describe-progress.js';
import { formatDuration } from './format-duration.js';

/** How many failures are listed at the end; all that are kept stand in run.json. */
const FAILURES_LISTED = 10;
/** How many commands are listed that never came to an end. */
const UNFINISHED_LISTED = 10;
/** How many broken limits are listed; all of them stand in run.json. */
const LIMITS_LISTED = 5;

const HEADLINES: Readonly<Record<RunOutcome, string>> = {
  succeeded: 'succeeded',
  failed: 'FAILED',
  'time-limit': 'FAILED: the time limit (experiment_time) was reached',
  interrupted: 'INTERRUPTED',
};

/** How a run ended, for a person. */
export function summaryLines(result: RunResult): readonly string[] {
  const { commands, instances, latenessMs } = result;
  const failed = instances.filter(({ state }) => state === 'failed').length;
  const lines = [`${result.experimentName}: ${HEADLINES[result.outcome]} (seed ${result.seed})`];
  if (instances.length > 0) {
    const start = result.startUpMs === undefined ? '' : `, ready after ${(result.startUpMs / 1000).toFixed(1)} s`;
    const run = result.experimentMs === undefined ? '' : `, ran for ${formatDuration(result.experimentMs / 1000)}`;
    lines.push(`  instances  ${instances.length}${failed > 0 ? `, ${failed} failed` : ''}${start}${run}`);
    const unfinished = commands.unfinished > 0 ? `, ${commands.unfinished} unfinished` : '';
    lines.push(`  events     ${commands.done} done, ${commands.failed} failed${unfinished}, of ${commands.total}`);
  }
  if (result.machineGoAt !== undefined)
    lines.push(`  time       virtual; the run took ${(result.durationMs / 1000).toFixed(1)} s of real time in all`);
  if (latenessMs !== undefined)
    lines.push(`  lateness   median ${latenessMs.median} ms, p99 ${latenessMs.p99} ms, max ${latenessMs.max} ms`);
  if (result.network !== undefined) lines.push(...networkLines(result.network));
  if (result.verdict !== undefined) lines.push(...verdictLines(result.verdict));
  for (const { command, exitCode, signal } of result.externalCommands)
    lines.push(`  command    ${command}: ${exitCode === undefined ? (signal ?? 'not started') : `exit ${exitCode}`}`);
  lines.push(`  output     ${relative(process.cwd(), result.outputDir) || '.'}`);
  lines.push(...unfinishedLines(result), ...failureLines(result));
  return lines;
}

/** What the network did with packets, as far as it did not carry them. */
function networkLines({ packets, delays }: NetworkResult): readonly string[] {
  const told = PACKET_FATES.flatMap(({ fate, meaning }) => {
    const count = packets[fate] ?? 0;
    return count === 0 ? [] : [`${count.toLocaleString('en')} ${meaning}`];
  });
  return [`  packets    ${[`${packets.sent.toLocaleString('en')} sent`, ...told].join(', ')}`, ...delayLines(delays)];
}

/** How long packets took, where that is not what was asked for to the bit. */
function delayLines(delays: NetworkResult['delays']): readonly string[] {
  if (delays?.measured === undefined) return [];
  const [asked, measured] = [delays.asked, delays.measured].map(({ p5, median, p95 }) =>
    [p5, median, p95].map((ms) => ms.toFixed(1)).join(' / '),
  );
  if (asked === measured) return [];
  return [`  latency    asked ${asked} ms, measured ${measured} ms (5 %, median, 95 % of packets)`];
}

/** Whether the numbers of the run can be trusted, and why not. */
function verdictLines({ validity, broken, hints }: Verdict): readonly string[] {
  const shown = broken
    .slice(0, LIMITS_LISTED)
    .map(({ name, limit, worst, unit, firstS, seconds, instance, thread }) => {
      const who = instance === undefined ? thread : `instance ${instance}`;
      const where = who === undefined ? '' : ` at ${who}`;
      const times = seconds.length > 1 ? `, in ${seconds.length} seconds` : '';
      return `    ${name.replaceAll('_', ' ')} up to ${worst} ${unit} (limit ${limit}), first at ${firstS} s${where}${times}`;
    });
  return [`  validity   ${validity}`, ...shown, ...hints.map((hint) => `    ${hint}`)];
}

function unfinishedLines({ commands, unfinished }: RunResult): readonly string[] {
  if (commands.unfinished === 0) return [];
  const lines = unfinished
    .slice(0, UNFINISHED_LISTED)
    .map((each) => `    instance ${each.instance} (${each.place}): ${describeUnfinished(each)}`);
  const more = commands.unfinished - lines.length;
  return [
    `  unfinished ${commands.unfinished}`,
    ...lines,
    ...(more > 0 ? [`    … and ${more} more (see ${RUN_RECORD})`] : []),
  ];
}

function failureLines({ failures, failureCount }: RunResult): readonly string[] {
  if (failureCount === 0) return [];
  const lines = failures.slice(0, FAILURES_LISTED).map((failure) => `    ${describeFailure(failure)}`);
  const more = failureCount - lines.length;
  return [
    `  failures   ${failureCount}`,
    ...lines,
    ...(more > 0 ? [`    … and ${more} more (see ${RUN_RECORD})`] : []),
  ];
}
