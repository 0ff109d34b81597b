import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The files that are about the machine, or about this run of it: two runs of one seed differ in them. */
const ABOUT_THE_MACHINE: ReadonlySet<string> = new Set(['run.json', 'process.csv', 'threads.csv', 'run.lock']);

/** Everything that a run wrote about its experiment, by path: two runs of one configuration and seed write the same. */
export function experimentBytes(output: string): Promise<Readonly<Record<string, string>>> {
  return ofEach(output, (file) => readFile(file, 'latin1'));
}

/** The same as hashes, for files that are too large for memory. */
export function experimentHashes(output: string): Promise<Readonly<Record<string, string>>> {
  return ofEach(output, async (file) => {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  });
}

async function ofEach(
  output: string,
  read: (file: string) => Promise<string>,
): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(output, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !ABOUT_THE_MACHINE.has(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const all: Record<string, string> = {};
  for (const file of files) all[file.slice(output.length + 1)] = await read(file);
  return all;
}

/** The files that are not the same in both, by path. */
export function differingFiles(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((file) => one[file] !== other[file]);
}
