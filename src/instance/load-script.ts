import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';
import type { CodeCache } from '../protocol/module-protocol.js';

/** A compiled CommonJS file, which can be evaluated any number of times: each time its code is the same and its state its own. */
export interface CompiledScript {
  /** Evaluates the file. @param globals - what stands for globals of the same names; all other globals are the thread's own */
  evaluate(globals?: ScriptGlobals): unknown;
  /** The code that V8 has made of the file's text so far, for other threads to load the file with. */
  makeCodeCache(): CodeCache;
}

/** The globals that a file can be given of its own, by name. The given `require` is asked before Node's. */
export interface ScriptGlobals extends Readonly<Record<string, unknown>> {
  /** The module that is given for a name; undefined where Node's own is meant. */
  readonly require?: (name: string) => unknown;
}

/** The names of the global scope that each instance has for itself where several share a thread. */
export const GLOBAL_NAMES = [
  'globalThis',
  'global',
  'console',
  'process',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'queueMicrotask',
  'Date',
  'performance',
  'Math',
] as const;

/** @throws whatever evaluating the file throws */
export function loadScript(file: string, codeCache?: CodeCache): { readonly exports: unknown } & CompiledScript {
  const script = compileScript(file, codeCache);
  return { ...script, exports: script.evaluate() };
}

/**
 * Compiles a file as `require` would, but without looking around on the disk, and from the code cache of an earlier thread where
 * there is one: finding and compiling the file is half of what a thread of ours needs beyond an empty one. V8 refuses a
 * cache that does not fit, which costs only time.
 * @param furtherNames - globals that evaluations can be given besides those of `GLOBAL_NAMES`; Node makes some of its own when they are first looked at
 */
export function compileScript(
  file: string,
  codeCache?: CodeCache,
  furtherNames: readonly string[] = [],
): CompiledScript {
  // The compiler writes ASCII, which Node reads faster as Latin-1 than as UTF-8, into half the memory.
  const text = readFileSync(file, 'latin1');
  const globalNames = [...GLOBAL_NAMES, ...furtherNames];
  const names = ['exports', 'require', 'module', '__filename', '__dirname', ...globalNames];
  // The wrapper adds no line, so that line numbers in stacks and source maps stay right.
  const script = new Script(`(function (${names.join(', ')}) { ${text}\n})`, {
    filename: file,
    ...(codeCache === undefined ? {} : { cachedData: new Uint8Array(codeCache) }),
  });
  const run = script.runInThisContext() as (...args: readonly unknown[]) => void;
  const require = rememberingRequire(file);
  return {
    evaluate(globals = {}) {
      const module = new Module(file);
      module.filename = file;
      // Modules that import `gumby` require this file: they get this very evaluation of it.
      require.cache[file] = module;
      const given = globalNames.map((name) => (name in globals ? globals[name] : (globalThis as never)[name]));
      run(module.exports, requireWith(require, globals.require), module, file, dirname(file), ...given);
      module.loaded = true;
      return module.exports as unknown;
    },
    makeCodeCache: () => share(script.createCachedData()),
  };
}

/**
 * Node's own `require`, remembering its answers: by itself it looks around on the disk for each name again, and a
 * thousand evaluations would make it do so a thousand times.
 */
function rememberingRequire(file: string): NodeJS.Require {
  const require = createRequire(file);
  const required = new Map<string, unknown>();
  const remembering = (name: string): unknown => {
    if (!required.has(name)) required.set(name, require(name));
    return required.get(name);
  };
  return Object.assign(remembering, require);
}

function requireWith(require: NodeJS.Require, own: ScriptGlobals['require']): NodeJS.Require {
  if (own === undefined) return require;
  return Object.assign((name: string): unknown => own(name) ?? require(name), require);
}

function share(data: Buffer): CodeCache {
  const shared = new SharedArrayBuffer(data.length);
  new Uint8Array(shared).set(data);
  return shared;
}
