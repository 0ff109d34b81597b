import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GumbyError, toError } from '../runtime/errors.js';

/** The file that marks a directory as the output of a run; written first, so that even a run that died is recognised. */
export const RUN_RECORD = 'run.json';

/** How many earlier outputs are kept: `output.1` is the latest of them. */
const EARLIER_OUTPUTS_KEPT = 5;

/**
 * Makes the output directory, empty. One that holds an earlier run is moved aside (`output.1`, `output.2`, …, the oldest of
 * them removed); one that holds anything else is refused, because nothing of a user's is ever deleted or overwritten.
 * @returns where the earlier run went, if there was one
 * @throws GumbyError OUTPUT_DIRECTORY_REFUSED, OUTPUT_WRITE_FAILED
 */
export function prepareOutputDirectory(directory: string): string | undefined {
  try {
    const rotated = isOccupied(directory) ? rotate(directory) : undefined;
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, RUN_RECORD), '{}\n');
    return rotated;
  } catch (error) {
    if (error instanceof GumbyError) throw error;
    throw new GumbyError(
      'OUTPUT_WRITE_FAILED',
      `cannot prepare the output directory ${directory}: ${toError(error).message}`,
      {
        context: { directory },
        cause: error,
      },
    );
  }
}

/** @throws GumbyError OUTPUT_DIRECTORY_REFUSED when the directory holds something that is not a run's output */
function isOccupied(directory: string): boolean {
  const stats = statSync(directory, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  if (!stats.isDirectory()) throw refused(directory, 'it is not a directory');
  const entries = readdirSync(directory);
  if (entries.length === 0) return false;
  if (!entries.includes(RUN_RECORD))
    throw refused(directory, `it holds files of something else (${entries.slice(0, 3).join(', ')})`);
  return true;
}

function refused(directory: string, reason: string): GumbyError {
  return new GumbyError(
    'OUTPUT_DIRECTORY_REFUSED',
    `will not write into ${directory}: ${reason}; choose another with --output or output_dir, or move it away`,
    { context: { directory } },
  );
}

function rotate(directory: string): string {
  const oldest = `${directory}.${EARLIER_OUTPUTS_KEPT}`;
  if (isOurs(oldest)) rmSync(oldest, { recursive: true });
  for (let number = EARLIER_OUTPUTS_KEPT - 1; number >= 1; number--) {
    const from = `${directory}.${number}`;
    const to = `${directory}.${number + 1}`;
    // What is not ours stays where it is, and ends the chain behind it.
    if (isOurs(from) && statSync(to, { throwIfNoEntry: false }) === undefined) renameSync(from, to);
  }
  for (let number = 1; ; number++) {
    const to = `${directory}.${number}`;
    if (statSync(to, { throwIfNoEntry: false }) !== undefined) continue;
    renameSync(directory, to);
    return to;
  }
}

function isOurs(directory: string): boolean {
  return statSync(join(directory, RUN_RECORD), { throwIfNoEntry: false })?.isFile() ?? false;
}
