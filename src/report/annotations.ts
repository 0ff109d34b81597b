import type { Annotation, TimelineEntry } from './report-data.js';

/** Instances whose clocks are a little ahead of the coordinator's moment are not early. */
const EARLY_S = 0.5;

/**
 * Merges annotations: every instance marks an annotation, some of them late, and those that one line of the scenario
 * caused are one, at the time of the first.
 * @param annotations - in order of time
 */
export function distinctAnnotations(
  annotations: readonly Annotation[],
  events: readonly TimelineEntry[],
): readonly Annotation[] {
  const seen = new Set<string>();
  return annotations.filter(({ text, timeS }) => {
    const cause = events.findLast((event) => event.text === `annotate ${text}` && event.timeS <= timeS + EARLY_S);
    if (cause === undefined) return true;
    const key = `${cause.timeS} ${text}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
