import { LIMITS } from '../config/limits.js';
import { LATENESS_BUCKETS, latenessQuantile } from '../statistics/lateness-histogram.js';
import { quantilesOf } from '../statistics/quantiles.js';
import type { InstanceLook } from './instance-monitor.js';
import type { Measurement } from './run-health.js';
import type { ThreadLook } from './thread-monitor.js';

/** The measurements of one moment for the verdict: the value of each limit, and where it was worst. */
export function measurementsOf(
  looks: readonly InstanceLook[],
  threads: readonly ThreadLook[],
  cpuPercent: number,
): readonly Measurement[] {
  const timers = new Float64Array(LATENESS_BUCKETS);
  for (const { timersByLateness } of looks)
    for (let bucket = 0; bucket < LATENESS_BUCKETS; bucket++)
      timers[bucket] = (timers[bucket] as number) + (timersByLateness[bucket] as number);
  const latestTimer = worst(looks, ({ timerLatenessMaxMs }) => timerLatenessMaxMs);
  const latestEvent = worst(looks, ({ commandLatenessMs }) => largest(commandLatenessMs));
  const drops = sumOf(looks, (look) => look.drops);
  const arrived = drops + sumOf(looks, ({ datagramsDown }) => datagramsDown);
  const sent = sumOf(looks, ({ datagramsUp }) => datagramsUp);
  const measured: (Omit<Measurement, 'unit' | 'value'> & { readonly value: number | undefined })[] = [
    {
      name: 'event_lateness',
      value: quantilesOf(looks.flatMap((look) => look.commandLatenessMs))?.p99,
      ...latestEvent,
    },
    { name: 'timer_lateness', value: latenessQuantile(timers, 0.99), ...latestTimer },
    loopDelay(looks, threads),
    { name: 'receive_drops', value: share(drops, arrived), ...worst(looks, (look) => look.drops) },
    {
      name: 'send_errors',
      value: share(
        sumOf(looks, ({ sendErrors }) => sendErrors),
        sent,
      ),
      ...worst(looks, ({ sendErrors }) => sendErrors),
    },
    {
      name: 'gc_pause',
      value: largest(threads.map(({ gcMaxMs }) => gcMaxMs)),
      ...worstThread(threads, ({ gcMaxMs }) => gcMaxMs),
    },
    { name: 'cpu', value: cpuPercent },
  ];
  return measured.flatMap(({ value, ...rest }) =>
    value === undefined ? [] : [{ ...rest, value, unit: LIMITS[rest.name].unit }],
  );
}

/** A loop that stands still shows itself by a timer that fires late, or from outside where no timer of ours waited. */
function loopDelay(looks: readonly InstanceLook[], threads: readonly ThreadLook[]) {
  const timerMs = largest(looks.map(({ timerLatenessMaxMs }) => timerLatenessMaxMs));
  const silenceMs = largest(threads.map((look) => look.silenceMs));
  return {
    name: 'loop_delay' as const,
    value: Math.max(timerMs, silenceMs),
    ...(timerMs > silenceMs
      ? worst(looks, ({ timerLatenessMaxMs }) => timerLatenessMaxMs)
      : worstThread(threads, (look) => look.silenceMs)),
  };
}

/** The largest of any number of values, each of at least 0. */
function largest(values: readonly number[]): number {
  return values.reduce((max, value) => Math.max(max, value), 0);
}

/** A share in percent; 0 when the whole is 0. */
function share(part: number, whole: number): number {
  return whole > 0 ? (100 * part) / whole : 0;
}

function worst(
  looks: readonly InstanceLook[],
  valueOf: (look: InstanceLook) => number,
): { readonly instance?: number } {
  let found: InstanceLook | undefined;
  for (const look of looks) if (found === undefined || valueOf(look) > valueOf(found)) found = look;
  return found === undefined ? {} : { instance: found.id };
}

/** The instance that has the worst thread for itself, or the name of the thread. */
function worstThread(
  looks: readonly ThreadLook[],
  valueOf: (look: ThreadLook) => number,
): { readonly instance?: number; readonly thread?: string } {
  let found: ThreadLook | undefined;
  for (const look of looks) if (found === undefined || valueOf(look) > valueOf(found)) found = look;
  if (found === undefined) return {};
  const { ids, name } = found.thread;
  return ids.length === 1 ? { instance: ids[0] as number } : { thread: name };
}

export function sumOf(looks: readonly InstanceLook[], valueOf: (look: InstanceLook) => number): number {
  return looks.reduce((sum, look) => sum + valueOf(look), 0);
}
