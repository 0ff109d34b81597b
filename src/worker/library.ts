import type { LoadedScript } from '../instance/load-script.js';

/** The bootstrap is a bundle of its own: what it has loaded is left here for the library itself to find. */
const LIBRARY = Symbol.for('gumby.library');

export function keepLibrary(library: LoadedScript): void {
  Object.assign(globalThis, { [LIBRARY]: library });
}

export function loadedLibrary(): LoadedScript {
  const library = (globalThis as { [LIBRARY]?: LoadedScript })[LIBRARY];
  if (library === undefined) throw new Error('this thread was not started by the bootstrap');
  return library;
}
