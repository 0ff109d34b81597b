import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** This package's own directory, whether the code runs from `dist` or from `src`. */
export function packageDirectory(): string {
  found ??= find(dirname(realpathSync(fileURLToPath(import.meta.url))));
  return found;
}

/** The first file of a worker thread, a few lines that load the library. */
export function workerFile(): string {
  return join(packageDirectory(), 'dist', 'worker.cjs');
}

/** The one file that holds everything a worker thread runs; `gumby` in experiment modules means this file. */
export function libraryFile(): string {
  return join(packageDirectory(), 'dist', 'gumby.cjs');
}

/** The file that `gumby/graphs` means in an experiment's own graphs. */
export function graphsLibraryFile(): string {
  return join(packageDirectory(), 'dist', 'graphs.js');
}

/** The script that draws a report in the browser. */
export function pageScriptFile(): string {
  return join(packageDirectory(), 'dist', 'report-page.js');
}

/** The version in package.json. */
export function packageVersion(): string {
  return readManifest(packageDirectory()).version ?? 'unknown';
}

let found: string | undefined;

function find(start: string): string {
  for (let directory = start; directory !== dirname(directory); directory = dirname(directory))
    if (existsSync(join(directory, 'package.json')) && readManifest(directory).name === 'gumby') return directory;
  throw new Error(`no package.json of gumby above ${start}`);
}

function readManifest(directory: string): { readonly name?: string; readonly version?: string } {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { name?: string; version?: string };
}
