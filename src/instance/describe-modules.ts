import { serialiseError } from '../runtime/error-transfer.js';
import { callbacksOf } from './experiment-callback.js';
import { requestedClasses } from './module-loader.js';
import type {
  CallbackDescription,
  ModuleDescription,
  ModuleLoadResult,
  ModuleRequest,
} from '../protocol/module-protocol.js';
import type { ExperimentModuleClass } from './static-module.js';

/**
 * Evaluates the modules of a bundle, without making instances of them, and says what they offer. A class that two requests
 * name is described once, as it is loaded once.
 */
export function describeModules(exports: unknown, requests: readonly ModuleRequest[]): readonly ModuleLoadResult[] {
  const seen = new Set<ExperimentModuleClass>();
  return requests.map((request) => {
    try {
      const fresh = requestedClasses(exports, request).filter((moduleClass) => !seen.has(moduleClass));
      for (const moduleClass of fresh) seen.add(moduleClass);
      return { ok: true, modules: fresh.map(describeModule) };
    } catch (error) {
      return { ok: false, error: serialiseError(error) };
    }
  });
}

function describeModule(moduleClass: ExperimentModuleClass): ModuleDescription {
  const callbacks = callbacksOf(moduleClass).map(({ methodName, names, parameters }): CallbackDescription => {
    const owner = ownerOf(moduleClass, methodName);
    return {
      names,
      methodName,
      definedBy: owner.constructor.name,
      source: String((owner as unknown as Record<string, unknown>)[methodName]),
      ...(parameters && { parameters }),
    };
  });
  return { className: moduleClass.name, callbacks };
}

/** The prototype that owns the method which will be called. */
function ownerOf(moduleClass: ExperimentModuleClass, methodName: string): object {
  let prototype = moduleClass.prototype as object;
  while (!Object.hasOwn(prototype, methodName)) prototype = Object.getPrototypeOf(prototype) as object;
  return prototype;
}
