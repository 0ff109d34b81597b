import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallbackDescription, DescribeApi, ModuleBundle, ModuleLoadResult } from '../../instance/protocol.js';
import type { Clock } from '../../runtime/clock.js';
import type { Diagnostic } from '../../runtime/diagnostic.js';
import { deserialiseError, serialiseError, type SerialisedError } from '../../runtime/error-transfer.js';
import type { CommandDescription } from '../../scenario/command-description.js';
import type { ModuleReference } from '../../scenario/module-reference.js';
import { moduleCandidates, type ModulePlaces } from '../../scenario/module-reference.js';
import { WorkerThread } from '../worker-thread.js';
import { compileModules, type CompileError } from './compile-modules.js';
import { methodParameters } from './method-parameters.js';

/** A run's modules, compiled and known. */
export interface LoadedModules {
  readonly bundle: ModuleBundle;
  /** The commands of each module class, in the order of loading. */
  readonly commands: readonly (readonly CommandDescription[])[];
  /** The class and method that each command's documentation stands at, in the order of `commands`. */
  readonly origins: readonly (readonly CommandOrigin[])[];
  /** Every source file that was compiled in. */
  readonly sources: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** Removes the compiled file. */
  dispose(): Promise<void>;
}

export interface CommandOrigin {
  readonly className: string;
  readonly methodName: string;
}

/** Evaluating modules takes milliseconds; one that loops on load must not hold up the terminal for long. */
const DESCRIBE_LIMIT_MS = 10_000;

/**
 * Finds, compiles and – in a thread of their own, which a hostile module may ruin – evaluates the modules of a scenario.
 * Everything wrong with them is a diagnostic at the scenario's line.
 * @param missing - how to speak of a module whose file is not there: a timeline can be shown without it
 */
