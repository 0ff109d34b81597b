import { join } from 'node:path';
import type { Diagnostic } from '../../runtime/diagnostic.js';
import { type CompileError, compileModules } from './compile-modules.js';
import type { FoundModule } from './find-modules.js';
import { moduleComplaint } from './module-complaint.js';

/**
 * The compiler's errors, each at the scenario line of a module that reaches the erroneous file. When there are several
 * modules, each is compiled once more by itself, because the compiler does not say which module imported which file.
 * @param directory - where the compiler writes meanwhile
 */
export async function compileDiagnostics(
  modules: readonly FoundModule[],
  errors: readonly CompileError[],
  directory: string,
): Promise<readonly Diagnostic[]> {
  const [only] = modules;
  if (only !== undefined && modules.length === 1) return errors.map((error) => diagnosticOf(only, error));
  const diagnostics: Diagnostic[] = [];
  for (const module of modules) {
    const alone = await compileModules([module.file], join(directory, 'alone.cjs'));
    if (!alone.ok) diagnostics.push(...alone.errors.map((error) => diagnosticOf(module, error)));
  }
  return diagnostics;
}

function diagnosticOf({ reference, file }: FoundModule, error: CompileError): Diagnostic {
  const place = error.file === undefined ? file : [error.file, error.line, error.column].join(':');
  const hint = error.source === undefined ? place : `${place}: ${error.source.trim()}`;
  return moduleComplaint(reference, `the module does not compile: ${error.message}`, hint);
}
