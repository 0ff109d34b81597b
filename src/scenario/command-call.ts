import { splitShellWords } from '../runtime/shell-words.js';
import type { LineProblem, Stretch } from '../runtime/line-problem.js';

/** A command and its arguments, as an event line gives them. */
export interface CommandCall {
  readonly command: CallWord;
  readonly args: readonly string[];
  readonly kwargs: Readonly<Record<string, string>>;
  /** Positional and named ones, in order. */
  readonly words: readonly CallWord[];
}

/** A word, unquoted, and where it is written. */
export interface CallWord extends Stretch {
  /** The name of a named argument. */
  readonly name?: string;
  /** The word itself; of a named argument, the part behind the first `=`. */
  readonly value: string;
}

export type CommandCallResult =
  { readonly ok: true; readonly call: CommandCall } | { readonly ok: false; readonly problem: LineProblem };

/** Splits `COMMAND [ARG ...]`, which begins at `offset` of `text`, as a POSIX shell does. */
export function parseCommandCall(text: string, offset: number): CommandCallResult {
  const split = splitShellWords(offset === 0 ? text : text.slice(offset));
  if (!split.ok) {
    const hint = 'quote as in a shell, or put a backslash before the character';
    return { ok: false, problem: { message: split.message, hint, offset: offset + split.offset, length: 1 } };
  }
  const [first, ...rest] = split.words;
  if (first === undefined || first.text === '') return { ok: false, problem: missingCommand(text) };
  const command = { value: first.text, offset: offset + first.offset, length: first.length };
  const args: string[] = [];
  const named = new Map<string, string>();
  const words: CallWord[] = [];
  for (const word of rest) {
    const place = { offset: offset + word.offset, length: word.length };
    const name = NAMED_ARGUMENT.exec(word.text)?.[1];
    if (name === undefined) {
      args.push(word.text);
      words.push({ value: word.text, ...place });
      continue;
    }
    if (named.has(name)) return { ok: false, problem: { message: `the argument ${name} is given twice`, ...place } };
    const value = word.text.slice(name.length + 1);
    named.set(name, value);
    words.push({ name, value, ...place });
  }
  // The object is not filled by assignments: `__proto__` is as good a name as any.
  return { ok: true, call: { command, args, kwargs: named.size === 0 ? NO_KWARGS : Object.fromEntries(named), words } };
}

export function missingCommand(text: string): LineProblem {
  const hint = 'expected TIMESPEC COMMAND [ARG ...] [{PEERSPEC}]';
  return { message: 'the command is missing', hint, offset: 0, length: Math.max(1, text.length) };
}

const NAMED_ARGUMENT = /^(\w+)=/;
const NO_KWARGS: Readonly<Record<string, string>> = Object.freeze({});
