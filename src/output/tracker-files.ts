import { join } from 'node:path';
import { type StreamFiles, streamFiles } from './stream-files.js';

const TRACKER = 'tracker';

/** Where the trackers write, in the output directory. */
export interface TrackerFiles extends StreamFiles {
  readonly directory: string;
}

export function trackerFiles(outputDir: string): TrackerFiles {
  const directory = join(outputDir, TRACKER);
  return { directory, ...streamFiles(directory, TRACKER) };
}
