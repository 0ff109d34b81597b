import type { MarkOptions, MeasureOptions, Performance } from 'node:perf_hooks';
import type { Clock } from '../../runtime/clock.js';
import { ownOver } from './own-over.js';

/** Node's own, before any module could replace it: everything of it that is not time is the thread's. */
const realPerformance = performance;

const NS_PER_MS = 1e6;
const NS_PER_S = 1e9;

interface Entry {
  readonly name: string;
  readonly entryType: 'mark' | 'measure';
  readonly startTime: number;
  readonly duration: number;
  readonly detail: unknown;
}

/**
 * `performance` by the experiment's time, which begins when the instance does. Marks and measures are the instance's
 * own: the thread's would mix with those of its neighbours, who use the same names.
 */
export function virtualPerformance(clock: Clock): Performance {
  const originMs = clock.nowMs();
  const now = (): number => clock.nowMs() - originMs;
  let entries: Entry[] = [];
  const add = (entry: Entry): Entry => {
    entries.push(entry);
    return entry;
  };
  const timeOf = (mark: string | number | undefined, otherwise: number): number => {
    if (mark === undefined) return otherwise;
    if (typeof mark === 'number') return mark;
    const entry = entries.findLast(({ name, entryType }) => entryType === 'mark' && name === mark);
    if (entry === undefined) throw new DOMException(`The "${mark}" performance mark has not been set`, 'SyntaxError');
    return entry.startTime;
  };
  const without = (entryType: Entry['entryType']) => (name?: string) => {
    entries = entries.filter((entry) => entry.entryType !== entryType || (name !== undefined && entry.name !== name));
  };
  const own: Record<PropertyKey, unknown> = {
    now,
    timeOrigin: clock.wallMs(),
    toJSON: () => ({ timeOrigin: own['timeOrigin'] }),
    mark: (name: string, { startTime = now(), detail = null }: MarkOptions = {}) =>
      add({ name, entryType: 'mark', startTime, duration: 0, detail }),
    measure(name: string, from?: string | MeasureOptions, to?: string) {
      const options: MeasureOptions =
        typeof from === 'object' ? from : { ...(from && { start: from }), ...(to && { end: to }) };
      const { duration, detail = null } = options;
      const endMs =
        options.end === undefined && duration !== undefined
          ? timeOf(options.start, 0) + duration
          : timeOf(options.end, now());
      const startMs =
        options.start === undefined && duration !== undefined ? endMs - duration : timeOf(options.start, 0);
      return add({ name, entryType: 'measure', startTime: startMs, duration: endMs - startMs, detail });
    },
    getEntries: () => [...entries],
    getEntriesByName: (wanted: string) => entries.filter(({ name }) => name === wanted),
    getEntriesByType: (wanted: string) => entries.filter(({ entryType }) => entryType === wanted),
    clearMarks: without('mark'),
    clearMeasures: without('measure'),
  };
  return ownOver(realPerformance, own);
}

/** The parts of `process` that tell time, by the experiment's time. */
export function virtualProcessTime(clock: Clock): Readonly<Record<string, unknown>> {
  const originMs = clock.nowMs();
  const nowNs = () => BigInt(Math.round(clock.nowMs() * NS_PER_MS));
  const hrtime = (before?: readonly [number, number]): [number, number] => {
    const now = nowNs();
    const [seconds, nanoseconds] = [Number(now / BigInt(NS_PER_S)), Number(now % BigInt(NS_PER_S))];
    if (before === undefined) return [seconds, nanoseconds];
    const difference = nanoseconds - before[1];
    return difference < 0 ? [seconds - before[0] - 1, difference + NS_PER_S] : [seconds - before[0], difference];
  };
  return {
    hrtime: Object.assign(hrtime, { bigint: nowNs }),
    uptime: () => (clock.nowMs() - originMs) / 1000,
  };
}
