import { basename } from 'node:path';
import { splitShellWords } from '../runtime/shell-words.js';

/** Programs that run the script named after them. */
const INTERPRETER = /^(python[\d.]*|sh|bash)$/;

/** Words that the shell does not hand to the program: `NAME=value` in front of it, and `exec`. */
const BEFORE_PROGRAM = /^(exec|[A-Za-z_]\w*=.*)$/s;

/**
 * The file name of the one program that a command line runs; an interpreter before a script is looked through, and so is a
 * pair of parentheses. `undefined` for a line that the shell would make more than one command of: no single name stands for it.
 */
export function programOf(text: string): string | undefined {
  const line = text.trim().replace(/^\((.*)\)$/s, '$1');
  if (hasOperator(line)) return undefined;
  const split = splitShellWords(line);
  if (!split.ok) return undefined;
  const words = split.words.map((word) => word.text);
  const first = words.findIndex((word) => !BEFORE_PROGRAM.test(word));
  const [program, script] = words.slice(Math.max(0, first)).map((word) => basename(word));
  return INTERPRETER.test(program ?? '') && script !== undefined && !script.startsWith('-') ? script : program;
}

/** Whether a separator or pipe stands outside quotes; a redirection is no other command. */
function hasOperator(line: string): boolean {
  const bare = line.replace(/\\.|'[^']*'|"(?:\\.|[^"\\])*"/gs, '').replace(/\d*[<>]+&\d*|&>+/g, '');
  return /[;&|\n`]|\$\(/.test(bare);
}
