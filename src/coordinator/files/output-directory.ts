import { lstatSync, mkdirSync, readdirSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { RUN_RECORD } from '../../output/record/run-record-file.js';
import { GumbyError, toError } from '../../runtime/errors.js';
import { holdsRun } from './holds-run.js';
import { isLockName, OutputLock } from './output-lock.js';
import { rotateOutput } from './rotate-output.js';

/** An output directory that is empty, and belongs to this run alone until it is released. */
export interface PreparedOutput {
  /** The directory that the earlier run was moved to, if there was one. */
  readonly rotatedTo?: string;
  /** How many earlier runs are kept beside the directory; 0 when none was moved. */
  readonly earlierCount: number;
  release(): void;
}

/**
 * How often the directory is looked at. Moving an earlier run away takes a second look; more looks are needed when other
 * runs come and go in between.
 */
const LOOKS_MAX = 20;

/**
 * Makes the output directory, empty, and keeps other runs out of it. A directory that holds an earlier run is moved
 * aside (`output.1` is the latest of them); a directory that holds anything else is refused: nothing is ever deleted or
 * overwritten. When the path is a symbolic link, the directory behind it is moved and made anew, and the link stays.
 * @param since - the present time, ISO 8601
 * @throws GumbyError OUTPUT_DIRECTORY_REFUSED, OUTPUT_DIRECTORY_IN_USE, OUTPUT_WRITE_FAILED
 */
export function prepareOutputDirectory(directory: string, since: string): PreparedOutput {
  try {
    return prepare(directory, since);
  } catch (error) {
    if (error instanceof GumbyError) throw error;
    throw new GumbyError(
      'OUTPUT_WRITE_FAILED',
      `cannot prepare the output directory ${directory}: ${toError(error).message}; choose another with --output or output_dir`,
      { context: { directory }, cause: error },
    );
  }
}

function prepare(given: string, since: string): PreparedOutput {
  const directory = behindLinks(given);
  let rotated: { readonly rotatedTo?: string; readonly earlierCount: number } = { earlierCount: 0 };
  for (let look = 0; look < LOOKS_MAX; look++) {
    // The directory is looked at before anything in it is touched.
    if (!isUsable(directory)) continue;
    makeDirectory(directory);
    const lock = OutputLock.take(directory, since);
    if (lock === undefined) continue;
    try {
      if (contentOf(directory) === 'nothing') return { ...rotated, release: () => lock.release(directory) };
      const moved = rotateOutput(directory);
      OutputLock.clear(moved.rotatedTo);
      rotated = moved;
    } catch (error) {
      lock.release(directory);
      throw error;
    }
  }
  throw refused(directory, 'other runs come and go in it');
}

/** The directory that a chain of symbolic links ends at, which may not be there yet. */
function behindLinks(given: string): string {
  let path = resolve(given);
  for (let links = 0; links < LINKS_MAX; links++) {
    const parent = dirname(path);
    if (statsOf(parent) !== undefined) path = join(realpathSync(parent), basename(path));
    if (!isLink(path)) return path;
    path = resolve(dirname(path), readlinkSync(path));
  }
  throw refused(given, `it is a symbolic link that leads to ${LINKS_MAX} others`);
}

/** Linux itself follows as many links. */
const LINKS_MAX = 40;

/**
 * Whether a directory holds nothing but an earlier run; false when another run has moved it while it was looked at.
 * @throws GumbyError OUTPUT_DIRECTORY_REFUSED when it holds anything else
 */
function isUsable(directory: string): boolean {
  const before = statsOf(directory)?.ino;
  try {
    contentOf(directory);
    return true;
  } catch (error) {
    if (statsOf(directory)?.ino !== before) return false;
    throw error;
  }
}

/**
 * What is in a directory: nothing, which includes a directory that is not there, or an earlier run. @throws GumbyError
 * OUTPUT_DIRECTORY_REFUSED when anything else is in it
 */
function contentOf(directory: string): 'nothing' | 'a run' {
  const stats = statsOf(directory);
  if (stats === undefined) return 'nothing';
  if (!stats.isDirectory()) throw refused(directory, 'it is not a directory');
  const entries = readdirSync(directory).filter((name) => !isLockName(name));
  if (entries.length === 0) return 'nothing';
  if (holdsRun(directory)) return 'a run';
  throw refused(
    directory,
    entries.includes(RUN_RECORD)
      ? `its ${RUN_RECORD} is not the record of a run`
      : `it holds files of something else (${entries.slice(0, 3).join(', ')})`,
  );
}

function refused(directory: string, reason: string): GumbyError {
  return new GumbyError(
    'OUTPUT_DIRECTORY_REFUSED',
    `will not write into ${directory}: ${reason}; choose another with --output or output_dir, or move it away`,
    { context: { directory } },
  );
}

/** Makes the directory and those above it that are missing, one after the other from the nearest that is there. */
function makeDirectory(directory: string): void {
  const missing: string[] = [];
  let parent = directory;
  let stats = statsOf(parent);
  while (stats === undefined) {
    missing.unshift(parent);
    parent = dirname(parent);
    stats = statsOf(parent);
  }
  if (!stats.isDirectory()) throw new Error(`${parent} is not a directory`);
  for (const each of missing) {
    try {
      mkdirSync(each);
    } catch (error) {
      // Another run may make the same directory at the same moment.
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw new Error(`nothing can be made in ${dirname(each)} (${toError(error).message})`, { cause: error });
    }
  }
}

/** Undefined when nothing is at the path, also because a file stands where a directory should. */
function statsOf(path: string): Stats | undefined {
  return unlessAbsent(() => statSync(path));
}

function isLink(path: string): boolean {
  return unlessAbsent(() => lstatSync(path))?.isSymbolicLink() ?? false;
}

function unlessAbsent(look: () => Stats): Stats | undefined {
  try {
    return look();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
