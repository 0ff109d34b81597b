import { availableParallelism } from 'node:os';
import type { InstanceVars, ServerVars } from '../instance/protocol.js';
import type { Clock } from '../runtime/clock.js';
import { GumbyError } from '../runtime/errors.js';
import { seededRandom } from '../runtime/random.js';
import type { InstanceActor } from './instance-actor.js';
import type { ProgressWatch } from './progress-watch.js';
import type { ProgressListener } from './run-progress.js';

export interface SynchroniseComponents {
  readonly watch: ProgressWatch;
  readonly onProgress: ProgressListener;
  /** Aborted when the run is to end: no further instance is started. */
  readonly signal: AbortSignal;
}

/** A run in which nothing has moved for this long has failed to start; the figure is Gumby's. */
export const NO_PROGRESS_LIMIT_MS = 30_000;

/** More at once only fight for the cores: with twice as many, one's waiting is another's work. */
const STARTS_AT_ONCE = 2 * availableParallelism();

/** Brings every instance to *ready*, a few at a time. Fails with the first that cannot get there, or when all stand still. */
export async function startInstances(
  instances: readonly InstanceActor[],
  { watch, onProgress, signal }: SynchroniseComponents,
): Promise<void> {
  const waiting = instances.values();
  let ready = 0;
  const startNext = async (): Promise<void> => {
    for (const instance of waiting) {
      signal.throwIfAborted();
      await instance.start();
      onProgress({ type: 'ready', ready: ++ready, total: instances.length });
    }
  };
  const starters = Array.from({ length: Math.min(STARTS_AT_ONCE, instances.length) }, startNext);
  await Promise.race([Promise.all(starters), watch.stalled, aborted(signal)]);
}

/** Tells every instance everyone's variables; resolves when all have taken note. */
export async function shareVariables(
  instances: readonly InstanceActor[],
  seed: string,
  { watch, signal }: SynchroniseComponents,
): Promise<void> {
  const allVars: Record<number, InstanceVars> = {};
  for (const instance of instances) allVars[instance.id] = instance.vars;
  const shared = sharedJson(allVars);
  const serverVars: ServerVars = { global_random: seededRandom(seed, 'server-vars').float() };
  const told = instances.map((instance) => instance.receiveAllVars(shared, serverVars));
  await Promise.race([Promise.all(told), watch.stalled, aborted(signal)]);
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

/** When all are to start: one moment for all, a little ahead. */
export function startMoment(clock: Clock, startDelayMs: number): number {
  return clock.nowMs() + startDelayMs;
}

/** Ids in words: `3, 5-8 and 12 more`. */
function formatIds(ids: readonly number[]): string {
  const ranges: string[] = [];
  for (let start = 0, end = 0; start < ids.length; start = end) {
    end = start + 1;
    while (ids[end] === (ids[end - 1] as number) + 1) end++;
    ranges.push(end - start === 1 ? String(ids[start]) : `${ids[start]}-${ids[end - 1]}`);
  }
  return `${ids.length === 1 ? 'instance' : 'instances'} ${ranges.slice(0, RANGES_SHOWN).join(', ')}${ranges.length > RANGES_SHOWN ? ', …' : ''}`;
}

const RANGES_SHOWN = 10;

/** One copy for all threads: a thousand instances' variables, cloned for a thousand instances, would be gigabytes. */
function sharedJson(value: unknown): SharedArrayBuffer {
  const bytes = Buffer.from(JSON.stringify(value));
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  return shared;
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
