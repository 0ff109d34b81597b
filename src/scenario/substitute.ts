import type { Stretch } from '../runtime/line-problem.js';

/** A line in which `$NAME` has been replaced, and where each part of it stood before. */
export interface SubstitutedText {
  readonly text: string;
  /** The names that were left as they are, for want of a value; offsets are of the original. */
  readonly unbound: readonly UnboundName[];
  /** The replacements, in order. */
  readonly replacements: readonly Replacement[];
}

export interface UnboundName {
  readonly name: string;
  readonly offset: number;
}

/** A value in the replaced text, and the `$NAME` in the original that it stands for. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly originalStart: number;
  readonly originalEnd: number;
}

/** The value of the variable that the original mentions at `offset`. */
export type VariableLookup = (name: string, offset: number) => string | undefined;

export function mentionsVariables(text: string): boolean {
  return text.includes('$');
}

/** The names that a text mentions, each once. */
export function variablesIn(text: string): readonly string[] {
  let names: Set<string> | undefined;
  for (let at = text.indexOf('$'); at >= 0; at = text.indexOf('$', at + 1)) {
    const name = nameAt(text, at + 1);
    if (name !== '') names = (names ?? new Set()).add(name);
  }
  return names === undefined ? NONE : [...names];
}

/** Replaces every `$NAME` for which `lookup` knows a value; values are not looked through again. */
export function substitute(original: string, lookup: VariableLookup): SubstitutedText {
  if (!mentionsVariables(original)) return { text: original, unbound: NONE, replacements: NONE };
  const replacements: Replacement[] = [];
  const unbound: UnboundName[] = [];
  let text = '';
  let end = 0;
  for (let offset = original.indexOf('$'); offset >= 0; offset = original.indexOf('$', offset + 1)) {
    const name = nameAt(original, offset + 1);
    if (name === '') continue;
    const value = lookup(name, offset);
    if (value === undefined) {
      unbound.push({ name, offset });
      continue;
    }
    text += original.slice(end, offset);
    end = offset + 1 + name.length;
    replacements.push({ start: text.length, end: text.length + value.length, originalStart: offset, originalEnd: end });
    text += value;
  }
  return { text: text + original.slice(end), unbound, replacements };
}

/** The name that begins at `start`, matched whole: `$ab` never reads `$a`. */
function nameAt(text: string, start: number): string {
  NAME.lastIndex = start;
  return NAME.exec(text)?.[0] ?? '';
}

const NAME = /[A-Za-z0-9_]*/y;

const NONE: readonly never[] = [];

/** Where a stretch of the replaced text stood in the original; a stretch that touches a value covers its whole `$NAME`. */
export function originalStretch({ replacements }: SubstitutedText, { offset, length }: Stretch): Stretch {
  if (replacements.length === 0) return { offset, length: Math.max(1, length) };
  const start = originalOffset(replacements, offset, false);
  return { offset: start, length: Math.max(1, originalOffset(replacements, offset + length, true) - start) };
}

function originalOffset(replacements: readonly Replacement[], offset: number, isEnd: boolean): number {
  const replacement = replacements[firstAfter(replacements, offset, isEnd) - 1];
  if (replacement === undefined) return offset;
  const { end, originalStart, originalEnd } = replacement;
  if (isEnd ? offset <= end : offset < end) return isEnd ? originalEnd : originalStart;
  return offset + originalEnd - end;
}

/** Index of the first value that begins behind `offset`; an end at a value's start does not touch the value. */
function firstAfter(replacements: readonly Replacement[], offset: number, isEnd: boolean): number {
  let [low, high] = [0, replacements.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { start } = replacements[middle] as Replacement;
    if (isEnd ? offset <= start : offset < start) high = middle;
    else low = middle + 1;
  }
  return low;
}
