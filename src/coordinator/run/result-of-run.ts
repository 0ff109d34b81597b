import { filledBuckets, LATENESS_BUCKETS } from '../../statistics/lateness-histogram.js';
import type { InstanceActor } from '../instances/instance-actor.js';
import type { Run } from './run.js';
import { unfinishedOf } from '../instances/unfinished-commands.js';
import { EXIT_CODES, type InstanceResult, type RunOutcome, type RunResult } from '../../output/record/run-result.js';

/** The result of a run, as far as it has got. */
export function resultOf(run: Run): RunResult {
  const { experiment, failures, clocks, state, began } = run;
  const outcome = outcomeOf(run);
  // In virtual time nothing is late, and nothing is said of it.
  const canBeLate = !run.time.isVirtual;
  const latenessMs = canBeLate ? state.lateness.quantiles() : undefined;
  return {
    outcome,
    exitCode: EXIT_CODES[outcome],
    experimentName: experiment.config.experimentName,
    seed: experiment.seed,
    outputDir: run.outputDir,
    startedAt: began.wallTime,
    ...(state.goAt === undefined ? {} : { goAt: state.goAt }),
    ...(state.machineGoAt === undefined ? {} : { machineGoAt: state.machineGoAt }),
    durationMs: Math.round(clocks.machine.nowMs() - began.atMs),
    ...(state.startUpMs === undefined ? {} : { startUpMs: Math.round(state.startUpMs) }),
    ...(state.experimentMs === undefined ? {} : { experimentMs: Math.round(state.experimentMs) }),
    commands: {
      total: state.commandsTotal,
      done: sum(state.instances, ({ commands }) => commands.counts.done),
      failed: sum(state.instances, ({ commands }) => commands.counts.failed),
      unfinished: sum(state.instances, ({ commands }) => commands.counts.unfinished),
    },
    unfinished: unfinishedOf(state.instances),
    ...(latenessMs === undefined ? {} : { latenessMs }),
    latenessBuckets: canBeLate ? latenessBucketsOf(state.instances) : { events: [], timers: [] },
    ...(state.network === undefined ? {} : { network: state.network }),
    ...(state.verdict === undefined ? {} : { verdict: state.verdict }),
    failureCount: failures.count,
    failures: failures.kept,
    instances: state.instances.map(rowOf),
    externalCommands: state.externalCommands,
  };
}

function latenessBucketsOf(instances: readonly InstanceActor[]): RunResult['latenessBuckets'] {
  const events = new Float64Array(LATENESS_BUCKETS);
  const timers = new Float64Array(LATENESS_BUCKETS);
  for (const { commandLateness, gauges } of instances) {
    for (const [bucket, count] of commandLateness.buckets.entries()) increase(events, bucket, count);
    for (const [bucket, count] of gauges.timerLateness.entries()) increase(timers, bucket, count);
  }
  return { events: filledBuckets(events), timers: filledBuckets(timers) };
}

function increase(counts: Float64Array, bucket: number, by: number): void {
  counts[bucket] = (counts[bucket] as number) + by;
}

/** The gravest reason counts: an interruption explains the rest, and so does the time limit. */
function outcomeOf(run: Run): RunOutcome {
  if (run.stop.aborted) return 'interrupted';
  const { thrown } = run.state;
  if ((thrown as { code?: string } | undefined)?.code === 'TIME_LIMIT_REACHED') return 'time-limit';
  return thrown !== undefined || run.failures.count > 0 ? 'failed' : 'succeeded';
}

function rowOf({ id, state, port, readyMs, commands, failureCount }: InstanceActor): InstanceResult {
  return {
    id,
    state,
    ...(port === undefined ? {} : { port }),
    ...(readyMs === undefined ? {} : { startMs: Math.round(readyMs) }),
    commands: { ...commands.counts },
    failures: failureCount,
  };
}

function sum(instances: readonly InstanceActor[], count: (instance: InstanceActor) => number): number {
  return instances.reduce((total, instance) => total + count(instance), 0);
}
