import { type StatisticsEntry, parseLogLine } from './log-line.js';
import { linesOf } from './lines.js';

export type { StatisticsEntry } from './log-line.js';

/**
 * The entries of a `statistics.log`. A line that is no entry – the last one of an instance that crashed, or one that
 * something else wrote – costs only itself.
 * @param onDamaged - is told of each such line
 */
export function* statisticsEntries(file: string, onDamaged: () => void): Generator<StatisticsEntry> {
  for (const line of linesOf(file, onDamaged)) {
    if (line === '') continue;
    const entry = parseLogLine(line);
    if (entry === undefined) onDamaged();
    else yield entry;
  }
}
