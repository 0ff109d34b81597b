import type { CompiledScript } from '../instance/load-script.js';

/** The bootstrap is a bundle of its own: it leaves the library that it has loaded under this key for the library itself to find. */
const LIBRARY = Symbol.for('gumby.library');

export function keepLibrary(library: CompiledScript): void {
  Object.assign(globalThis, { [LIBRARY]: library });
}

export function loadedLibrary(): CompiledScript {
  const library = (globalThis as { [LIBRARY]?: CompiledScript })[LIBRARY];
  if (library === undefined) throw new Error('this thread was not started by the bootstrap');
  return library;
}
