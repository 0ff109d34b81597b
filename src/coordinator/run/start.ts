import { type ScheduledEvent, scheduleOf } from '../../scenario/timeline.js';
import { MetricsRecorder } from '../../monitor/metrics-recorder.js';
import { ResourceMonitor } from '../../monitor/resource-monitor.js';
import { NO_LIMITS } from '../../config/limits.js';
import { mergeTrace } from '../../output/trace/merge-trace.js';
import { toError } from '../../runtime/errors.js';
import { runInstanceCommands, runStageCommand } from '../commands/external-commands.js';
import { writeTimeline } from '../files/timeline-file.js';
import { endInstances } from '../instances/end-instances.js';
import type { InstanceActor } from '../instances/instance-actor.js';
import { createInstances, type InstanceHosts } from '../instances/instance-hosts.js';
import { runNetworkOf } from '../instances/run-network.js';
import { rehearse } from '../instances/rehearsal.js';
import { limitMemory } from '../instances/memory-limit.js';
import { gatherCaptures } from './packet-capture.js';
import type { Run } from './run.js';
import { startTrackers, type Trackers } from './trackers.js';

/** A run in which everything is started but the instances, which are made and wait for their start. */
export interface StartedRun {
  readonly trackers: Trackers;
  readonly instances: readonly InstanceActor[];
  /** The events of the scenario for them, in order of time. */
  readonly schedule: readonly ScheduledEvent[];
  readonly monitor: ResourceMonitor;
  readonly recorder: MetricsRecorder;
  /** Settles when the external commands beside the instances have ended. */
  readonly externalCommands: Promise<unknown>;
  /** Is told whenever an instance has made progress. */
  readonly progress: { touch: () => void };
}

/**
 * Starts what instances need and what goes on beside them: `local_setup_cmd`, trackers, external commands, and what measures and limits.
 * @throws GumbyError COMMAND_FAILED, TIME_LIMIT_REACHED, TRACKER_FAILED, OUTPUT_WRITE_FAILED, INTERRUPTED
 */
export async function start(run: Run): Promise<StartedRun> {
  const { config } = run.experiment;
  run.onProgress({ type: 'stage', stage: 'set-up' });
  const setUp = await runStageCommand(run, 'local_setup_cmd', config.localSetup, config.experimentTimeMs);
  if (setUp !== undefined) run.state.externalCommands.push(setUp);
  run.stop.throwIfAborted();
  // It is made when all threads have ended, those of the trackers too.
  run.parts.push({ stop: () => gatherCaptures(run) });
  const runNetwork = runNetworkOf(run.experiment);
  if (runNetwork !== undefined)
    run.parts.push({
      stop: () => {
        run.state.network = runNetwork.result;
      },
    });
  const rehearsal = rehearse(run);
  const trackers = await startTrackers(run, runNetwork).finally(() => rehearsal);
  run.parts.push(trackers);
  const progress = { touch: () => {} };
  const libraryCache = (await rehearsal) ?? run.experiment.modules.libraryCache;
  const parts = { trackers: trackers.addresses, hostedTrackers: trackers.hosted, network: runNetwork, libraryCache };
  const made = createInstances(run, parts, {
    clock: run.clocks.machine,
    experimentClock: run.clocks.experiment,
    failures: run.failures,
    onProgress: () => progress.touch(),
    onLateness: (latenessMs) => run.state.lateness.add(latenessMs),
    onWarning: warnOnce(run),
    // In virtual time threads end together, and nobody can be made late.
    ...(run.time.isVirtual ? { terminateDelayMs: 0 } : {}),
  });
  run.state.instances = made.instances;
  const timeline = scheduleOfRun(run);
  const { network, lifecycle } = run.experiment;
  writeTimeline(run.outputDir, timeline, (event) =>
    network.events.has(event) ? 'network' : lifecycle.events.has(event) ? 'lives' : undefined,
  );
  // What happens to the network, or to lives as a whole, is nothing that an instance does.
  const schedule = timeline.filter(({ event }) => !network.events.has(event) && !lifecycle.events.has(event));
  run.state.commandsTotal = schedule.reduce((sum, { peers }) => sum + peers.length, 0);
  const externalCommands = startExternalCommands(run);
  const recorder = startRecorder(run, made.instances);
  const memoryLimit = limitMemory(made.hosts, made.instances, config.instanceMemoryMb, run.clocks.machine);
  if (config.world.traces) run.parts.push({ stop: () => mergeTrace(run.outputDir, made.hosts.length) });
  // The threads of instances that live in virtual time stay until all have ended.
  if (run.time.isVirtual)
    run.parts.push({
      stop: async () => {
        await Promise.all(made.hosts.map((host) => host.terminate()));
      },
    });
  run.parts.push({ stop: () => memoryLimit.cancel() }, { stop: () => endInstances(run, made.instances) });
  const monitor = startMonitor(run, made, trackers);
  return { trackers, instances: made.instances, schedule, monitor, recorder, externalCommands, progress };
}

