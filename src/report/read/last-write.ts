import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { REPORT_FILES } from '../../output/report-files.js';

/** The files of a report, which are no sign of life of the run. */
const OF_THE_REPORT: ReadonlySet<string> = new Set(Object.values(REPORT_FILES));

/**
 * When a run last wrote into its output directory, in Unix milliseconds, which is the time of its newest file; undefined
 * when the directory has none.
 */
export function lastWriteMs(outputDir: string): number | undefined {
  let last: number | undefined;
  const look = (directory: string, names: readonly string[]): void => {
    for (const name of names) {
      const path = join(directory, name);
      const stats = lstatSync(path, { throwIfNoEntry: false });
      // Links are not followed: they may lead anywhere, and round in a circle.
      if (stats?.isDirectory() === true) look(path, entriesOf(path));
      else if (stats?.isFile() === true) last = Math.max(last ?? 0, stats.mtimeMs);
    }
  };
  look(
    outputDir,
    entriesOf(outputDir).filter((name) => !OF_THE_REPORT.has(name)),
  );
  return last;
}

/** The entries of a directory; an empty list when it may not be read, or is gone meanwhile. */
function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
