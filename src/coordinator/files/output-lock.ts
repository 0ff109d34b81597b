import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { GumbyError } from '../../runtime/errors.js';
import { readTextFile } from '../../runtime/read-text-file.js';
import { isProcessIdentity, ownIdentity, type ProcessIdentity, stateOf } from '../../runtime/process-identity.js';

/** The owner of an output directory, as the lock file names it in JSON. */
interface LockOwner {
  readonly process: ProcessIdentity;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
  /** A number of this lock alone: a process may hold several locks, one after the other. */
  readonly nonce: string;
  /** Whether the lock was made too late; then it counts no more than the lock of a process that is gone. */
  readonly withdrawn?: boolean;
}

/**
 * The first run's lock is `run.lock`. A run that finds the owner gone does not remove the lock, for a faster run may
 * have replaced it meanwhile. Instead it makes the lock's *successor*, `run.lock.NONCE` with the dead lock's nonce,
 * which only one run can make. Then it looks whether the dead lock is still where it was, and only then gives its own
 * lock the first name.
 */
const LOCK = 'run.lock';
const LOCK_NAME = /^run\.lock(\.[0-9a-f]{16})?$/;
const NONCE_BYTES = 8;
const LOCK_BYTES_MAX = 10_000;

/** Each lost attempt means that another run got the lock; more attempts than this mean that something else is wrong. */
const ATTEMPTS_MAX = 100;

export function isLockName(name: string): boolean {
  return LOCK_NAME.test(name);
}

/** Keeps every other run out of an output directory. The lock file lies in the directory, and so goes where the directory goes. */
export class OutputLock {
  readonly #owner: LockOwner;

  private constructor(owner: LockOwner) {
    this.#owner = owner;
  }