export async function loadModules(
  references: readonly ModuleReference[],
  places: ModulePlaces,
  components: { readonly clock: Clock },
  missing: Diagnostic['severity'] = 'error',
): Promise<LoadedModules> {
  const diagnostics: Diagnostic[] = [];
  const found: FoundModule[] = [];
  for (const reference of references) {
    const candidates = moduleCandidates(reference, places);
    const file = await firstExisting(candidates);
    if (file !== undefined) found.push({ reference, file });
    else diagnostics.push(complaint(reference, 'the module file is not there', `looked for ${candidates.join(', ')}`, missing));
  }
  const directory = await mkdtemp(join(tmpdir(), 'gumby-modules-'));
  const dispose = () => rm(directory, { recursive: true, force: true });
  try {
    const files = [...new Set(found.map(({ file }) => file))];
    const outfile = join(directory, 'modules.cjs');
    const compiled = await compileModules(files, outfile);
    if (!compiled.ok) {
      diagnostics.push(...(await compileDiagnostics(found, compiled.errors, directory)));
      return { ...NOTHING, diagnostics, dispose };
    }
    const bundle: ModuleBundle = { file: outfile, requests: requestsOf(found, files) };
    const results = await describe(bundle, components);
    const described = new Map(uniqueRequests(found).map(({ key }, index) => [key, results[index]]));
    const commands: CommandDescription[][] = [];
    const origins: CommandOrigin[][] = [];
    for (const { reference, file, key } of uniqueRequests(found)) {
      const result = described.get(key);
      if (result === undefined) continue;
      if (!result.ok) {
        diagnostics.push(loadDiagnostic(reference, file, result.error));
        continue;
      }
      for (const { className, callbacks } of result.modules) {
        origins.push(callbacks.map(({ definedBy, methodName }) => ({ className: definedBy, methodName })));
        commands.push(callbacks.flatMap((callback) => describeCommand(callback, className, reference, diagnostics)));
      }
    }
    return { bundle, commands, origins, sources: compiled.compiled.inputs, diagnostics, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

interface FoundModule {
  readonly reference: ModuleReference;
  readonly file: string;
}

const NOTHING = { bundle: { file: '', requests: [] }, commands: [], origins: [], sources: [] };

async function firstExisting(candidates: readonly string[]): Promise<string | undefined> {
  for (const candidate of candidates)
    if (
      await access(candidate).then(
        () => true,
        () => false,
      )
    )
      return candidate;
  return undefined;
}

/** Each file and class once, in the order of their first lines. */
function uniqueRequests(found: readonly FoundModule[]): readonly (FoundModule & { readonly key: string })[] {
  const keyed = found.map((module) => ({ ...module, key: `${module.file}#${module.reference.className ?? '*'}` }));
  return keyed.filter(({ key }, index) => keyed.findIndex((other) => other.key === key) === index);
}

function requestsOf(found: readonly FoundModule[], files: readonly string[]): ModuleBundle['requests'] {
  return uniqueRequests(found).map(({ file, reference }) => ({
    loader: files.indexOf(file),
    ...(reference.className === undefined ? {} : { className: reference.className }),
  }));
}

/** One answer a request. A thread that dies or hangs gives its reason to the first request without an answer of its own. */
async function describe(
  bundle: ModuleBundle,
  components: { readonly clock: Clock },
): Promise<readonly ModuleLoadResult[]> {
  if (bundle.requests.length === 0) return [];
  const thread = new WorkerThread<DescribeApi>({ name: 'the thread that loads the modules', job: { job: 'describe', bundle } }, components);
  try {
    return await thread.call('loading the modules', DESCRIBE_LIMIT_MS, (api) => api.describe());
  } catch (thrown) {
    if (bundle.requests.length === 1) return [{ ok: false, error: serialiseError(thrown) }];
  } finally {
    await thread.terminate();
  }
  // Alone, each shows whether it is the one.
  const results: ModuleLoadResult[] = [];
  for (const request of bundle.requests)
    results.push(...(await describe({ file: bundle.file, requests: [request] }, components)));
  return results;
}

function describeCommand(
  callback: CallbackDescription,
  className: string,
  reference: ModuleReference,
  diagnostics: Diagnostic[],
): CommandDescription[] {
  try {
    const parameters = callback.parameters ?? methodParameters(callback.source);
    return [{ name: callback.names[0], names: callback.names, parameters, module: className }];
  } catch (error) {
    diagnostics.push(complaint(reference, `${className}.${callback.methodName}: ${(error as Error).message}`));
    return [];
  }
}

/** The compiler's errors, each at the scenario line of a module that reaches the erroneous file. */
async function compileDiagnostics(
  found: readonly FoundModule[],
  errors: readonly CompileError[],
  directory: string,
): Promise<readonly Diagnostic[]> {
  const modules = uniqueRequests(found);
  if (modules.length === 1) return errors.map((error) => compileDiagnostic(modules[0] as FoundModule, error));
  const diagnostics: Diagnostic[] = [];
  for (const module of modules) {
    const alone = await compileModules([module.file], join(directory, 'alone.cjs'));
    if (!alone.ok) diagnostics.push(...alone.errors.map((error) => compileDiagnostic(module, error)));
  }
  return diagnostics;
}

function compileDiagnostic({ reference, file }: FoundModule, error: CompileError): Diagnostic {
  const place = error.file === undefined ? file : [error.file, error.line, error.column].join(':');
  const hint = error.source === undefined ? undefined : `${place}: ${error.source.trim()}`;
  return complaint(reference, `the module does not compile: ${error.message}`, hint ?? place);
}

function loadDiagnostic(reference: ModuleReference, file: string, serialised: SerialisedError): Diagnostic {
  const error = deserialiseError(serialised);
  if ((error as { code?: string }).code === 'MODULE_INVALID') return complaint(reference, `${file} ${error.message}`);
  const cause = error.cause instanceof Error ? error.cause : error;
  const where = cause.stack?.split('\n').find((line) => line.includes(file))?.trim();
  return complaint(reference, `the module fails while it is loaded: ${error.message}`, where ?? file);
}

function complaint(
  { place }: ModuleReference,
  message: string,
  hint?: string,
  severity: Diagnostic['severity'] = 'error',
): Diagnostic {
  return { severity, message, ...place, ...(hint === undefined ? {} : { hint }) };
}
