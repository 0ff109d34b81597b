import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';
import type { CodeCache } from '../instance/protocol.js';

/** Where the bootstrap, which is a bundle of its own, leaves the script for the library to find. */
const SCRIPT = Symbol.for('gumby.library-script');

/**
 * Loads the library as `require` would, but from the code cache of an earlier thread: compiling it anew is half of what a
 * thread of ours needs beyond an empty one. A cache that does not fit this V8 is refused by it, and costs only the time.
 */
export function loadLibrary(file: string, codeCache: CodeCache | undefined): void {
  const script = new Script(Module.wrap(readFileSync(file, 'utf8')), {
    filename: file,
    ...(codeCache === undefined ? {} : { cachedData: new Uint8Array(codeCache) }),
  });
  const library = new Module(file);
  library.filename = file;
  const require = createRequire(file);
  // Modules that import `gumby` get this very one.
  require.cache[file] = library;
  Object.assign(globalThis, { [SCRIPT]: script });
  const run = script.runInThisContext() as (...args: readonly unknown[]) => void;
  run(library.exports, require, library, file, dirname(file));
  library.loaded = true;
}

/** The code of the library as this thread has compiled it so far. */
export function makeCodeCache(): CodeCache {
  const script = (globalThis as { [SCRIPT]?: Script })[SCRIPT];
  if (script === undefined) throw new Error('this thread was not started by the bootstrap');
  const data = script.createCachedData();
  const shared = new SharedArrayBuffer(data.length);
  new Uint8Array(shared).set(data);
  return shared;
}
