import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { linesOf } from './lines.js';
import { writeOutputFile } from './write-output-file.js';

export const TIMELINE_FILE = 'timeline.jsonl';

/** A line of the file: what the scenario is going to do at one moment. */
export interface TimelineEntry {
  /** Since GO. What comes before everything else is due at negative infinity, which JSON has not: it is read as 0. */
  readonly timeS: number;
  /** The command with its arguments, as the scenario has it. */
  readonly text: string;
  /** Whom it is for, for people. */
  readonly instances: string;
  readonly instanceCount: number;
  /** `FILE:LINE`. */
  readonly place: string;
}

/** Writes the entries, in order of time, a line each. @throws GumbyError OUTPUT_WRITE_FAILED */
export function writeTimelineFile(outputDir: string, entries: readonly TimelineEntry[]): void {
  const lines = entries.map(({ timeS, text, instances, instanceCount: count, place }) =>
    JSON.stringify({ timeS, text, instances, count, place }),
  );
  writeOutputFile(join(outputDir, TIMELINE_FILE), lines.map((line) => `${line}\n`).join(''));
}

/** Reads the entries; none of a run that did not come so far. @param onDamaged - told of each line that is none */
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
    const { timeS, text, instances, count, place } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    if (typeof text !== 'string' || typeof count !== 'number') return undefined;
    return {
      timeS: typeof timeS === 'number' ? timeS : 0,
      text,
      instances: String(instances),
      instanceCount: count,
      place: String(place),
    };
  } catch {
    return undefined;
  }
}
