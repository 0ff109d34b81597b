import { scheduleOf } from '../scenario/timeline.js';
import { builtInCommands } from '../scenario/built-in-commands.js';
import type { Address } from '../instance/protocol.js';
import { runInstanceCommands, runStageCommand } from './external-commands.js';
import { InstanceActor, type InstanceActorComponents } from './instance-actor.js';
import { limitMemory } from './memory-limit.js';
import { recordUnfinished } from './unfinished-commands.js';
import { createInstanceFiles } from './instance-files.js';
import type { DueCommand } from './dispatcher.js';
import type { RunContext } from './run-context.js';
import { awaitInstances, endInstances, type InstancesStarted, launchInstances, watchStart } from './run-instances.js';
import type { CommandResult } from './run-result.js';
import { writeTimeline } from './timeline-file.js';
import { startTrackers, type Trackers } from './trackers.js';
import { MetricsRecorder } from '../monitor/metrics-recorder.js';
import { ResourceMonitor } from '../monitor/resource-monitor.js';
import type { Verdict } from '../statistics/verdict.js';
import { InstanceGauges } from '../statistics/instance-gauges.js';
import type { LatenessQuantiles } from '../statistics/lateness-quantiles.js';
import { MetricMemory } from '../statistics/metric-memory.js';
import { LogBuffer } from '../statistics/log-buffer.js';
import { toError } from '../runtime/errors.js';

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

/** Peers prefer the port of Gumby: this plus their id. */
const FIRST_PEER_PORT = 12_000;

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
  state.instances = createInstances(run, addresses, {
    clock,
    failures: run.failures,
    onProgress: () => progress.touch(),
    onLateness: (latenessMs) => state.lateness.add(latenessMs),
  });
  const commands = dueCommands(run);
  writeTimeline(run.outputDir, commands);
  state.commandsTotal = commands.reduce((sum, { peers }) => sum + peers.length, 0);
  const over = new AbortController();
  const external = runInstanceCommands(run, AbortSignal.any([over.signal, run.stop]));
  // Watched at the end of this function; until then its failure must not count as unhandled.
  external.catch(() => {});
  let launched: InstancesStarted | undefined;
  const monitor = createMonitor(run, state.instances, gauges);
  monitor.start();
  const recorder = new MetricsRecorder({ outputDir: run.outputDir, instances: state.instances }, onFailureOf(run));
  recorder.start();
  const memoryLimit = limitMemory(state.instances, run.experiment.config.instanceMemoryMb, clock);
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
  instances: readonly InstanceActor[],
  trackerGauges: readonly InstanceGauges[] | undefined,
): ResourceMonitor {
  const { monitorIntervalMs: intervalMs, limits } = run.experiment.config;
  return new ResourceMonitor(
    {
      outputDir: run.outputDir,
      intervalMs,
      limits,
      instances,
      ...(trackerGauges === undefined ? {} : { trackerGauges }),
    },
    onFailureOf(run),
  );
}

function onFailureOf(run: RunContext) {
  return { clock: run.clock, onFailure: (error: unknown) => run.failures.add(toError(error)) };
}

function createInstances(
  run: RunContext,
  trackers: readonly Address[],
  components: InstanceActorComponents,
): readonly InstanceActor[] {
  const { config, modules, seed } = run.experiment;
  const thread = {
    heapMb: config.instanceMemoryMb,
    ...(modules.libraryCache === undefined ? {} : { libraryCache: modules.libraryCache }),
  };
  return Array.from({ length: config.instanceCount }, (_, index) => {
    const id = index + 1;
    const init = {
      id,
      instanceCount: config.instanceCount,
      seed,
      ...createInstanceFiles(run.outputDir, id),
      bundle: modules.bundle,
      builtInCommands,
      commands: modules.commands,
      options: config.variables,
      trackers,
      preferredPort: FIRST_PEER_PORT + id,
      gauges: new InstanceGauges().buffer,
      statistics: new LogBuffer().memory,
      metrics: new MetricMemory().buffer,
    };
    return new InstanceActor(init, thread, components);
  });
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
