import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { GumbyError, toError } from '../runtime/errors.js';
import { STATISTICS_FILE } from './statistics-log.js';
import { numberedStem, STREAM_SUFFIXES, streamFiles, type StreamFiles } from './stream-files.js';
import { writeFailed, writeOutputFile } from './write-output-file.js';

/** Where an instance writes. */
export interface InstanceFiles extends StreamFiles {
  readonly directory: string;
}

/**
 * Makes `00003.out`, `00003.err` and the directory `3` of an instance, so that they are there whatever becomes of the instance.
 * @throws GumbyError OUTPUT_WRITE_FAILED
 */
export function createInstanceFiles(outputDir: string, id: number): InstanceFiles {
  const files = { directory: join(outputDir, String(id)), ...streamFiles(outputDir, numberedStem(id)) };
  try {
    mkdirSync(files.directory, { recursive: true });
    for (const file of [files.stdoutFile, files.stderrFile]) writeOutputFile(file, '');
  } catch (cause) {
    throw new GumbyError('OUTPUT_WRITE_FAILED', `cannot make the files of instance ${id}: ${toError(cause).message}`, {
      cause,
    });
  }
  return files;
}

/**
 * Moves what an instance's modules have written into a directory beside it, `before-restart-1` and so on: nothing is
 * removed, and nobody finds it. The log of statistics stays, for it belongs to the measurements.
 * @throws GumbyError OUTPUT_WRITE_FAILED
 */
export function putFilesAside(directory: string): void {
  try {
    const names = readdirSync(directory);
    const aside = names.filter((name) => ASIDE.test(name)).length + 1;
    const target = join(directory, `before-restart-${aside}`);
    mkdirSync(target);
    for (const name of names)
      if (name !== STATISTICS_FILE && !ASIDE.test(name)) renameSync(join(directory, name), join(target, name));
  } catch (cause) {
    throw writeFailed(directory, cause);
  }
}

const ASIDE = /^before-restart-\d+$/;

/** The instances that have a directory in the output of a run, ascending. */
export function instancesWithDirectory(outputDir: string): readonly number[] {
  return readdirSync(outputDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^[1-9]\d{0,8}$/.test(entry.name))
    .map(({ name }) => Number(name))
    .sort((one, other) => one - other);
}

/** The path of an instance's log, from the output directory on. */
export function statisticsFileOf(id: number): string {
  return `${id}/${STATISTICS_FILE}`;
}

/** The paths of an instance's files that people read and that are there, from the output directory on. */
export function filesToRead(outputDir: string, id: number): readonly string[] {
  const stem = numberedStem(id);
  const names = [`${stem}${STREAM_SUFFIXES.stdout}`, `${stem}${STREAM_SUFFIXES.stderr}`, statisticsFileOf(id)];
  return names.filter((name) => existsSync(join(outputDir, name)));
}
