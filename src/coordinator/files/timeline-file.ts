import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GumbyError, toError } from '../../runtime/errors.js';
import type { DueCommand } from '../commands/dispatcher.js';
import { formatIds } from '../instances/format-ids.js';

export const TIMELINE_FILE = 'timeline.jsonl';

/**
 * Writes down what the scenario is going to do, in order of time: `{ timeS, text, instances, count, place }` a line, with time in
 * seconds since GO.
 * @throws GumbyError OUTPUT_WRITE_FAILED
 */
export function writeTimeline(outputDir: string, commands: readonly DueCommand[]): void {
  const file = join(outputDir, TIMELINE_FILE);
  const lines = commands.map(({ timeMs, peers, command: { command, args, kwargs, place } }) => {
    const named = Object.entries(kwargs).map(([name, value]) => `${name}=${value}`);
    const text = [command, ...args, ...named].join(' ');
    return `${JSON.stringify({ timeS: timeMs / 1000, text, instances: formatIds(peers), count: peers.length, place })}\n`;
  });
  try {
    writeFileSync(file, lines.join(''));
  } catch (cause) {
    throw new GumbyError('OUTPUT_WRITE_FAILED', `cannot write ${file}: ${toError(cause).message}`, {
      context: { file },
      cause,
    });
  }
}
