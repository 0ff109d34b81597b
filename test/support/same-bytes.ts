import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The files that are about the machine, or about this run of it: two runs of one seed differ in them. */
const ABOUT_THE_MACHINE: ReadonlySet<string> = new Set(['run.json', 'process.csv', 'threads.csv', 'run.lock']);

/** Everything that a run wrote about its experiment, by path: two runs of one configuration and seed write the same. */
export async function experimentBytes(output: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(output, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !ABOUT_THE_MACHINE.has(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const texts = await Promise.all(
    files.map(async (file) => [file.slice(output.length + 1), await readFile(file, 'latin1')]),
  );
  return Object.fromEntries(texts) as Readonly<Record<string, string>>;
}

/** The files that are not the same in both, by path. */
export function differingFiles(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((file) => one[file] !== other[file]);
}
