import { every } from '../../runtime/clock.js';
import { GumbyError } from '../../runtime/errors.js';
import type { InstanceActor } from '../instances/instance-actor.js';
import { formatIds } from '../instances/format-ids.js';
import type { Run } from './run.js';
import type { RunTick, VirtualTick } from './run-progress.js';
import type { StartedRun } from './start.js';
import { whenAborted } from './when-aborted.js';

/** How often watchers of a run are told how it stands, by the machine's clock, because people watch. */
const TICK_INTERVAL_MS = 200;

/**
 * Waits until every instance and all external commands beside them have ended.
 * @throws GumbyError TIME_LIMIT_REACHED, NOTHING_LEFT, INTERRUPTED, TRACKER_FAILED
 */
export async function untilOver(run: Run, started: StartedRun): Promise<void> {
  const { experiment, state } = run;
  const clock = run.clocks.experiment;
  const { instances, externalCommands, trackers, monitor } = started;
  const { startedMs = clock.nowMs() } = state;
  const limitMs = experiment.config.experimentTimeMs;
  const machineStartMs = run.clocks.machine.nowMs();
  const endS = endOf(started, limitMs) / 1000;
  const tick = () => {
    const standing = tickOf(run, startedMs);
    const elapsedS = (run.clocks.machine.nowMs() - machineStartMs) / 1000;
    const virtual = run.time.isVirtual ? { virtual: virtualTickOf(standing.timeS, elapsedS, endS) } : {};
    run.onProgress({ type: 'tick', ...standing, ...virtual, ...monitor.throughput });
  };
  const ticks = every(run.clocks.machine, TICK_INTERVAL_MS, tick);
  let expire = (): void => {};
  const expired = new Promise<never>((_, reject) => (expire = () => reject(timeLimitError(instances, limitMs))));
  const timer = limitMs === 0 ? undefined : clock.schedule(startedMs + limitMs - clock.nowMs(), expire);
  try {
    const ended = Promise.all([externalCommands, ...instances.map((instance) => instance.ended)]);
    await Promise.race([ended, expired, run.time.stuck, trackers.lost, whenAborted(run.stop)]);
  } finally {
    timer?.cancel();
    ticks.cancel();
    tick();
  }
}

type Standing = Omit<RunTick, 'virtual' | keyof StartedRun['monitor']['throughput']>;

function tickOf({ clocks, failures, state }: Run, startedMs: number): Standing {
  const { instances, commandsTotal } = state;
  return {
    timeS: (clocks.experiment.nowMs() - startedMs) / 1000,
    commandsDone: instances.reduce((sum, { commands }) => sum + commands.counts.done + commands.counts.failed, 0),
    commandsTotal,
    instancesUp: instances.filter(({ isUp }) => isUp).length,
    failures: failures.count,
  };
}

/** When the scenario will be over, in milliseconds since GO: with its last event, or at the time limit. */
function endOf({ schedule }: StartedRun, limitMs: number): number {
  const lastMs = schedule.at(-1)?.timeMs ?? 0;
  return limitMs === 0 ? lastMs : Math.min(lastMs, limitMs);
}

function virtualTickOf(timeS: number, elapsedS: number, endS: number): VirtualTick {
  const speed = timeS > 0 && elapsedS > 0 ? timeS / elapsedS : 0;
  return { speed, ...(speed > 0 ? { remainingS: Math.max(0, endS - timeS) / speed } : {}) };
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
