import type { Annotation, TimelineEntry } from './report-data.js';

/** Instances whose clocks are a little ahead of the coordinator's moment are not early. */
const EARLY_S = 0.5;

/** More marks than these would hide the graphs that they explain. */
const CHANGES_MARKED_MAX = 12;
const MARK_CHARS = 48;

/**
 * What the scenario changed of the network and of lives, as annotations: whoever looks at a graph sees why it bends. Of
 * too many nothing is marked; all of them are in the time line of the scenario.
 */
export function changesOf(
  events: readonly TimelineEntry[],
  durationS: number,
  instanceCount: number,
): readonly Annotation[] {
  const changes = events.filter(({ changes: what, timeS }) => what !== undefined && timeS <= durationS);
  if (changes.length > CHANGES_MARKED_MAX) return [];
  return changes.map(({ timeS, text, instances, instanceCount: count }) => {
    // The last group of a line is the selection of its event.
    const whole = count === instanceCount ? text : `${text} {${instances.replace(/^instances? /, '')}}`;
    return { timeS, text: whole.length <= MARK_CHARS ? whole : `${whole.slice(0, MARK_CHARS - 1)}…` };
  });
}

/** Annotations of both kinds, in order of time. */
export function mergedAnnotations(one: readonly Annotation[], other: readonly Annotation[]): readonly Annotation[] {
  return [...one, ...other].sort((first, second) => first.timeS - second.timeS);
}

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
