import type { LineProblem, Stretch } from '../runtime/line-problem.js';

/** The head of a loop, `for NAME in FROM to TO call`, as read. */
export interface ForLoop {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** The offset at which the command begins. */
  readonly bodyOffset: number;
}

export type ForLoopResult =
  { readonly ok: true; readonly loop: ForLoop } | { readonly ok: false; readonly problem: LineProblem };

/**
 * Reads the head of a loop, which begins at `offset` of `text` with the word `for`. Its other keywords may be in capitals,
 * as Gumby has it.
 */
export function parseForLoop(text: string, offset: number): ForLoopResult {
  const words: FoundWord[] = Array.from(text.slice(offset).matchAll(/\S+/g), (match) => ({
    text: match[0],
    offset: offset + match.index,
    length: match[0].length,
  }));
  const [, name, , from, , to, , command] = words;
  for (const [index, part] of HEAD.entries()) {
    const word = words[index];
    if (word === undefined) return fail(`the loop ends where ${part.name} is expected`, endOf(words));
    if (!part.pattern.test(word.text)) return fail(part.complaint(word.text), word);
  }
  if (name === undefined || from === undefined || to === undefined || command === undefined)
    return fail('the command that the loop calls is missing', endOf(words));
  const loop = { name: name.text, from: Number(from.text), to: Number(to.text), bodyOffset: command.offset };
  return { ok: true, loop };
}

/** The integers from FROM to TO, both included, counting down when FROM is the greater. */
export function* roundsOf({ from, to }: ForLoop): Generator<string> {
  const step = from <= to ? 1 : -1;
  for (let round = from; round !== to + step; round += step) yield String(round);
}

/** How often the loop calls. */
export function roundCount({ from, to }: ForLoop): number {
  return Math.abs(to - from) + 1;
}

interface FoundWord extends Stretch {
  readonly text: string;
}

interface HeadPart {
  readonly name: string;
  readonly pattern: RegExp;
  readonly complaint: (word: string) => string;
}

const HEAD: readonly HeadPart[] = [
  keyword('for'),
  {
    name: "the loop variable's NAME",
    pattern: /^[A-Za-z0-9_]+$/,
    complaint: (word) =>
      `"${word}" is no name for a loop's variable: write ${word.startsWith('$') ? 'it without "$"' : 'letters, digits and _'}`,
  },
  keyword('in'),
  bound('FROM'),
  keyword('to'),
  bound('TO'),
  keyword('call'),
];

function keyword(word: string): HeadPart {
  return {
    name: `"${word}"`,
    pattern: new RegExp(`^${word}$`, 'i'),
    complaint: (found) => `expected "${word}" in the loop, found "${found}"`,
  };
}

/** A bound has at most 15 digits: larger numbers are not exact, and no loop is meant to go so far. */
function bound(name: string): HeadPart {
  return { name, pattern: /^[+-]?\d{1,15}$/, complaint: (word) => `the loop's bound "${word}" is no integer` };
}

function endOf(words: readonly FoundWord[]): Stretch {
  return words.at(-1) ?? { offset: 0, length: 1 };
}

function fail(message: string, { offset, length }: Stretch): ForLoopResult {
  const hint = 'expected TIMESPEC for NAME in FROM to TO call COMMAND [ARG ...] [{PEERSPEC}]';
  return { ok: false, problem: { message, hint, offset, length } };
}
