import { basename } from 'node:path';
import type { Diagnostic } from '../../runtime/diagnostic.js';
import { type FileProblem, fileProblem } from '../../runtime/read-file.js';
import {
  describeSearch,
  moduleCandidates,
  type ModulePlaces,
  type ModuleReference,
  pythonCandidates,
} from '../../scenario/module-reference.js';
import { moduleComplaint } from './module-complaint.js';

/** A `&module` line and the file that it means. */
export interface FoundModule {
  readonly reference: ModuleReference;
  readonly file: string;
}

/**
 * Finds the files of a scenario's modules. Each file and class is there once, in the order of their first lines. @param
 * missing - the severity of the complaint about a module whose file is not there
 */
export function findModules(
  references: readonly ModuleReference[],
  places: ModulePlaces,
  missing: Diagnostic['severity'],
  diagnostics: Diagnostic[],
): readonly FoundModule[] {
  const found = new Map<string, FoundModule>();
  for (const reference of references) {
    const existing = firstExisting(moduleCandidates(reference, places));
    if (existing === undefined) {
      diagnostics.push(missingModule(reference, places, missing));
      continue;
    }
    const { file, problem } = existing;
    if (problem !== undefined) {
      diagnostics.push(moduleComplaint(reference, `the module file ${file} cannot be read: ${problem.message}`));
      continue;
    }
    const key = `${file}#${reference.className ?? '*'}`;
    if (!found.has(key)) found.set(key, { reference, file });
  }
  return [...found.values()];
}

interface ExistingFile {
  readonly file: string;
  /** Why the file is not to be read. */
  readonly problem: FileProblem | undefined;
}

function firstExisting(candidates: readonly string[]): ExistingFile | undefined {
  for (const file of candidates) {
    const problem = fileProblem(file);
    if (problem?.missing !== true) return { file, problem };
  }
  return undefined;
}

function missingModule(reference: ModuleReference, places: ModulePlaces, severity: Diagnostic['severity']): Diagnostic {
  const python = firstExisting(pythonCandidates(reference, places));
  if (python !== undefined) {
    const message = `the module is written in Python (${python.file}), and modules are TypeScript here: ${wayOut(reference, places, python.file)}`;
    const hint = 'docs/modules.md shows how, and "gumby new experiment NAME" writes one to begin with';
    return moduleComplaint(reference, message, hint, severity);
  }
  const hint = `looked for ${describeSearch(reference, places)}`;
  return moduleComplaint(reference, 'the module file is not there', hint, severity);
}

/**
 * What to do about a module in Python: write a TypeScript file, beside it if the line as it stands can name that file,
 * else beside the scenario.
 */
function wayOut(reference: ModuleReference, places: ModulePlaces, pythonFile: string): string {
  const file = pythonFile.replace(/(\/__init__)?\.py$/, '.ts');
  if (moduleCandidates(reference, places).includes(file)) return `write it as ${file}`;
  const { className } = reference;
  const line = `&module ./${basename(file)}${className === undefined ? '' : `#${className}`}`;
  return `write it as ${basename(file)} beside the scenario, and name it with ${line}`;
}
