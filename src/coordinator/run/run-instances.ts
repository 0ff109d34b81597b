import type { Address } from '../../network/address.js';
import { every } from '../../runtime/clock.js';
import { GumbyError } from '../../runtime/errors.js';
import { writeAddresses } from '../../output/address-list.js';
import { type DueCommand, Dispatcher } from '../commands/dispatcher.js';
import { formatIds } from '../instances/format-ids.js';
import type { InstanceActor } from '../instances/instance-actor.js';
import type { ResourceMonitor } from '../../monitor/resource-monitor.js';
import type { RunState } from './conduct-run.js';
import { ProgressWatch } from './progress-watch.js';
import type { RunContext } from './run-context.js';
import { whenAborted } from './when-aborted.js';
import {
  NO_PROGRESS_LIMIT_MS,
  shareVariables,
  stallError,
  startInstances,
  type SynchroniseComponents,
} from './synchronise.js';

/** How often watchers of a run are told how it stands. */
const TICK_INTERVAL_MS = 200;

export interface InstancesStarted {
  /** When the last of them was ready, on the same clock. */
  readonly readyMs: number;
  /** GO, on the monotonic clock; with unsynchronised instances that of the first. */
  readonly startMs: number;
  /** Stops sending commands. */
  stopDispatching(): void;
}

/**
 * Starts all instances, synchronises them and gives the GO – or, when the experiment has no server, lets each start as soon
 * as it is ready. From then on the commands are sent at their times.
 * @throws GumbyError SYNCHRONISATION_STALLED; whatever keeps an instance from becoming ready
 */
export async function launchInstances(
  run: RunContext,
  trackers: readonly Address[],
  instances: readonly InstanceActor[],
  commands: readonly DueCommand[],
  watch: ProgressWatch,
): Promise<InstancesStarted> {
  const components: SynchroniseComponents = { watch, onProgress: run.onProgress, signal: run.stop };
  run.onProgress({ type: 'stage', stage: 'starting' });
  try {
    return run.experiment.config.synchronised
      ? await launchTogether(run, trackers, instances, commands, components)
      : await launchEach(run, trackers, instances, commands, components);
  } finally {
    watch.end();
  }
}

/** The watch over a start; whoever makes instances tells it of their progress. */
export function watchStart(run: RunContext, instances: readonly InstanceActor[]): ProgressWatch {
  return new ProgressWatch(run.clock, NO_PROGRESS_LIMIT_MS, () => stallError(instances));
}

/**
 * Waits until every instance has ended, and so have the external commands beside them.
 * @param failed - rejects when something that the run cannot do without is lost, e.g. a tracker
 * @throws GumbyError TIME_LIMIT_REACHED, INTERRUPTED
 */
export async function awaitInstances(
  run: RunContext,
  state: Pick<RunState, 'instances' | 'commandsTotal' | 'startedMs'>,
  external: Promise<unknown>,
  monitor: ResourceMonitor,
  failed: Promise<never>,
): Promise<void> {
  const { clock, experiment } = run;
  const { instances, commandsTotal, startedMs: startMs = clock.nowMs() } = state;
  const limitMs = experiment.config.experimentTimeMs;
  const tick = () =>
    run.onProgress({ type: 'tick', ...tickOf(run, instances, startMs, commandsTotal), ...monitor.throughput });
  const ticks = every(clock, TICK_INTERVAL_MS, tick);
  let expire = (): void => {};
  const expired = new Promise<never>((_, reject) => (expire = () => reject(timeLimitError(instances, limitMs))));
  const timer = limitMs === 0 ? undefined : clock.schedule(startMs + limitMs - clock.nowMs(), expire);
  try {
    const ended = Promise.all([external, ...instances.map((instance) => instance.ended)]);
    await Promise.race([ended, expired, failed, whenAborted(run.stop)]);
  } finally {
    timer?.cancel();
    ticks.cancel();
    tick();
  }
}

/** Ends whatever still runs: asks, and does not ask when the run is to be killed. */
export async function endInstances(run: RunContext, instances: readonly InstanceActor[]): Promise<void> {
  const asked = Promise.all(instances.map((instance) => instance.stop()));
  await Promise.race([asked, whenAborted(run.kill).catch(() => {})]);
  await Promise.all(instances.map((instance) => instance.terminate()));
}

async function launchTogether(
  run: RunContext,
  trackers: readonly Address[],
  instances: readonly InstanceActor[],
  commands: readonly DueCommand[],
  components: SynchroniseComponents,
): Promise<InstancesStarted> {
  await startInstances(instances, components);
  await writeAddresses(run.outputDir, trackers, instances);
  run.onProgress({ type: 'stage', stage: 'synchronising' });
  await shareVariables(instances, run.experiment.seed, components);
  // A little ahead, so that the message reaches all before the moment it names.
  const readyMs = run.clock.nowMs();
  const startMs = readyMs + run.experiment.config.startDelayMs;
  for (const instance of instances) instance.go(startMs);
  return { readyMs, ...dispatchFrom(run, instances, commands, startMs) };
}

async function launchEach(
  run: RunContext,
  trackers: readonly Address[],
  instances: readonly InstanceActor[],
  commands: readonly DueCommand[],
  components: SynchroniseComponents,
): Promise<InstancesStarted> {
  const started: Dispatching[] = [];
  await startInstances(instances, components, async (instance) => {
    await shareVariables([instance], run.experiment.seed, components);
    const startMs = run.clock.nowMs();
    instance.go(startMs);
    const own = commands.filter(({ peers }) => peers.includes(instance.id));
    started.push(dispatchFrom(run, [instance], own, startMs));
  });
  await writeAddresses(run.outputDir, trackers, instances);
  return {
    readyMs: run.clock.nowMs(),
    startMs: started[0]?.startMs ?? run.clock.nowMs(),
    stopDispatching: () => started.forEach((one) => one.stopDispatching()),
  };
}

type Dispatching = Omit<InstancesStarted, 'readyMs'>;

function dispatchFrom(
  run: RunContext,
  instances: readonly InstanceActor[],
  commands: readonly DueCommand[],
  startMs: number,
): Dispatching {
  const byId = new Map(instances.map((instance) => [instance.id, instance]));
  const dispatcher = new Dispatcher(commands, {
    clock: run.clock,
    dispatch: (peer, command) => byId.get(peer)?.dispatch(command),
    leftOver: (peer, command) => byId.get(peer)?.leaveOut(command),
  });
  dispatcher.start(startMs);
  // Unsynchronised, the first instance to start is the beginning of the experiment.
  if (run.failures.startMs === undefined) {
    run.failures.startMs = startMs;
    run.onGo(startMs);
    run.onProgress({ type: 'stage', stage: 'running' });
  }
  return { startMs, stopDispatching: () => dispatcher.stop() };
}

function tickOf(run: RunContext, instances: readonly InstanceActor[], startMs: number, commandsTotal: number) {
  return {
    timeS: (run.clock.nowMs() - startMs) / 1000,
    commandsDone: instances.reduce((sum, { commands }) => sum + commands.counts.done + commands.counts.failed, 0),
    commandsTotal,
    instancesUp: instances.filter(({ isUp }) => isUp).length,
    failures: run.failures.count,
  };
}

function timeLimitError(instances: readonly InstanceActor[], limitMs: number): GumbyError {
  const running = instances.filter(({ isUp }) => isUp).map(({ id }) => id);
  const who = running.length === 0 ? 'external commands' : formatIds(running);
  return new GumbyError(
    'TIME_LIMIT_REACHED',
    `the limit of ${limitMs / 1000} s (experiment_time) was reached with ${who} still running`,
    { context: { running } },
  );
}
