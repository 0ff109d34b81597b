import { GumbyError } from '../runtime/errors.js';
import type { JsonValue } from '../runtime/json-value.js';
import { TEXT_KEYS } from './log-keys.js';

/** What a line of a `statistics.log` says. */
export interface StatisticsEntry {
  /** Unix time. */
  readonly wallS: number;
  /** The instance's id. */
  readonly id: number;
  /** The key, which is a word. */
  readonly key: string;
  readonly value: JsonValue;
}

/**
 * An entry as a line, with its end: `UNIX_SECONDS ID KEY JSON`, or `UNIX_SECONDS ID KEY TEXT` for a key of texts.
 * @throws GumbyError PARAMETER_INVALID for an entry that would not be read back as the one that it is
 */
export function formatLogLine({ wallS, id, key, value }: StatisticsEntry): string {
  if (!WORD.test(key))
    throw new GumbyError(
      'PARAMETER_INVALID',
      `${JSON.stringify(key)} cannot be a key of a log: write a word without spaces, which end the key`,
    );
  const written = typeof value === 'string' && TEXT_KEYS.has(key) ? formatText(value) : formatJson(key, value);
  return `${wallS.toFixed(3)} ${id} ${key} ${written}\n`;
}

const WORD = /^\S+$/;

/** @returns undefined for a line that is no entry; the text behind the key is read by the key's rule */
export function parseLogLine(line: string): StatisticsEntry | undefined {
  const afterTime = line.indexOf(' ');
  const afterId = line.indexOf(' ', afterTime + 1);
  const afterKey = line.indexOf(' ', afterId + 1);
  if (afterTime < 1 || afterId < 0 || afterKey < 0) return undefined;
  const wallS = Number(line.slice(0, afterTime));
  const id = Number(line.slice(afterTime + 1, afterId));
  if (!Number.isFinite(wallS) || !Number.isInteger(id)) return undefined;
  const key = line.slice(afterId + 1, afterKey);
  const written = line.slice(afterKey + 1);
  const value = TEXT_KEYS.has(key) ? parseText(written) : parseJson(written);
  return value === undefined ? undefined : { wallS, id, key, value };
}

/**
 * A text as it is written: as JSON when it has a line end in it or begins as JSON texts do, so that every text is read
 * back as what it was.
 */
function formatText(text: string): string {
  return /^"|[\r\n]/.test(text) ? JSON.stringify(text) : text;
}

/** Reads a text that is bare or JSON: earlier versions wrote all texts as JSON. */
function parseText(written: string): string {
  const value = written.startsWith('"') ? parseJson(written) : undefined;
  return typeof value === 'string' ? value : written;
}

function formatJson(key: string, value: JsonValue): string {
  const json = JSON.stringify(value) as string | undefined;
  if (json === undefined)
    throw new GumbyError('PARAMETER_INVALID', `the value of ${key} cannot be written to a log: it has no JSON form`);
  return json;
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
