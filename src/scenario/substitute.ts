/** A line in which `$NAME` has been replaced, and where each part of it stood before. */
export interface SubstitutedText {
  readonly text: string;
  /** The names that were replaced or left for want of a value. */
  readonly unbound: readonly UnboundName[];
  /** The place in the original of a stretch of the replaced text; a stretch inside a value is the whole `$NAME`. */
  originalOf(offset: number, length: number): { readonly offset: number; readonly length: number };
}

export interface UnboundName {
  readonly name: string;
  readonly offset: number;
}

/** `$NAME`, matched whole: `$ab` never reads `$a`. */
const VARIABLE = /\$([A-Za-z0-9_]+)/g;

/** Whether substitution can change the text at all. */
export function mentionsVariables(text: string): boolean {
  return text.includes('$');
}

/** The names that a text mentions, each once. */
export function variablesIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map((match) => match[1] as string))];
}

/** Replaces every `$NAME` for which `lookup` knows a value; values are not looked through again. */
export function substitute(original: string, lookup: (name: string) => string | undefined): SubstitutedText {
  if (!mentionsVariables(original)) return { text: original, unbound: [], originalOf: (offset, length) => ({ offset, length }) };
  const pieces: Piece[] = [];
  const unbound: UnboundName[] = [];
  let text = '';
  let end = 0;
  for (const match of original.matchAll(VARIABLE)) {
    const name = match[1] as string;
    const value = lookup(name);
    if (value === undefined) {
      unbound.push({ name, offset: match.index });
      continue;
    }
    text += original.slice(end, match.index);
    pieces.push({ start: text.length, end: text.length + value.length, originalStart: match.index, originalEnd: match.index + match[0].length });
    text += value;
    end = match.index + match[0].length;
  }
  text += original.slice(end);
  return { text, unbound, originalOf: (offset, length) => originalOf(pieces, offset, length) };
}

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly originalStart: number;
  readonly originalEnd: number;
}

function originalOf(pieces: readonly Piece[], offset: number, length: number): { offset: number; length: number } {
  const start = map(pieces, offset, 'start');
  const end = map(pieces, offset + length, 'end');
  return { offset: start, length: Math.max(1, end - start) };
}

function map(pieces: readonly Piece[], offset: number, edge: 'start' | 'end'): number {
  let shift = 0;
  for (const piece of pieces) {
    const inside = edge === 'start' ? offset >= piece.start && offset < piece.end : offset > piece.start && offset <= piece.end;
    if (inside) return edge === 'start' ? piece.originalStart : piece.originalEnd;
    if (offset < piece.start || (offset === piece.start && edge === 'end')) break;
    shift = piece.originalEnd - piece.end;
  }
  return offset + shift;
}