/** Shows what instances warn of; a thousand instances of the same module warn of the same. */
function warnOnce({ onProgress }: Run): (message: string) => void {
  const shown = new Set<string>();
  return (message) => {
    if (shown.has(message)) return;
    shown.add(message);
    onProgress({ type: 'note', message: `warning: ${message}` });
  };
}

/** Starts the external commands that run beside the instances, and end when the instances have ended. */
function startExternalCommands(run: Run): Promise<unknown> {
  const commands = runInstanceCommands(run, AbortSignal.any([run.over.signal, run.stop]));
  // Somebody waits for them until the run is over; until then their failure must not count as unhandled.
  commands.catch(() => {});
  run.parts.push({
    stop: async () => {
      run.state.externalCommands.push(...(await commands));
    },
  });
  return commands;
}

/** Starts the recorder of metrics, which takes a last look when the instances have ended. */
function startRecorder(run: Run, instances: readonly InstanceActor[]): MetricsRecorder {
  const recorder = new MetricsRecorder(
    { outputDir: run.outputDir, instances },
    { clock: run.clocks.experiment, onFailure: onFailureOf(run) },
  );
  recorder.start();
  run.parts.push({ stop: () => recorder.finish() });
  return recorder;
}

function startMonitor(run: Run, { instances, hosts }: InstanceHosts, { gauges }: Trackers): ResourceMonitor {
  const { monitorIntervalMs: intervalMs } = run.experiment.config;
  // In virtual time a slow machine only takes longer: there is nothing that would make the numbers wrong.
  const { isVirtual } = run.time;
  const limits = isVirtual ? NO_LIMITS : run.experiment.config.limits;
  const watched = { instances, threads: hosts, ...(gauges === undefined ? {} : { trackerGauges: gauges }) };
  const monitor = new ResourceMonitor(
    { outputDir: run.outputDir, intervalMs, limits, measuresLateness: !isVirtual, ...watched },
    {
      clock: run.clocks.machine,
      ...(isVirtual ? { experimentClock: run.clocks.experiment } : {}),
      onFailure: onFailureOf(run),
    },
  );
  run.parts.push({
    stop: () => {
      monitor.stop();
      // Nobody is late in virtual time; but an instance that the machine ended is missing in the results.
      if (isVirtual)
        for (const { message } of run.failures.byMachineLimit)
          monitor.health.invalidate(`ended by the machine: ${message}`);
      run.state.verdict = monitor.health.verdict();
    },
  });
  monitor.start();
  return monitor;
}

function onFailureOf({ failures }: Run): (error: unknown) => void {
  return (error) => failures.add(toError(error));
}

function scheduleOfRun({ experiment: { scenario, seed } }: Run): readonly ScheduledEvent[] {
  return scenario === undefined ? [] : scheduleOf(scenario, seed);
}
