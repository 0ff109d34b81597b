import type { ScenarioEvent } from '../report-data.js';
import { linesOf } from './lines.js';

/** Reads `timeline.jsonl`: what the scenario was going to do. */
export function readTimeline(file: string, onDamaged: () => void): readonly ScenarioEvent[] {
  const events: ScenarioEvent[] = [];
  for (const line of linesOf(file, onDamaged)) {
    const event = parse(line);
    if (event === undefined) onDamaged();
    else events.push(event);
  }
  return events;
}

function parse(line: string): ScenarioEvent | undefined {
  try {
    const { timeS, text, instances, count, place } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    if (typeof text !== 'string' || typeof count !== 'number') return undefined;
    // What comes before everything else is due at negative infinity, which JSON has not.
    const atS = typeof timeS === 'number' ? timeS : 0;
    return { timeS: atS, text, instances: String(instances), instanceCount: count, place: String(place) };
  } catch {
    return undefined;
  }
}
