import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { linesOf } from '../../output/lines.js';
import { readRunRecord } from '../../output/record/read-run-record.js';
import type { RunRecord } from '../../output/record/run-record.js';
import { parseTraceLine, TRACE_FILE, type TraceEvent } from '../../output/trace/trace-line.js';
import { runEndingOf } from '../run-ending.js';
import { GumbyError } from '../../runtime/errors.js';

/** Where the traces of two runs part. */
export interface TraceDifference {
  /** How many events the two have in common before. */
  readonly commonEvents: number;
  /** What happens next in each; absent where the trace is over. */
  readonly next: readonly [one: TraceEvent | undefined, other: TraceEvent | undefined];
  /** The last events of the instances of `next`, which both runs have. */
  readonly before: readonly TraceEvent[];
}

export interface RunDifference {
  /** Options that are not the same, by name, with both values. */
  readonly settings: readonly (readonly [name: string, one: string | undefined, other: string | undefined])[];
  /** GO in the time of the trace, of the first run; undefined when it never came to GO. */
  readonly goMs: number | undefined;
  readonly events: number;
  /** Undefined when the traces are the same. */
  readonly trace: TraceDifference | undefined;
}

/** Options that say where a run is, and how many threads it has: two runs may differ in them and be the same. */
const NO_MATTER: ReadonlySet<string> = new Set([
  ...['OUTPUT_DIR', 'PROJECT_DIR', 'EXPERIMENT_DIR', 'INSTANCES_PER_WORKER', 'CLOCK_SPEED', 'REPORT', 'GRAPHS'],
  ...['TRACKER_PORT', 'SYNC_PORT', 'MONITOR_INTERVAL'],
]);

/**
 * Finds the first event at which two runs part.
 * @param context - how many events before are kept
 * @throws GumbyError REPORT_INPUT_INVALID when a directory holds no run, a run that has not told its end, or no trace
 */
export function firstDifference(one: string, other: string, context: number): RunDifference {
  const [record, otherRecord] = [endedRun(one), endedRun(other)];
  const [lines, otherLines] = [traceOf(one), traceOf(other)];
  const history: TraceEvent[] = [];
  let events = 0;
  let trace: TraceDifference | undefined;
  for (;;) {
    const [a, b] = [lines.next(), otherLines.next()];
    if (a.done === true && b.done === true) break;
    const [line, otherLine] = [a.done === true ? undefined : a.value, b.done === true ? undefined : b.value];
    if (line === otherLine && line !== undefined) {
      events++;
      history.push(eventOf(line, one));
      // Twice as many as are kept at once, so that the list is not moved for every event.
      if (history.length > HISTORY_MAX) history.splice(0, HISTORY_MAX / 2);
      continue;
    }
    const next = [eventOrEnd(line, one), eventOrEnd(otherLine, other)] as const;
    const instances = new Set(next.flatMap((event) => event?.instance ?? []));
    trace = {
      commonEvents: events,
      next,
      before: history.filter(({ instance }) => instances.has(instance)).slice(-context),
    };
    break;
  }
  return { settings: differingSettings(record, otherRecord), goMs: goMsOf(record), events, trace };
}

const HISTORY_MAX = 20_000;

/** A trace is whole when its run has ended: before, every comparison would find the end of it. */
function endedRun(directory: string): RunRecord {
  const record = readRunRecord(directory);
  const { ending } = runEndingOf(directory, record);
  if (ending === undefined) return record;
  throw new GumbyError('REPORT_INPUT_INVALID', `${directory} has no whole trace: ${ending}`);
}

/** The lines of a trace, without its header. */
function* traceOf(directory: string): Generator<string> {
  const file = join(directory, TRACE_FILE);
  if (!existsSync(file)) {
    const message = `${directory} has no ${TRACE_FILE}: run it with --set trace=on, in virtual time`;
    throw new GumbyError('REPORT_INPUT_INVALID', message, { context: { file } });
  }
  const lines = linesOf(file, () => {});
  lines.next();
  yield* lines;
}

/** @returns undefined where the trace is over */
function eventOrEnd(line: string | undefined, directory: string): TraceEvent | undefined {
  return line === undefined ? undefined : eventOf(line, directory);
}

function eventOf(line: string, directory: string): TraceEvent {
  const event = parseTraceLine(line);
  if (event === undefined)
    throw new GumbyError(
      'REPORT_INPUT_INVALID',
      `${join(directory, TRACE_FILE)} is damaged: "${line.slice(0, 200)}" is no event`,
    );
  return event;
}

function differingSettings(one: RunRecord, other: RunRecord): RunDifference['settings'] {
  const [a, b] = [settingsOf(one), settingsOf(other)];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((name) => a[name] !== b[name] && !NO_MATTER.has(name))
    .map((name) => [name, a[name], b[name]] as const);
}

function settingsOf({ seed, config }: RunRecord): Readonly<Record<string, string | undefined>> {
  return { ...config?.options, SEED: seed };
}

function goMsOf({ goAt, config }: RunRecord): number | undefined {
  const epoch = config?.options?.['CLOCK_EPOCH'];
  if (goAt === undefined || epoch === undefined) return undefined;
  return Date.parse(goAt) - Date.parse(epoch);
}
