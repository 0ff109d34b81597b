import type { JsonValue } from '../../statistics/statistics-log.js';
import { linesOf } from './lines.js';

/** An entry of a `statistics.log`. */
export interface StatisticsEntry {
  /** Unix time. */
  readonly wallS: number;
  /** The instance's. */
  readonly id: number;
  readonly key: string;
  readonly value: JsonValue;
}

/**
 * The entries of a `statistics.log`: lines of `UNIX_SECONDS ID KEY JSON`. A line that is none – the last one of an instance
 * that crashed, or something else's – costs only itself.
 * @param onDamaged - told of each of those
 */
export function* statisticsEntries(file: string, onDamaged: () => void): Generator<StatisticsEntry> {
  for (const line of linesOf(file, onDamaged)) {
    if (line === '') continue;
    const entry = parse(line);
    if (entry === undefined) onDamaged();
    else yield entry;
  }
}

function parse(line: string): StatisticsEntry | undefined {
  const afterTime = line.indexOf(' ');
  const afterId = line.indexOf(' ', afterTime + 1);
  const afterKey = line.indexOf(' ', afterId + 1);
  if (afterTime < 1 || afterId < 0 || afterKey < 0) return undefined;
  const wallS = Number(line.slice(0, afterTime));
  const id = Number(line.slice(afterTime + 1, afterId));
  if (!Number.isFinite(wallS) || !Number.isInteger(id)) return undefined;
  try {
    return {
      wallS,
      id,
      key: line.slice(afterId + 1, afterKey),
      value: JSON.parse(line.slice(afterKey + 1)) as JsonValue,
    };
  } catch {
    return undefined;
  }
}
