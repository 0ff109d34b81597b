import { readFileSync } from 'node:fs';

export type SourceResult =
  | { readonly ok: true; readonly lines: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** Reads a text file: UTF-8, with or without a byte order mark, any line ends. */
export function readSource(file: string): SourceResult {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    return { ok: false, message: READ_ERRORS[(error as NodeJS.ErrnoException).code ?? ''] ?? (error as Error).message };
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (text.includes('\0')) return { ok: false, message: 'it is not text: it holds NUL bytes' };
    return { ok: true, lines: text.split(/\r\n|\n|\r/) };
  } catch {
    return { ok: false, message: 'it is not UTF-8 text' };
  }
}

const READ_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  EISDIR: 'it is a directory',
  EACCES: 'it may not be read',
};
