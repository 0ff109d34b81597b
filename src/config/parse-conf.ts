import type { Diagnostic } from '../runtime/diagnostic.js';
import type { ConfEntry, ConfPlace } from './conf-entry.js';

export interface ParsedConf {
  readonly entries: readonly ConfEntry[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Parses the flat part of Python's ConfigObj format: `key = value`, `#` comments, bare and quoted values, lists. It touches
 * neither disk nor environment: a text that parses here parses everywhere.
 * @param file - the name of the file, as diagnostics are to give it
 */
export function parseConf(text: string, file: string): ParsedConf {
  const entries: ConfEntry[] = [];
  const diagnostics: Diagnostic[] = [];
  const firstLines = new Map<string, number>();
  for (const [index, source] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = index + 1;
    const fail = (column: number, length: number, message: string, hint?: string) =>
      diagnostics.push({ severity: 'error', message, file, line, column, length, source, ...(hint && { hint }) });
    const trimmed = source.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    if (source.includes('\0')) {
      fail(source.indexOf('\0') + 1, 1, 'there is a NUL character here', 'no environment variable could hold it');
      continue;
    }
    const start = source.indexOf(trimmed) + 1;
    if (trimmed.startsWith('[')) {
      fail(start, trimmed.length, 'a configuration has no sections', 'remove the line: keys stand at the top level');
      continue;
    }
    const [, key = '', gap = ''] = /^([^=]*?)(\s*=\s*)/.exec(trimmed) ?? [];
    if (gap === '') {
      fail(start, trimmed.length, 'this is no "key = value" line', 'write key = value, or # before a comment');
      continue;
    }
    if (!/^[A-Za-z_][\w.-]*$/.test(key)) {
      fail(start, Math.max(1, key.length), `"${key}" is no key`, 'a key is made of letters, digits, _, - and .');
      continue;
    }
    const column = start + key.length + gap.length;
    const value = parseValue(trimmed.slice(key.length + gap.length));
    if (!value.ok) {
      fail(column + value.offset, 1, value.message, value.hint);
      continue;
    }
    const lowerKey = key.toLowerCase();
    const firstLine = firstLines.get(lowerKey);
    if (firstLine !== undefined) {
      fail(start, key.length, `${key} is given twice: first in line ${firstLine}`, 'keep one of the two');
      continue;
    }
    firstLines.set(lowerKey, line);
    const place: ConfPlace = { file, line, column, length: Math.max(1, value.length), source };
    entries.push({ key: lowerKey, values: value.values, isList: value.isList, place });
  }
  return { entries, diagnostics };
}

type ValueResult =
  | { readonly ok: true; readonly values: readonly string[]; readonly isList: boolean; readonly length: number }
  | { readonly ok: false; readonly offset: number; readonly message: string; readonly hint?: string };

function parseValue(text: string): ValueResult {
  const values: string[] = [];
  let isList = false;
  let offset = 0;
  let length = 0;
  for (;;) {
    while (isBlank(text[offset])) offset++;
    const rest = text.slice(offset);
    if (rest === '' || rest.startsWith('#')) break;
    if (rest.startsWith('"""') || rest.startsWith("'''"))
      return {
        ok: false,
        offset,
        message: 'values of several lines are not supported',
        hint: 'write the value in one line',
      };
    const quote = rest[0];
    if (quote === '"' || quote === "'") {
      const end = closingQuote(rest, quote);
      if (end < 0)
        return rest.indexOf(quote, 1) < 0
          ? { ok: false, offset, message: 'the quote is never closed', hint: `close it with ${quote}` }
          : { ok: false, offset, message: 'something stands behind the closing quote', hint: 'quote the whole value' };
      values.push(rest.slice(1, end));
      offset += end + 1;
    } else if (quote === ',') {
      // A comma by itself is the empty list.
      if (isList || !/^,\s*(#|$)/.test(rest)) values.push('');
    } else {
      const bare = /^[^,#]*/.exec(rest)?.[0] ?? '';
      values.push(bare.trimEnd());
      offset += bare.trimEnd().length;
    }
    length = offset;
    while (isBlank(text[offset])) offset++;
    if (text[offset] !== ',') break;
    isList = true;
    offset++;
  }
  return { ok: true, values: values.length === 0 && !isList ? [''] : values, isList, length };
}

/**
 * Where a value ends that begins with a quote. As in ConfigObj, it ends at the first such quote with nothing behind it
 * but a comma or a comment, so that a command line in double quotes may have double quotes in it.
 */
function closingQuote(text: string, quote: string): number {
  for (let end = text.indexOf(quote, 1); end >= 0; end = text.indexOf(quote, end + 1))
    if (/^[ \t]*([,#]|$)/.test(text.slice(end + 1))) return end;
  return -1;
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
