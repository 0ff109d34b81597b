import { join } from 'node:path';

/** Where the standard output and the standard error of somebody go. */
export interface StreamFiles {
  readonly stdoutFile: string;
  readonly stderrFile: string;
}

/** What stands behind the stem of such files. */
export const STREAM_SUFFIXES = { stdout: '.out', stderr: '.err' } as const;

/** @param stem - e.g. `00003`, or the option that an external command is of */
export function streamFiles(directory: string, stem: string): StreamFiles {
  return {
    stdoutFile: join(directory, `${stem}${STREAM_SUFFIXES.stdout}`),
    stderrFile: join(directory, `${stem}${STREAM_SUFFIXES.stderr}`),
  };
}

/** Of instances, and of the external commands after them, which are numbered on: `00003`. */
export function numberedStem(number: number): string {
  return String(number).padStart(5, '0');
}
