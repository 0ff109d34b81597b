import { scheduleOf } from '../../scenario/timeline.js';
import { runInstanceCommands, runStageCommand } from '../commands/external-commands.js';
import type { InstanceActor } from '../instances/instance-actor.js';
import { createInstances } from '../instances/instance-hosts.js';
import { limitMemory } from '../instances/memory-limit.js';
import { recordUnfinished } from '../instances/unfinished-commands.js';
import type { DueCommand } from '../commands/dispatcher.js';
import type { RunContext } from './run-context.js';
import { awaitInstances, endInstances, type InstancesStarted, launchInstances, watchStart } from './run-instances.js';
import type { CommandResult } from './run-result.js';
import { writeTimeline } from '../files/timeline-file.js';
import { startTrackers, type Trackers } from './trackers.js';
import { MetricsRecorder } from '../../monitor/metrics-recorder.js';
import { ResourceMonitor, type ResourceMonitorInit } from '../../monitor/resource-monitor.js';
import type { Verdict } from '../../statistics/verdict.js';
import type { InstanceGauges } from '../../statistics/instance-gauges.js';
import type { LatenessQuantiles } from '../../statistics/lateness-quantiles.js';
import { toError } from '../../runtime/errors.js';

/** What is known of a run while it goes on, and stays known however it ends. */
export interface RunState {
  instances: readonly InstanceActor[];
  commandsTotal: number;
  startUpMs: number | undefined;
  experimentMs: number | undefined;
  /** GO, on the monotonic clock. */
  startedMs: number | undefined;
  verdict: Verdict | undefined;
  /** How late the commands of all instances began. */
  readonly lateness: LatenessQuantiles;
  readonly externalCommands: CommandResult[];
}

/**
 * The life of a run between its output directory and its result: set-up, trackers, instances, GO, the end of all of it, and
 * post-processing. Whatever it throws, nothing that it started is left when it does.
 */
export async function conductRun(run: RunContext, state: RunState): Promise<void> {
  const { config } = run.experiment;
  run.onProgress({ type: 'stage', stage: 'set-up' });
  record(state, await runStageCommand(run, 'local_setup_cmd', config.localSetup, config.experimentTimeMs));
  run.stop.throwIfAborted();
  const trackers = await startTrackers(run);
  try {
    await runInstances(run, state, trackers);
  } finally {
    await trackers.stop().catch((error: unknown) => run.failures.add(toError(error)));
  }
  run.stop.throwIfAborted();
  run.onProgress({ type: 'stage', stage: 'post-processing' });
  record(state, await runStageCommand(run, 'post_process_cmd', config.postProcess, 0));
}

async function runInstances(
  run: RunContext,
  state: RunState,
  { addresses, lost: trackersLost, gauges }: Trackers,
): Promise<void> {
  const { clock } = run;
  const progress = { touch: () => {} };
  const { hosts, instances } = createInstances(run, addresses, {
    clock,
    failures: run.failures,
    onProgress: () => progress.touch(),
    onLateness: (latenessMs) => state.lateness.add(latenessMs),
  });
  state.instances = instances;
  const commands = dueCommands(run);
  writeTimeline(run.outputDir, commands);
  state.commandsTotal = commands.reduce((sum, { peers }) => sum + peers.length, 0);
  const over = new AbortController();
  const external = runInstanceCommands(run, AbortSignal.any([over.signal, run.stop]));
  // Watched at the end of this function; until then its failure must not count as unhandled.
  external.catch(() => {});
  let launched: InstancesStarted | undefined;
  const monitor = createMonitor(run, { instances, threads: hosts }, gauges);
  monitor.start();
  const recorder = new MetricsRecorder({ outputDir: run.outputDir, instances: state.instances }, onFailureOf(run));
  recorder.start();
  const memoryLimit = limitMemory(hosts, instances, run.experiment.config.instanceMemoryMb, clock);
  const launchedAtMs = clock.nowMs();
  try {
    if (state.instances.length > 0) {
      const watch = watchStart(run, state.instances);
      progress.touch = () => watch.touch();
      launched = await Promise.race([launchInstances(run, addresses, state.instances, commands, watch), trackersLost]);
      state.startUpMs = launched.readyMs - launchedAtMs;
    }
    const startMs = launched?.startMs ?? clock.nowMs();
    state.startedMs = startMs;
    // A run of external commands alone begins when they are started.
    if (launched === undefined) run.onGo(startMs);
    monitor.go(startMs);
    await awaitInstances(run, state, external, monitor, trackersLost);
  } finally {
    run.onProgress({ type: 'stage', stage: 'stopping' });
    monitor.stop();
    state.verdict = monitor.health.verdict();
    launched?.stopDispatching();
    over.abort();
    await endInstances(run, state.instances);
    memoryLimit.cancel();
    recorder.finish();
    if (!run.stop.aborted) recordUnfinished(run.failures, state.instances);
    if (launched !== undefined) state.experimentMs = clock.nowMs() - launched.startMs;
    state.externalCommands.push(...(await external));
  }
}

function createMonitor(
  run: RunContext,
  watched: Pick<ResourceMonitorInit, 'instances' | 'threads'>,
  trackerGauges: readonly InstanceGauges[] | undefined,
): ResourceMonitor {
  const { monitorIntervalMs: intervalMs, limits } = run.experiment.config;
  return new ResourceMonitor(
    {
      outputDir: run.outputDir,
      intervalMs,
      limits,
      ...watched,
      ...(trackerGauges === undefined ? {} : { trackerGauges }),
    },
    onFailureOf(run),
  );
}

function onFailureOf(run: RunContext) {
  return { clock: run.clock, onFailure: (error: unknown) => run.failures.add(toError(error)) };
}

function dueCommands({ experiment }: RunContext): readonly DueCommand[] {
  if (experiment.scenario === undefined) return [];
  return scheduleOf(experiment.scenario, experiment.seed).map(({ timeMs, peers, event }) => ({
    timeMs,
    peers,
    command: {
      command: event.command,
      args: event.args,
      kwargs: event.kwargs,
      place: `${event.place.file}:${event.place.line}`,
    },
  }));
}

function record(state: RunState, result: CommandResult | undefined): void {
  if (result !== undefined) state.externalCommands.push(result);
}
