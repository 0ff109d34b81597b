import { join } from 'node:path';

/** The files that take the standard output and the standard error of an instance or a command. */
export interface StreamFiles {
  readonly stdoutFile: string;
  readonly stderrFile: string;
}

/** The ends of the names of such files, behind the stem. */
export const STREAM_SUFFIXES = { stdout: '.out', stderr: '.err' } as const;

/** @param stem - e.g. `00003`, or the name of the option that holds an external command */
export function streamFiles(directory: string, stem: string): StreamFiles {
  return {
    stdoutFile: join(directory, `${stem}${STREAM_SUFFIXES.stdout}`),
    stderrFile: join(directory, `${stem}${STREAM_SUFFIXES.stderr}`),
  };
}

/** The stem of an instance's files, `00003`; the numbers of external commands follow those of the instances. */
export function numberedStem(number: number): string {
  return String(number).padStart(5, '0');
}
