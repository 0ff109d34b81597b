import { writeTimelineFile } from '../../output/timeline-file.js';
import { placeText } from '../../scenario/scenario.js';
import type { ScheduledEvent } from '../../scenario/timeline.js';
import { formatIds } from '../instances/format-ids.js';

/** Writes down what the scenario is going to do, in order of time. @throws GumbyError OUTPUT_WRITE_FAILED */
export function writeTimeline(outputDir: string, schedule: readonly ScheduledEvent[]): void {
  const entries = schedule.map(({ timeMs, peers, event: { command, args, kwargs, place } }) => {
    const named = Object.entries(kwargs).map(([name, value]) => `${name}=${value}`);
    const text = [command, ...args, ...named].join(' ');
    const instances = { instances: formatIds(peers), instanceCount: peers.length };
    return { timeS: timeMs / 1000, text, ...instances, place: placeText(place) };
  });
  writeTimelineFile(outputDir, entries);
}
