import { isUtf8 } from 'node:buffer';
import { type FileProblem, readRegularFile } from './read-file.js';

export type TextResult =
  | { readonly ok: true; readonly text: string }
  | (FileProblem & {
      /** The number of the line at fault, from 1. */
      readonly line?: number;
    });

/** Reads a text file: UTF-8, with or without a byte order mark, and nothing that only stands in binary files. */
export function readTextFile(file: string, bytesMax?: number): TextResult {
  const result = readRegularFile(file, bytesMax);
  return result.ok ? decode(result.bytes) : result;
}

function decode(bytes: Buffer): TextResult {
  const nulAt = bytes.indexOf(0);
  if (isUtf8(bytes)) {
    if (nulAt < 0) return { ok: true, text: new TextDecoder().decode(bytes) };
    return wrongLine(lineAt(bytes, nulAt), 'is not text: it holds a NUL byte');
  }
  if (UTF_16_MARKS.some((mark) => bytes.subarray(0, 2).equals(mark)))
    return { ok: false, message: 'it is UTF-16 text: save it as UTF-8' };
  if (nulAt >= 0) return { ok: false, message: 'it is a binary file, no text' };
  return wrongLine(firstWrongLine(bytes), 'is not UTF-8 text');
}

const UTF_16_MARKS = [Buffer.of(0xff, 0xfe), Buffer.of(0xfe, 0xff)];

const LINE_FEED = 0x0a;

/** No byte of a longer UTF-8 character is a line feed, so each line can be looked at by itself. */
function firstWrongLine(bytes: Buffer): number {
  let line = 1;
  let start = 0;
  for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
    if (!isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
    line++;
  }
  return line;
}

function lineAt(bytes: Buffer, offset: number): number {
  let line = 1;
  for (let end = bytes.indexOf(LINE_FEED); end >= 0 && end < offset; end = bytes.indexOf(LINE_FEED, end + 1)) line++;
  return line;
}

function wrongLine(line: number, message: string): TextResult {
  return { ok: false, message: `line ${line} ${message}`, line };
}
