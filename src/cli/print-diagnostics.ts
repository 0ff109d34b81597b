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

/** Diagnostics file by file as the files were read, by lines within each; those about a whole file come last. */
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

/** The path relative to the working directory, if that is shorter. */
export function displayPath(file: string): string {
  if (!file.startsWith('/')) return file;
  const short = relative(process.cwd(), file);
  return short !== '' && short.length < file.length ? short : file;
}

/** Whether colours belong on this stream: it is a terminal, and the user has not turned colours off. */
export function usesColor(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && (process.env['NO_COLOR'] ?? '') === '';
}