  /**
   * @param since - the present time, ISO 8601 @returns undefined when the directory is not there, because its owner has just moved it
   * @throws GumbyError OUTPUT_DIRECTORY_IN_USE; the system's error when no file can be made in the directory
   */
  static take(directory: string, since: string): OutputLock | undefined {
    const nonce = randomBytes(NONCE_BYTES).toString('hex');
    const owner: LockOwner = { process: ownIdentity(), host: hostname(), since, nonce };
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const dead = deadOwners(directory);
      const file = join(directory, nameAfter(dead));
      const made = makeLock(file, owner);
      if (made === 'no directory') return undefined;
      if (made === 'taken') continue;
      try {
        if (isNext(directory, dead, owner)) {
          if (dead.length > 0) renameSync(file, join(directory, LOCK));
          for (const { nonce: earlier } of dead) rmSync(join(directory, `${LOCK}.${earlier}`), { force: true });
          return new OutputLock(owner);
        }
        withdraw(file, made, owner);
      } finally {
        closeSync(made);
      }
    }
    throw inUse(directory, 'other runs take it again and again');
  }

  /** Lets other runs in. @param directory - the directory that holds the lock now */
  release(directory: string): void {
    const file = join(directory, LOCK);
    if (isOf(file, this.#owner)) rmSync(file, { force: true });
  }

  /** Removes what is left of locks in a directory that was moved out of everybody's way. */
  static clear(directory: string): void {
    for (const name of readdirSync(directory)) if (isLockName(name)) rmSync(join(directory, name), { force: true });
  }
}

/** Whether a run is, or may be, at work in the directory. */
export function isLocked(directory: string): boolean {
  try {
    deadOwners(directory);
    return false;
  } catch {
    return true;
  }
}

/**
 * The owners that died one after another, each while it took over from the one before. @throws GumbyError
 * OUTPUT_DIRECTORY_IN_USE when the last owner may live
 */
function deadOwners(directory: string): readonly LockOwner[] {
  const dead: LockOwner[] = [];
  while (dead.length < ATTEMPTS_MAX) {
    const file = join(directory, nameAfter(dead));
    const owner = readOwner(file);
    if (owner === undefined) return dead;
    if (owner === 'unreadable')
      throw inUse(directory, `another run takes it at this moment; if none does, remove ${file}`);
    refuseUnlessGone(directory, file, owner);
    dead.push(owner);
  }
  throw inUse(directory, `too many runs died in it as they began; remove the files ${LOCK}* in it`);
}

function nameAfter(dead: readonly LockOwner[]): string {
  const last = dead.at(-1);
  return last === undefined ? LOCK : `${LOCK}.${last.nonce}`;
}

/** Whether the same dead owners still lead to this lock: if not, another run has taken over and tidied up. */
function isNext(directory: string, dead: readonly LockOwner[], owner: LockOwner): boolean {
  return [...dead, owner].every((each, index) => isOf(join(directory, nameAfter(dead.slice(0, index))), each));
}

function isOf(file: string, { nonce }: LockOwner): boolean {
  const owner = readOwner(file);
  return owner !== undefined && owner !== 'unreadable' && owner.nonce === nonce;
}

function refuseUnlessGone(
  directory: string,
  file: string,
  { process: owner, host, since, withdrawn }: LockOwner,
): void {
  const state = withdrawn === true ? 'gone' : stateOf(owner);
  if (state === 'gone') return;
  if (state === 'unknown')
    throw inUse(
      directory,
      `process ${owner.pid} of ${host} has been writing into it since ${since}, and cannot be seen from here; ` +
        `if it is over, remove ${file}`,
    );
  const who = owner.pid === process.pid ? 'another run of this process' : `another run (process ${owner.pid})`;
  throw inUse(directory, `${who} has been writing into it since ${since}; wait for its end, or end it`);
}

function inUse(directory: string, reason: string): GumbyError {
  return new GumbyError(
    'OUTPUT_DIRECTORY_IN_USE',
    `will not write into ${directory}: ${reason}, or choose another directory with --output or output_dir`,
    { context: { directory } },
  );
}

/**
 * The owner in a lock file; undefined when there is no such file, `unreadable` when the file is being written at this
 * moment or is no lock of ours.
 */
function readOwner(file: string): LockOwner | 'unreadable' | undefined {
  const read = readTextFile(file, LOCK_BYTES_MAX);
  if (!read.ok) return read.missing === true ? undefined : 'unreadable';
  try {
    const owner: unknown = JSON.parse(read.text);
    return isOwner(owner) ? owner : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

function isOwner(value: unknown): value is LockOwner {
  if (typeof value !== 'object' || value === null) return false;
  const { process: owner, host, since, nonce } = value as Record<string, unknown>;
  return (
    isProcessIdentity(owner) &&
    typeof host === 'string' &&
    typeof since === 'string' &&
    typeof nonce === 'string' &&
    isLockName(`${LOCK}.${nonce}`)
  );
}

/** @returns the descriptor of the new lock */
function makeLock(file: string, owner: LockOwner): number | 'taken' | 'no directory' {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'wx');
  } catch (error) {
    if (isCode(error, 'EEXIST')) return 'taken';
    if (isCode(error, 'ENOENT')) return 'no directory';
    throw error;
  }
  try {
    writeOwner(descriptor, owner);
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    rmSync(file, { force: true });
    throw error;
  }
}

/**
 * The directory may have been moved at the very moment in which the lock was made in it. Then the lock is wherever the
 * directory is, and its old path leads to the lock of another run: so the file at that path is not removed without
 * having been looked at, and the lock is withdrawn where it is.
 */
function withdraw(file: string, descriptor: number, owner: LockOwner): void {
  writeOwner(descriptor, { ...owner, withdrawn: true });
  if (isOf(file, owner)) rmSync(file, { force: true });
}

function writeOwner(descriptor: number, owner: LockOwner): void {
  writeSync(descriptor, `${JSON.stringify(owner)}\n`, 0);
}

function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? '');
}
