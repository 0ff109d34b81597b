import type { EventTime } from './scenario.js';
import type { SpecError } from './peer-spec.js';

export type TimeSpecResult =
  | { readonly ok: true; readonly time: EventTime }
  | { readonly ok: false; readonly error: SpecError };

const EXPECTED =
  'expected a time like @5, @0:30, @1:00:02.5 or 12, a window like @0:10-0:20, or @! for the start of the experiment';

/**
 * Parses a TIMESPEC: `[@][[HOURS:]MINUTES:]SECONDS`, two of them with `-` between, or `@!`. Minutes and seconds may exceed 59:
 * `@0:90` is a minute and a half.
 */
export function parseTimeSpec(word: string): TimeSpecResult {
  if (word === '@!') return { ok: true, time: { kind: 'start' } };
  const [from = '', to, ...more] = word.split('-');
  const fromMs = parseMoment(from);
  if (fromMs === undefined || more.length > 0) return fail(`"${word}" is no time`, 0, word.length);
  if (to === undefined) return { ok: true, time: { kind: 'at', ms: fromMs } };
  const toMs = parseMoment(to);
  if (toMs === undefined) return fail(`"${to}" is no time for the window to end`, from.length + 1, Math.max(1, to.length));
  if (toMs < fromMs) return fail(`the window ${word} ends before it begins`, 0, word.length, 'swap its ends');
  return { ok: true, time: { kind: 'window', fromMs, toMs } };
}

/** The longest time that is meant in earnest: more hours than this are a slip of the keyboard. */
const TIME_MAX_MS = 10_000 * 3_600_000;

/** One moment in milliseconds; `undefined` when it is none. */
function parseMoment(text: string): number | undefined {
  const match = MOMENT.exec(text);
  if (match === null) return undefined;
  const [, hours = '0', minutes = '0', seconds = '0'] = match;
  // Whole milliseconds: 1.1 s is 1100 ms, not 1100.0000000000002.
  const ms = Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1e6) / 1e3;
  return ms <= TIME_MAX_MS ? ms : undefined;
}

const MOMENT = /^@?(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d*)?|\.\d+)$/;

function fail(message: string, offset: number, length: number, hint = EXPECTED): TimeSpecResult {
  return { ok: false, error: { message, hint, offset, length } };
}
