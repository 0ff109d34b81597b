import { writeAddresses } from '../../output/address-list.js';
import type { ScheduledEvent } from '../../scenario/timeline.js';
import { Dispatcher } from '../commands/dispatcher.js';
import type { InstanceActor } from '../instances/instance-actor.js';
import { Lifecycle } from '../instances/lifecycle.js';
import { ProgressWatch } from './progress-watch.js';
import { type BringUpComponents, NO_PROGRESS_LIMIT_MS, readyInstances, stallError } from './ready-instances.js';
import { recordOrFail } from './record-or-fail.js';
import type { Run } from './run.js';
import { type SharedVariables, shareVariables } from './share-variables.js';
import type { StartedRun } from './start.js';

/**
 * Starts all instances, tells everyone's variables to everyone and gives the GO – or, when the experiment has no server, lets each start
 * as soon as it is ready. From then on the commands are sent at their times.
 * @throws GumbyError SYNCHRONISATION_STALLED, TRACKER_FAILED, INTERRUPTED; whatever keeps an instance from becoming ready
 */
export async function synchronise(run: Run, started: StartedRun): Promise<void> {
  // A run of external commands alone begins when they are started.
  const { machine, experiment } = run.clocks;
  if (started.instances.length === 0) go(run, experiment.nowMs());
  else await Promise.race([launch(run, started), started.trackers.lost]);
  // The monitor lives by the machine's clock.
  const untilGoMs = run.time.isVirtual ? 0 : (run.state.startedMs ?? experiment.nowMs()) - experiment.nowMs();
  started.monitor.go(machine.nowMs() + untilGoMs);
}

async function launch(run: Run, started: StartedRun): Promise<void> {
  const { instances, progress } = started;
  const launchedAtMs = run.clocks.machine.nowMs();
  const watch = new ProgressWatch(run.clocks.machine, NO_PROGRESS_LIMIT_MS, () => stallError(instances));
  progress.touch = () => watch.touch();
  run.onProgress({ type: 'stage', stage: 'starting' });
  const allAtOnce = run.time.isVirtual;
  const components: BringUpComponents = { watch, onProgress: run.onProgress, signal: run.stop, allAtOnce };
  // In virtual time all are ready at the same moment anyway.
  const launchAll = run.experiment.config.synchronised || allAtOnce ? launchTogether : launchEach;
  try {
    run.state.startUpMs = (await launchAll(run, started, components)) - launchedAtMs;
  } finally {
    watch.end();
  }
}

/** @returns when the last of them was ready, on the machine's clock */
async function launchTogether(run: Run, started: StartedRun, components: BringUpComponents): Promise<number> {
  const { instances, trackers, schedule } = started;
  const { config, seed } = run.experiment;
  await run.time.stage(() => readyInstances(instances, components));
  await writeAddresses(run.outputDir, trackers.addresses, instances);
  run.onProgress({ type: 'stage', stage: 'synchronising' });
  // Without synchronisation nobody is told of others.
  const groups = config.synchronised ? [instances] : instances.map((instance) => [instance]);
  const [variables] = await run.time.stage(() =>
    Promise.all(groups.map((group) => shareVariables(group, seed, components))),
  );
  // GO lies a little ahead, so that the message reaches all instances before the moment that it names.
  const readyMs = run.clocks.machine.nowMs();
  const startMs = run.clocks.experiment.nowMs() + run.experiment.config.startDelayMs;
  for (const instance of instances) instance.go(startMs);
  trackers.go(startMs, config.synchronised ? variables?.allVars : undefined);
  dispatchFrom(run, instances, schedule, startMs);
  if (variables !== undefined) startLifecycle(run, started, variables, startMs);
  run.time.run(startMs);
  return readyMs;
}

/** Lets instances crash and come back as the scenario says. */
function startLifecycle(
  run: Run,
  { instances, recorder }: StartedRun,
  variables: SharedVariables,
  startMs: number,
): void {
  const { steps } = run.experiment.lifecycle;
  if (steps.length === 0) return;
  const lifecycle = new Lifecycle(
    { steps, instances, variables, startMs },
    {
      clock: run.clocks.experiment,
      time: run.time,
      beforeRestart: () => recorder.look(),
      onNote: (message) => run.onProgress({ type: 'note', message }),
    },
  );
  run.parts.push(lifecycle);
}

/** @returns when the last of them was ready, on the machine's clock */
async function launchEach(run: Run, started: StartedRun, components: BringUpComponents): Promise<number> {
  const { instances, trackers, schedule } = started;
  await readyInstances(instances, components, async (instance) => {
    await shareVariables([instance], run.experiment.seed, components);
    const startMs = run.clocks.experiment.nowMs();
    instance.go(startMs);
    const own = schedule.filter(({ peers }) => peers.includes(instance.id));
    dispatchFrom(run, [instance], own, startMs);
  });
  await writeAddresses(run.outputDir, trackers.addresses, instances);
  return run.clocks.machine.nowMs();
}

function dispatchFrom(
  run: Run,
  instances: readonly InstanceActor[],
  schedule: readonly ScheduledEvent[],
  startMs: number,
): void {
  const byId = new Map(instances.map((instance) => [instance.id, instance]));
  const dispatcher = new Dispatcher(schedule, {
    clock: run.clocks.experiment,
    sendAheadMs: run.time.sendAheadMs,
    dispatch: (peer, command) => byId.get(peer)?.dispatch(command),
    leftOver: (peer, command) => byId.get(peer)?.leaveOut(command),
  });
  dispatcher.start(startMs);
  run.parts.push(dispatcher);
  // Where instances are not synchronised, the experiment begins when the first of them starts.
  if (run.state.startedMs === undefined) go(run, startMs);
}

/** The experiment itself begins. */
function go(run: Run, startMs: number): void {
  const { record, state } = run;
  const clock = run.clocks.experiment;
  const goAt = new Date(clock.wallMs() - clock.nowMs() + startMs).toISOString();
  state.startedMs = startMs;
  state.goAt = goAt;
  run.failures.startMs = startMs;
  // Virtual time has an epoch of its own; what is measured of the machine is dated by the machine's time.
  const machineGoAt = run.time.isVirtual ? new Date(run.clocks.machine.wallMs()).toISOString() : undefined;
  state.machineGoAt = machineGoAt;
  recordOrFail(run, () => record.go({ goAt, ...(machineGoAt === undefined ? {} : { machineGoAt }) }));
  run.onProgress({ type: 'stage', stage: 'running' });
}
