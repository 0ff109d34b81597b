import { closest, distance } from 'fastest-levenshtein';

/** The known name that `name` was probably meant to be: at most a third of its letters differ, and never more than three. */
export function suggestionFor(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const best = closest(name, known);
  const limit = Math.min(3, Math.max(1, Math.floor(name.length / 3)));
  return best !== name && distance(name, best) <= limit ? best : undefined;
}

/** `: did you mean "latency"?`, to be put behind a complaint about a name; empty when none of the known names is near. */
export function didYouMean(name: string, known: readonly string[]): string {
  const suggestion = suggestionFor(name, known);
  return suggestion === undefined ? '' : `: did you mean "${suggestion}"?`;
}
