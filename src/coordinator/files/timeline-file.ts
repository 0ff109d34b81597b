import { writeTimelineFile } from '../../output/timeline-file.js';
import type { TimelineChange } from '../../output/timeline-entry.js';
import { placeText, type ScenarioEvent } from '../../scenario/scenario.js';
import type { ScheduledEvent } from '../../scenario/timeline.js';
import { formatIds } from '../instances/format-ids.js';

/**
 * Writes down what the scenario is going to do, in order of time.
 * @param changeOf - what an event changes that no instance does @throws GumbyError OUTPUT_WRITE_FAILED
 */
export function writeTimeline(
  outputDir: string,
  schedule: readonly ScheduledEvent[],
  changeOf: (event: ScenarioEvent) => TimelineChange | undefined,
): void {
  const entries = schedule.map(({ timeMs, peers, event }) => {
    const { command, args, kwargs, place } = event;
    const changes = changeOf(event);
    const named = Object.entries(kwargs).map(([name, value]) => `${name}=${value}`);
    const text = [command, ...args, ...named].join(' ');
    const instances = { instances: formatIds(peers), instanceCount: peers.length };
    const entry = { timeS: timeMs / 1000, text, ...instances, place: placeText(place) };
    return changes === undefined ? entry : { ...entry, changes };
  });
  writeTimelineFile(outputDir, entries);
}
