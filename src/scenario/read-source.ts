import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';

export type SourceResult =
  | { readonly ok: true; readonly lines: readonly string[] }
  | {
      readonly ok: false;
      readonly message: string;
      /** The path leads nowhere: another place may be tried. */
      readonly missing?: boolean;
      /** Of the line at fault, from 1. */
      readonly line?: number;
    };

/** A scenario larger than this is something else by mistake; it is refused before it fills the memory. */
const SOURCE_BYTES_MAX = 64 * 1024 * 1024;

/** Reads a text file: UTF-8, with or without a byte order mark, any line ends. */
export function readSource(file: string): SourceResult {
  let bytes: Buffer;
  try {
    const stats = statSync(file);
    if (stats.isDirectory()) return { ok: false, message: 'it is a directory' };
    // Reading a pipe or a device may never end.
    if (!stats.isFile()) return { ok: false, message: 'it is no regular file' };
    if (stats.size > SOURCE_BYTES_MAX) return { ok: false, message: `it is larger than ${SOURCE_BYTES_MAX} bytes` };
    bytes = readFileSync(file);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { ok: false, message: 'it is not there', missing: true };
    return { ok: false, message: code === 'EACCES' ? 'it may not be read' : message };
  }
  return parseSource(bytes);
}

function parseSource(bytes: Buffer): SourceResult {
  if (!isUtf8(bytes))
    return fail(
      'is not UTF-8 text',
      splitBytes(bytes).findIndex((line) => !isUtf8(line)),
    );
  const lines = new TextDecoder().decode(bytes).split(/\r\n|\n|\r/);
  const nulLine = lines.findIndex((line) => line.includes('\0'));
  return nulLine < 0 ? { ok: true, lines } : fail('is not text: it holds a NUL byte', nulLine);
}

function fail(message: string, index: number): SourceResult {
  return { ok: false, message: `line ${index + 1} ${message}`, line: index + 1 };
}

/** No byte of a longer UTF-8 character is a line feed. */
function splitBytes(bytes: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return [...lines, bytes.subarray(start)];
}

const LINE_FEED = 0x0a;
