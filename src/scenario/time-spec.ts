import type { LineProblem } from '../runtime/line-problem.js';
import type { EventTime } from './scenario.js';

export type TimeSpecResult =
  { readonly ok: true; readonly time: EventTime } | { readonly ok: false; readonly problem: LineProblem };

const EXPECTED =
  'expected a time like @5, @0:30, @1:00:02.5 or 12, a window like @0:10-0:20, or @! for the start of the experiment';

/** The most hours that a TIMESPEC may name: a larger number is a slip of the keyboard. */
const HOURS_MAX = 10_000;

/**
 * Parses a TIMESPEC: `[@][[HOURS:]MINUTES:]SECONDS`, two of them with `-` between, or `@!`. Minutes and seconds may exceed 59:
 * `@0:90` is a minute and a half.
 */
export function parseTimeSpec(word: string): TimeSpecResult {
  if (word === '@!') return { ok: true, time: { kind: 'start' } };
  const [from = '', to, ...more] = word.split('-');
  const fromMs = parseMoment(from);
  if (fromMs === undefined || more.length > 0) return fail(`"${word}" is no time`, 0, word.length);
  if (fromMs > HOURS_MAX * HOUR_MS) return fail(`"${from}" is later than ${HOURS_MAX} hours`, 0, from.length);
  if (to === undefined) return { ok: true, time: { kind: 'at', ms: fromMs } };
  const toMs = parseMoment(to);
  const toOffset = from.length + 1;
  if (toMs === undefined) return fail(`"${to}" is no time for the window to end`, toOffset, Math.max(1, to.length));
  if (toMs > HOURS_MAX * HOUR_MS) return fail(`"${to}" is later than ${HOURS_MAX} hours`, toOffset, to.length);
  if (toMs < fromMs) return fail(`the window ${word} ends before it begins`, 0, word.length, 'swap its ends');
  return { ok: true, time: { kind: 'window', fromMs, toMs } };
}

/** One moment in milliseconds; undefined when the text is none. */
function parseMoment(text: string): number | undefined {
  const match = MOMENT.exec(text);
  if (match === null) return undefined;
  const [, hours = '0', minutes = '0', seconds = '0'] = match;
  // Whole microseconds: 1.1 s is 1100 ms, not 1100.0000000000002.
  return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1e6) / 1e3;
}

const MOMENT = /^@?(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d*)?|\.\d+)$/;
const HOUR_MS = 3_600_000;

function fail(message: string, offset: number, length: number, hint = EXPECTED): TimeSpecResult {
  return { ok: false, problem: { message, hint, offset, length: Math.max(1, length) } };
}
