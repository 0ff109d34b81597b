import { GumbyError } from '../runtime/errors.js';
import { ExperimentModule } from './experiment-module.js';
import type { ModuleRequest } from '../protocol/module-protocol.js';
import { type ExperimentModuleClass, isStaticModule } from './static-module.js';

/** The exports of the compiled file: one function for each module file, so that each file is evaluated – and fails – on its own. */
interface BundleExports {
  readonly loaders: readonly (() => Readonly<Record<string, unknown>>)[];
}

/** The module classes of an evaluated bundle, each once, in the order of the scenario's `&module` lines. */
export function moduleClassesOf(
  exports: unknown,
  requests: readonly ModuleRequest[],
): readonly ExperimentModuleClass[] {
  return [...new Set(requests.flatMap((request) => requestedClasses(exports, request)))];
}

/** Evaluates the file of a request and gives the classes that it asks for. */
export function requestedClasses(exports: unknown, request: ModuleRequest): readonly ExperimentModuleClass[] {
  const { loaders } = exports as BundleExports;
  const exported = loaders[request.loader]?.() ?? {};
  return request.className === undefined ? allModules(exported) : [namedModule(exported, request.className)];
}

function allModules(exported: Readonly<Record<string, unknown>>): readonly ExperimentModuleClass[] {
  const classes = Object.values(exported).filter(isStaticModule);
  if (classes.length > 0) return classes;
  const unmarked = Object.keys(exported).filter((name) => isModuleClass(exported[name]));
  throw new GumbyError(
    'MODULE_INVALID',
    unmarked.length > 0
      ? `exports no experiment module marked @staticModule (unmarked: ${unmarked.join(', ')})`
      : `exports no experiment module: a class that extends ExperimentModule and is marked @staticModule`,
  );
}

function namedModule(exported: Readonly<Record<string, unknown>>, className: string): ExperimentModuleClass {
  const value = exported[className];
  if (isStaticModule(value) && isModuleClass(value)) return value;
  const known = Object.keys(exported).filter((name) => isModuleClass(exported[name]));
  if (value === undefined)
    throw new GumbyError(
      'MODULE_INVALID',
      `exports no class ${className}; ${known.length > 0 ? `it exports ${known.join(', ')}` : 'it exports no experiment module'}`,
      { context: { className, known } },
    );
  throw new GumbyError(
    'MODULE_INVALID',
    isModuleClass(value)
      ? `${className} is not marked @staticModule, so no instance of it would be made: add @staticModule above the class`
      : `${className} does not extend ExperimentModule`,
    { context: { className } },
  );
}

function isModuleClass(value: unknown): boolean {
  return typeof value === 'function' && value.prototype instanceof ExperimentModule;
}
