/** A word of a line as a POSIX shell would split it, and where it stood. */
export interface ShellWord {
  readonly text: string;
  /** Offset of the word's first character in the line, in UTF-16 code units. */
  readonly offset: number;
  /** Length of the word as written, quotes and backslashes included. */
  readonly length: number;
}

export type ShellWordsResult =
  | { readonly ok: true; readonly words: readonly ShellWord[] }
  | { readonly ok: false; readonly message: string; readonly offset: number };

/**
 * Splits a line into words by the quoting rules of the POSIX shell (2.2 *Quoting*): single quotes, double quotes (in which
 * a backslash escapes only `$`, a backquote, `"`, `\` and a newline), backslash. No expansion, no comments, no operators.
 */
export function splitShellWords(line: string): ShellWordsResult {
  const words: ShellWord[] = [];
  let index = 0;
  while (index < line.length) {
    if (isBlank(line[index])) {
      index++;
      continue;
    }
    const offset = index;
    let text = '';
    while (index < line.length && !isBlank(line[index])) {
      const character = line[index] as string;
      if (character === "'") {
        const end = line.indexOf("'", index + 1);
        if (end < 0) return { ok: false, message: 'the single quote is never closed', offset: index };
        text += line.slice(index + 1, end);
        index = end + 1;
      } else if (character === '"') {
        const start = index++;
        while (index < line.length && line[index] !== '"') {
          if (line[index] === '\\' && DOUBLE_QUOTE_ESCAPES.includes(line[index + 1] ?? '-')) index++;
          text += line[index++] ?? '';
        }
        if (index >= line.length) return { ok: false, message: 'the double quote is never closed', offset: start };
        index++;
      } else if (character === '\\') {
        if (index + 1 >= line.length) return { ok: false, message: 'nothing follows the backslash', offset: index };
        text += line[index + 1] as string;
        index += 2;
      } else {
        text += character;
        index++;
      }
    }
    words.push({ text, offset, length: index - offset });
  }
  return { ok: true, words };
}

const DOUBLE_QUOTE_ESCAPES = '$`"\\\n';

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\n' || character === '\r';
}
