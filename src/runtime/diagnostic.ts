/**
 * A complaint about a place in a user's file. All complaints about a file are gathered and shown together, so a parser
 * returns these instead of throwing at the first.
 */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** Absolute path, or what stands for one (`--set`, `environment`). */
  readonly file: string;
  /** From 1; absent when the complaint is about the whole file. */
  readonly line?: number;
  /** From 1, in UTF-16 code units. */
  readonly column?: number;
  /** Length of the marked text. @default 1 */
  readonly length?: number;
  /** The line as it stands in the file. */
  readonly source?: string;
  /** What was expected, or what to do. */
  readonly hint?: string;
}

/**
 * `file:line:column: error: message`, the line itself, a mark under the place, and the hint.
 * @param displayPath - how to show the file, e.g. relative to the working directory
 */
export function formatDiagnostic(
  diagnostic: Diagnostic,
  displayPath: (file: string) => string = (file) => file,
): string {
  const { severity, message, file, line, column, source, hint } = diagnostic;
  const place = [displayPath(file), line, line === undefined ? undefined : column]
    .filter((part) => part !== undefined)
    .join(':');
  const lines = [`${place}: ${severity}: ${message}`];
  if (source !== undefined && line !== undefined) lines.push(...excerpt(source, column, diagnostic.length ?? 1));
  if (hint !== undefined) lines.push(...hint.split('\n').map((each) => `    ${each}`));
  return lines.join('\n');
}

/** A line longer than this is shown around the place: nobody reads a megabyte. */
const SHOWN_LENGTH_MAX = 200;
/** How much of such a line stands before the place. */
const SHOWN_BEFORE = 60;

/** The line as it stands in the file, and the mark under its place. */
function excerpt(source: string, column: number | undefined, length: number): readonly string[] {
  const start = source.length <= SHOWN_LENGTH_MAX ? 0 : Math.max(0, (column ?? 1) - 1 - SHOWN_BEFORE);
  const end = source.length <= SHOWN_LENGTH_MAX ? source.length : start + SHOWN_LENGTH_MAX;
  const before = start > 0 ? '…' : '';
  const shown = `${before}${source.slice(start, end)}${end < source.length ? '…' : ''}`;
  if (column === undefined) return [`    ${shown}`];
  const offset = before.length + column - 1 - start;
  return [`    ${shown}`, `    ${indentLike(shown, offset)}${mark(length, shown.length - offset)}`];
}

/** Tabs stay tabs, so that the mark stands under its place whatever the terminal's tab width. */
function indentLike(shown: string, offset: number): string {
  return shown.slice(0, offset).replace(/[^\t]/g, ' ');
}

function mark(length: number, room: number): string {
  return '^' + '~'.repeat(Math.max(0, Math.min(length, Math.max(1, room)) - 1));
}
