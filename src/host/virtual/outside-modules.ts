import { placeOfCaller } from './place-of-caller.js';

/** Is told of the use of something that lives in real time. @param place - `file:line` of the code that uses it */
export type OutsideListener = (what: string, place: string) => void;

type AnyFunction = (...args: unknown[]) => unknown;

/** The modules of Node whose work is not the experiment's: other processes, and the networks of the real world. */
const OUTSIDE: ReadonlySet<string> = new Set([
  ...['child_process', 'cluster', 'dns', 'dns/promises', 'http', 'http2', 'https', 'net', 'tls', 'worker_threads'],
]);
/** What of `node:worker_threads` starts something; everything else of it does no harm. */
const OUTSIDE_OF_WORKER_THREADS = 'Worker';
/** What of `node:net` only looks at texts. */
const HARMLESS_OF_NET: ReadonlySet<PropertyKey> = new Set(['isIP', 'isIPv4', 'isIPv6', 'BlockList', 'SocketAddress']);

/**
 * Modules as an instance gets them that reach out of virtual time: they work, and the first use of each is told.
 * @param load - gives Node's own module
 * @returns the module of a name; undefined for any other name
 */
export function outsideModules(
  load: (name: string) => object | undefined,
  onUse: OutsideListener,
): (name: string) => object | undefined {
  const told = new Map<string, object>();
  return (name) => {
    if (!OUTSIDE.has(name)) return undefined;
    const known = told.get(name);
    if (known !== undefined) return known;
    const module = load(name);
    if (module === undefined) return undefined;
    const isMeant = (part: PropertyKey) =>
      name === 'worker_threads' ? part === OUTSIDE_OF_WORKER_THREADS : name !== 'net' || !HARMLESS_OF_NET.has(part);
    const made = telling(module, isMeant, once(`node:${name}`, onUse));
    told.set(name, made);
    return made;
  };
}

/** The global functions of the same kind. */
export function outsideGlobals(onUse: OutsideListener): Readonly<Record<string, unknown>> {
  const tell = once('fetch', onUse);
  return {
    // Node makes its own when it is first looked at, which takes a while.
    fetch(...args: Parameters<typeof fetch>) {
      tell();
      return globalThis.fetch(...args);
    },
  };
}

function once(what: string, onUse: OutsideListener): () => void {
  let isTold = false;
  return () => {
    if (isTold) return;
    isTold = true;
    onUse(what, placeOfCaller());
  };
}

function telling<T extends object>(module: T, isMeant: (part: PropertyKey) => boolean, onUse: () => void): T {
  const wrapped = new Map<PropertyKey, unknown>();
  return new Proxy(module, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function' || !isMeant(name)) return value;
      if (!wrapped.has(name)) wrapped.set(name, tellingFunction(value as AnyFunction, onUse));
      return wrapped.get(name);
    },
  });
}

/** A function or class that tells of its calls, and is otherwise the same: classes may be extended. */
function tellingFunction(value: AnyFunction, onUse: () => void): unknown {
  return new Proxy(value, {
    apply(target, self, args) {
      onUse();
      const result: unknown = Reflect.apply(target, self, args);
      return result;
    },
    construct(target, args, newTarget) {
      onUse();
      return Reflect.construct(target, args, newTarget) as object;
    },
  });
}
