import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';
import type { CodeCache } from './protocol.js';

/** A file of code that this thread has loaded. */
export interface LoadedScript {
  readonly exports: unknown;
  /** What V8 has made of its text so far, for other threads to load it by. */
  makeCodeCache(): CodeCache;
}

/**
 * Loads a compiled CommonJS file as `require` would, but without looking around on the disk, and from the code cache of an
 * earlier thread where there is one: finding and compiling is half of what a thread of ours needs beyond an empty one. A
 * cache that does not fit this V8 is refused by it, and costs only the time.
 */
export function loadScript(file: string, codeCache?: CodeCache): LoadedScript {
  // The compiler writes ASCII, which is read faster as Latin-1 than as UTF-8, and takes half the memory.
  const script = new Script(Module.wrap(readFileSync(file, 'latin1')), {
    filename: file,
    ...(codeCache === undefined ? {} : { cachedData: new Uint8Array(codeCache) }),
  });
  const module = new Module(file);
  module.filename = file;
  const require = createRequire(file);
  // Whoever requires this file gets this very one: modules that import `gumby` do.
  require.cache[file] = module;
  const run = script.runInThisContext() as (...args: readonly unknown[]) => void;
  run(module.exports, require, module, file, dirname(file));
  module.loaded = true;
  return { exports: module.exports, makeCodeCache: () => share(script.createCachedData()) };
}

function share(data: Buffer): CodeCache {
  const shared = new SharedArrayBuffer(data.length);
  new Uint8Array(shared).set(data);
  return shared;
}
