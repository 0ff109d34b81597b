import { availableParallelism } from 'node:os';
import { GumbyError } from '../../runtime/errors.js';
import { formatIds } from '../instances/format-ids.js';
import type { HostLink } from '../../protocol/instance-link.js';
import type { InstanceActor } from '../instances/instance-actor.js';
import type { ProgressWatch } from './progress-watch.js';
import type { ProgressListener } from './run-progress.js';
import { whenAborted } from './when-aborted.js';

/** The parts that bringing up instances needs. */
export interface BringUpComponents {
  readonly watch: ProgressWatch;
  readonly onProgress: ProgressListener;
  /** Aborted when the run is to end: no further instance is started. */
  readonly signal: AbortSignal;
  /** Whether all instances have to be started within one turn. @default false, which is a few at a time */
  readonly allAtOnce?: boolean;
}

/** A run in which nothing has moved for this long has failed to start; the figure is Gumby's. */
export const NO_PROGRESS_LIMIT_MS = 30_000;

/** More starts at once only fight for the cores; with twice as many starts as cores, one works while another waits. */
const STARTS_AT_ONCE = 2 * availableParallelism();
/** Instances that share a host start one after the other in any case; this many on their way to it keep it from waiting for the next. */
const STARTS_PER_SHARED_HOST = 8;

/**
 * Brings every instance to *ready*, a few at a time. Fails when an instance cannot get there, or when all stand still.
 * @param onReady - is called for each instance that is ready; what it does belongs to the instance's start
 */
export async function readyInstances(
  instances: readonly InstanceActor[],
  { watch, onProgress, signal, allAtOnce = false }: BringUpComponents,
  onReady?: (instance: InstanceActor) => Promise<void>,
): Promise<void> {
  const waiting = acrossHosts(instances).values();
  let ready = 0;
  let over = false;
  const startNext = async (): Promise<void> => {
    for (const instance of waiting) {
      if (over) return;
      await instance.start();
      await onReady?.(instance);
      onProgress({ type: 'ready', ready: ++ready, total: instances.length });
    }
  };
  const starters = Array.from(
    { length: allAtOnce ? instances.length : Math.min(startsAtOnce(instances), instances.length) },
    startNext,
  );
  try {
    await Promise.race([Promise.all(starters), watch.stalled, whenAborted(signal)]);
  } finally {
    // However the start of all ended, no further instance is started.
    over = true;
  }
}

function startsAtOnce(instances: readonly InstanceActor[]): number {
  const hostCount = new Set(instances.map(({ host }) => host)).size;
  const isShared = hostCount < instances.length;
  return isShared ? Math.max(STARTS_AT_ONCE, STARTS_PER_SHARED_HOST * hostCount) : STARTS_AT_ONCE;
}

/** The instances with one of each host in turn, so that hosts work side by side. */
function acrossHosts(instances: readonly InstanceActor[]): readonly InstanceActor[] {
  const byHost = new Map<HostLink, InstanceActor[]>();
  for (const instance of instances) {
    const others = byHost.get(instance.host);
    if (others === undefined) byHost.set(instance.host, [instance]);
    else others.push(instance);
  }
  const most = Math.max(0, ...[...byHost.values()].map(({ length }) => length));
  return Array.from({ length: most }, (_, index) => [...byHost.values()].flatMap((each) => each[index] ?? [])).flat();
}

/** Names the instances that are missing and what they were doing, those of the same fate together. */
export function stallError(instances: readonly InstanceActor[]): GumbyError {
  const missing = instances.filter(({ stage }) => stage !== 'ready' && stage !== 'waiting for the start');
  const byStage = new Map<string, number[]>();
  for (const { id, stage } of missing) byStage.set(stage, [...(byStage.get(stage) ?? []), id]);
  const fates = [...byStage].map(([stage, ids]) => `${formatIds(ids)}: ${stage}`);
  return new GumbyError(
    'SYNCHRONISATION_STALLED',
    `no instance made progress for ${NO_PROGRESS_LIMIT_MS / 1000} s; ${missing.length} of ${instances.length} are missing (${fates.join('; ')})`,
    { context: { missing: missing.map(({ id }) => id) } },
  );
}
