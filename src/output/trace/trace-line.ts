import { EVENT_KINDS, type EventKind } from '../../runtime/virtual-time/virtual-event.js';

/** The event trace of a run in virtual time: a line for each event, in the run's order. */
export const TRACE_FILE = 'trace.csv';
/** `what` may have commas in it: it comes last. */
export const TRACE_HEADER = 'time_ms,instance,kind,hash,what';

/** A thread's part of the trace, until the run is over. @param host - the thread's number */
export function tracePartFile(host: number): string {
  return `trace-${host + 1}.part`;
}

/** An event as the trace has it. */
export interface TraceEvent {
  /** Milliseconds of the experiment's time, since the instances began. */
  readonly timeMs: number;
  /** The instance; trackers have negative numbers, and 0 is the network. */
  readonly instance: number;
  readonly kind: EventKind;
  /** Of the bytes that came with the event, in hexadecimal; empty where there are none. */
  readonly hash: string;
  /** A packet's addresses, or a command; empty where the kind says all. */
  readonly what: string;
}

export function formatTraceLine({ timeMs, instance, kind, hash, what }: TraceEvent): string {
  return `${timeMs},${instance},${kind},${hash},${what.replaceAll(/[\r\n]/g, ' ')}\n`;
}

/** Reads a line; undefined when it is none of a trace. */
export function parseTraceLine(line: string): TraceEvent | undefined {
  const match = /^(\d+(?:\.\d+)?(?:e[+-]\d+)?),(-?\d+),(\w+),([0-9a-f]*),(.*)$/.exec(line);
  if (match === null) return undefined;
  const [, time, instance, kind = '', hash = '', what = ''] = match;
  if (!(EVENT_KINDS as readonly string[]).includes(kind)) return undefined;
  return { timeMs: Number(time), instance: Number(instance), kind: kind as EventKind, hash, what };
}

/** The order of a trace: by time, then by kind, then by instance, as events of one moment happen. */
export function comesBeforeInTrace(one: TraceEvent, other: TraceEvent): boolean {
  if (one.timeMs !== other.timeMs) return one.timeMs < other.timeMs;
  if (one.kind !== other.kind) return EVENT_KINDS.indexOf(one.kind) < EVENT_KINDS.indexOf(other.kind);
  return one.instance < other.instance;
}
