import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallbackDescription, CodeCache, ModuleBundle, ModuleLoadResult } from '../../protocol/module-protocol.js';
import type { Clock } from '../../runtime/clock.js';
import type { Diagnostic } from '../../runtime/diagnostic.js';
import { deserialiseError, type SerialisedError } from '../../runtime/error-transfer.js';
import type { CommandDescription } from '../../scenario/command-description.js';
import type { ModulePlaces, ModuleReference } from '../../scenario/module-reference.js';
import { compileDiagnostics } from './compile-diagnostics.js';
import { compileModules } from './compile-modules.js';
import { describeBundle } from './describe-bundle.js';
import { findModules, type FoundModule } from './find-modules.js';
import { methodParameters } from './method-parameters.js';
import { moduleComplaint } from './module-complaint.js';

/** A run's modules, compiled and described. */
export interface LoadedModules {
  readonly bundle: ModuleBundle;
  /** The commands of each module class, in the order of loading. */
  readonly commands: readonly (readonly CommandDescription[])[];
  /** The class and method where each command's documentation stands, in the order of `commands`. */
  readonly origins: readonly (readonly CommandOrigin[])[];
  /** Every source file that was compiled in. */
  readonly sources: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** The code cache of the library, for the threads that will load it; absent when there are no modules. */
  readonly libraryCache?: CodeCache;
  /** Removes the compiled file. */
  readonly dispose: () => Promise<void>;
}

export interface CommandOrigin {
  readonly className: string;
  readonly methodName: string;
}

/**
 * Finds, compiles and evaluates the modules of a scenario. Everything that is wrong with them becomes a diagnostic at
 * the scenario's line. @param missing - the severity of the complaint about a module whose file is not there: a
 * timeline can be shown without the file
 */
export async function loadModules(
  references: readonly ModuleReference[],
  places: ModulePlaces,
  components: { readonly clock: Clock },
  missing: Diagnostic['severity'] = 'error',
): Promise<LoadedModules> {
  const diagnostics: Diagnostic[] = [];
  const modules = findModules(references, places, missing, diagnostics);
  const directory = await mkdtemp(join(tmpdir(), 'gumby-modules-'));
  const dispose = () => rm(directory, { recursive: true, force: true });
  try {
    const files = [...new Set(modules.map(({ file }) => file))];
    const outfile = join(directory, 'modules.cjs');
    const compiled = await compileModules(files, outfile);
    if (!compiled.ok) {
      diagnostics.push(...(await compileDiagnostics(modules, compiled.errors, directory)));
      return { bundle: { file: '', requests: [] }, commands: [], origins: [], sources: [], diagnostics, dispose };
    }
    const bundle = bundleOf(modules, files, outfile);
    const { results, codeCaches } = await describeBundle(bundle, components);
    const described = describeCommands(modules, results, diagnostics);
    const sources = compiled.compiled.inputs;
    if (codeCaches === undefined) return { bundle, ...described, sources, diagnostics, dispose };
    const cached = { bundle: { ...bundle, codeCache: codeCaches.modules }, libraryCache: codeCaches.library };
    return { ...cached, ...described, sources, diagnostics, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function bundleOf(modules: readonly FoundModule[], files: readonly string[], file: string): ModuleBundle {
  const requests = modules.map((module) => ({
    loader: files.indexOf(module.file),
    ...(module.reference.className === undefined ? {} : { className: module.reference.className }),
  }));
  return { file, requests };
}

function describeCommands(
  modules: readonly FoundModule[],
  results: readonly ModuleLoadResult[],
  diagnostics: Diagnostic[],
): Pick<LoadedModules, 'commands' | 'origins'> {
  const commands: CommandDescription[][] = [];
  const origins: CommandOrigin[][] = [];
  for (const [index, module] of modules.entries()) {
    const result = results[index];
    if (result?.ok === false) diagnostics.push(loadDiagnostic(module, result.error));
    else
      for (const { className, callbacks } of result?.modules ?? []) {
        origins.push(callbacks.map(({ definedBy, methodName }) => ({ className: definedBy, methodName })));
        commands.push(callbacks.flatMap((callback) => describeCommand(callback, className, module, diagnostics)));
      }
  }
  return { commands, origins };
}

function describeCommand(
  callback: CallbackDescription,
  className: string,
  { reference }: FoundModule,
  diagnostics: Diagnostic[],
): CommandDescription[] {
  try {
    const parameters = callback.parameters ?? methodParameters(callback.source);
    return [{ name: callback.names[0], names: callback.names, parameters, module: className }];
  } catch (error) {
    diagnostics.push(moduleComplaint(reference, `${className}.${callback.methodName}: ${(error as Error).message}`));
    return [];
  }
}

function loadDiagnostic({ reference, file }: FoundModule, serialised: SerialisedError): Diagnostic {
  const error = deserialiseError(serialised);
  if ((error as { code?: string }).code === 'MODULE_INVALID')
    return moduleComplaint(reference, `${file} ${error.message}`);
  const cause = error.cause instanceof Error ? error.cause : error;
  const where = cause.stack
    ?.split('\n')
    .find((line) => line.includes(file))
    ?.trim();
  return moduleComplaint(reference, `the module fails while it is loaded: ${error.message}`, where ?? file);
}
