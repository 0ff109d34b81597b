import { readTextFile, type TextResult } from '../runtime/read-text-file.js';

export type SourceResult =
  { readonly ok: true; readonly lines: readonly string[] } | Extract<TextResult, { readonly ok: false }>;

/** Reads the lines of a scenario; any kind of line end is taken. */
export function readSource(file: string): SourceResult {
  const result = readTextFile(file);
  return result.ok ? { ok: true, lines: result.text.split(/\r\n|\n|\r/) } : result;
}
