import { relative } from 'node:path';
import { styleText } from 'node:util';
import { type Diagnostic, formatDiagnostic } from '../runtime/diagnostic.js';

/** Prints what is wrong, errors and warnings together in the order of the files, and the counts. */
export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  stream: NodeJS.WriteStream = process.stderr,
): void {
  for (const diagnostic of inFileOrder(diagnostics)) {
    const text = formatDiagnostic(diagnostic, displayPath);
    const color = diagnostic.severity === 'error' ? 'red' : 'yellow';
    const label = `${diagnostic.severity}:`;
    stream.write(`${usesColor(stream) ? text.replace(label, styleText(color, label)) : text}\n`);
  }
}

/** File by file as they were read, and by lines within each; what is about a whole file comes last. */
function inFileOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const files = [...new Set(diagnostics.map(({ file }) => file))];
  return diagnostics.toSorted(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || (a.line ?? Infinity) - (b.line ?? Infinity) || 0,
  );
}

/** `2 errors, 1 warning`. */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.length - errors;
  return `${errors} error${errors === 1 ? '' : 's'}, ${warnings} warning${warnings === 1 ? '' : 's'}`;
}

/** Relative to where the user stands, as long as that is shorter. */
export function displayPath(file: string): string {
  if (!file.startsWith('/')) return file;
  const short = relative(process.cwd(), file);
  return short !== '' && short.length < file.length ? short : file;
}

/** Whether colours belong on this stream: a terminal, and nobody has asked for none. */
export function usesColor(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && (process.env['NO_COLOR'] ?? '') === '';
}
