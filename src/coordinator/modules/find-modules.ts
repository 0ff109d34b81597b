import { access } from 'node:fs/promises';
import type { Diagnostic } from '../../runtime/diagnostic.js';
import { moduleCandidates, type ModulePlaces, type ModuleReference } from '../../scenario/module-reference.js';
import { moduleComplaint } from './module-complaint.js';

/** A `&module` line and the file that it means. */
export interface FoundModule {
  readonly reference: ModuleReference;
  readonly file: string;
}

/**
 * Finds the files of a scenario's modules; each file and class once, in the order of their first lines.
 * @param missing - how to speak of a module whose file is not there
 */
export async function findModules(
  references: readonly ModuleReference[],
  places: ModulePlaces,
  missing: Diagnostic['severity'],
  diagnostics: Diagnostic[],
): Promise<readonly FoundModule[]> {
  const found = new Map<string, FoundModule>();
  for (const reference of references) {
    const candidates = moduleCandidates(reference, places);
    const file = await firstExisting(candidates);
    if (file === undefined) {
      const hint = `looked for ${candidates.join(', ')}`;
      diagnostics.push(moduleComplaint(reference, 'the module file is not there', hint, missing));
      continue;
    }
    const key = `${file}#${reference.className ?? '*'}`;
    if (!found.has(key)) found.set(key, { reference, file });
  }
  return [...found.values()];
}

async function firstExisting(candidates: readonly string[]): Promise<string | undefined> {
  for (const candidate of candidates) {
    const exists = await access(candidate).then(
      () => true,
      () => false,
    );
    if (exists) return candidate;
  }
  return undefined;
}
