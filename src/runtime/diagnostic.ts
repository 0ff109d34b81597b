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
  if (source !== undefined && line !== undefined) {
    lines.push(`    ${source}`);
    if (column !== undefined) lines.push(`    ${indentLike(source, column)}${mark(diagnostic, source)}`);
  }
  if (hint !== undefined) lines.push(`    ${hint}`);
  return lines.join('\n');
}

/** Tabs stay tabs, so that the mark stands under its place whatever the terminal's tab width. */
function indentLike(source: string, column: number): string {
  return source.slice(0, column - 1).replace(/[^\t]/g, ' ');
}

function mark(diagnostic: Diagnostic, source: string): string {
  const rest = Math.max(1, source.length - (diagnostic.column ?? 1) + 1);
  return '^' + '~'.repeat(Math.max(0, Math.min(diagnostic.length ?? 1, rest) - 1));
}
