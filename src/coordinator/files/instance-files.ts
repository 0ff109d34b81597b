import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GumbyError, toError } from '../../runtime/errors.js';

/** Where an instance writes. */
export interface InstanceFiles {
  readonly directory: string;
  readonly stdoutFile: string;
  readonly stderrFile: string;
}

/**
 * Makes `00003.out`, `00003.err` and the directory `3` of an instance, so that they are there whatever becomes of it.
 * @throws GumbyError OUTPUT_WRITE_FAILED
 */
export function createInstanceFiles(outputDir: string, id: number): InstanceFiles {
  const number = String(id).padStart(5, '0');
  const files = {
    directory: join(outputDir, String(id)),
    stdoutFile: join(outputDir, `${number}.out`),
    stderrFile: join(outputDir, `${number}.err`),
  };
  try {
    mkdirSync(files.directory, { recursive: true });
    for (const file of [files.stdoutFile, files.stderrFile]) writeFileSync(file, '');
  } catch (cause) {
    throw new GumbyError('OUTPUT_WRITE_FAILED', `cannot make the files of instance ${id}: ${toError(cause).message}`, {
      cause,
    });
  }
  return files;
}
