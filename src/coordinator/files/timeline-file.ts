import { writeTimelineFile } from '../../output/timeline-file.js';
import type { DueCommand } from '../commands/dispatcher.js';
import { formatIds } from '../instances/format-ids.js';

/** Writes down what the scenario is going to do, in order of time. @throws GumbyError OUTPUT_WRITE_FAILED */
export function writeTimeline(outputDir: string, commands: readonly DueCommand[]): void {
  const entries = commands.map(({ timeMs, peers, command: { command, args, kwargs, place } }) => {
    const named = Object.entries(kwargs).map(([name, value]) => `${name}=${value}`);
    const text = [command, ...args, ...named].join(' ');
    return { timeS: timeMs / 1000, text, instances: formatIds(peers), count: peers.length, place };
  });
  writeTimelineFile(outputDir, entries);
}
