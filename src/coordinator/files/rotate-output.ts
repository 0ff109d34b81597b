import { lstatSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { GumbyError, toError } from '../../runtime/errors.js';
import { holdsRun } from './holds-run.js';
import { isLocked } from './output-lock.js';

export interface RotatedOutput {
  readonly rotatedTo: string;
  /** How many earlier outputs there are now; all of them are kept. */
  readonly earlierCount: number;
}

/**
 * Moves an output directory aside: it becomes `output.1`, the former `output.1` becomes `output.2`, and so on until a
 * number is free. None is ever removed, for the measurements are the user's. A file or directory of such a name that is
 * no run's output, or the output of a run that goes on, stays where it is, and its number is left out. @throws
 * GumbyError OUTPUT_WRITE_FAILED naming the directory that could not be moved
 */
export function rotateOutput(directory: string): RotatedOutput {
  const parent = dirname(directory);
  const base = basename(directory);
  const numbered = numberedBeside(parent, base);
  const pathOf = (number: number) => join(parent, `${base}.${number}`);
  let free = firstUsable(numbered, 1);
  const inTheWay: number[] = [];
  // The loop runs at most once for each output that was found.
  while (numbered.get(free) === 'run') {
    inTheWay.push(free);
    free = firstUsable(numbered, free + 1);
  }
  for (const number of inTheWay.reverse()) {
    move(pathOf(number), pathOf(free));
    free = number;
  }
  move(directory, pathOf(free));
  const runs = [...numbered.values()].filter((kind) => kind === 'run').length;
  return { rotatedTo: pathOf(free), earlierCount: runs + 1 };
}

type Numbered = ReadonlyMap<number, 'run' | 'other'>;

/** What exists under the names `output.1`, `output.2` and so on. */
function numberedBeside(parent: string, base: string): Numbered {
  const found = new Map<number, 'run' | 'other'>();
  for (const name of readdirSync(parent)) {
    const number = name.startsWith(`${base}.`) ? name.slice(base.length + 1) : '';
    if (/^[1-9]\d{0,8}$/.test(number)) found.set(Number(number), isEarlierRun(join(parent, name)) ? 'run' : 'other');
  }
  return found;
}

function isEarlierRun(path: string): boolean {
  try {
    return lstatSync(path).isDirectory() && holdsRun(path) && !isLocked(path);
  } catch {
    // The directory cannot be looked into, so nobody can tell.
    return false;
  }
}

function firstUsable(numbered: Numbered, from: number): number {
  let number = from;
  while (numbered.get(number) === 'other') number++;
  return number;
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (cause) {
    throw new GumbyError(
      'OUTPUT_WRITE_FAILED',
      `cannot move the earlier output ${from} to ${to}: ${toError(cause).message}; ` +
        'move it away, or choose another directory with --output or output_dir',
      { context: { from, to }, cause },
    );
  }
}
