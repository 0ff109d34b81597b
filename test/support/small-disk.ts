import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { temporaryDirectory } from './temporary-directory.js';

/** A file system of its own in memory that holds so much, for the time of a test; undefined where mounting is not allowed. */
export async function smallDisk(t: ExecutionContext, bytes: number): Promise<string | undefined> {
  const directory = join(await temporaryDirectory(t), 'disk');
  mkdirSync(directory);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', directory], { stdio: 'ignore' });
  } catch {
    t.log('not tried with a disk that is really full: mounting one is not allowed here');
    return undefined;
  }
  t.teardown(() => execFileSync('umount', ['--lazy', directory]));
  return directory;
}
