import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { linesOf } from './lines.js';
import { TIMELINE_CHANGES, type TimelineEntry } from './timeline-entry.js';
import { writeOutputFile } from './write-output-file.js';

export const TIMELINE_FILE = 'timeline.jsonl';

/** Writes the entries, each as a line; they are in order of time. @throws GumbyError OUTPUT_WRITE_FAILED */
export function writeTimelineFile(outputDir: string, entries: readonly TimelineEntry[]): void {
  const lines = entries.map(({ timeS, text, instances, instanceCount: count, place, changes }) =>
    JSON.stringify({ timeS, text, instances, count, place, changes }),
  );
  writeOutputFile(join(outputDir, TIMELINE_FILE), lines.map((line) => `${line}\n`).join(''));
}

/** Reads the entries; an empty list when the run did not get so far. @param onDamaged - is told of each line that is no entry */
export function readTimelineFile(outputDir: string, onDamaged: () => void): readonly TimelineEntry[] {
  const file = join(outputDir, TIMELINE_FILE);
  if (!existsSync(file)) return [];
  const entries: TimelineEntry[] = [];
  for (const line of linesOf(file, onDamaged)) {
    const entry = parse(line);
    if (entry === undefined) onDamaged();
    else entries.push(entry);
  }
  return entries;
}

function parse(line: string): TimelineEntry | undefined {
  try {
    const { timeS, text, instances, count, place, changes } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    if (typeof text !== 'string' || typeof count !== 'number') return undefined;
    const known = TIMELINE_CHANGES.find((each) => each === changes);
    return {
      timeS: typeof timeS === 'number' ? timeS : 0,
      text,
      instances: String(instances),
      instanceCount: count,
      place: String(place),
      ...(known === undefined ? {} : { changes: known }),
    };
  } catch {
    return undefined;
  }
}
