import { Console } from 'node:console';
import type { ScriptGlobals } from '../instance/load-script.js';
import type { InstanceOutput } from './instance-output.js';
import { instanceProcess } from './instance-process.js';
import type { InstanceScope } from './instance-scope.js';
import { type InstanceTimers, instanceTimers } from './instance-timers.js';

/**
 * The globals of one instance among several of a thread, by which its output, its timers and its exit are its own.
 * Everything else is the thread's. Modules and the packages that are compiled in with them see these globals; native
 * packages do not.
 */
export function instanceGlobals(scope: InstanceScope, output: InstanceOutput): ScriptGlobals {
  return globalsWith(scope, output, { timers: instanceTimers(scope) });
}

/** What of an instance's globals depends on the world that it lives in. */
export interface WorldGlobals {
  readonly timers: InstanceTimers;
  /** Properties of `process`. @default none */
  readonly process?: Readonly<Record<string, unknown>>;
  /** Further globals. @default none */
  readonly globals?: Readonly<Record<string, unknown>>;
  /** The module that the instance gets for Node's own of a name; undefined where it gets Node's own. */
  readonly moduleOf?: (name: string) => unknown;
}

/** The globals of an instance, some of which its world gives. */
export function globalsWith(scope: InstanceScope, output: InstanceOutput, world: WorldGlobals): ScriptGlobals {
  const { timers } = world;
  const process = instanceProcess(scope, output, world.process);
  const console = lazily(() => new Console({ stdout: process.stdout, stderr: process.stderr }));
  const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate, queueMicrotask } = timers;
  const own: Record<string, unknown> = {
    ...{ setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate, queueMicrotask },
    ...{ console, process },
    ...world.globals,
  };
  const globalThis = scopedGlobal(own);
  own['globalThis'] = own['global'] = globalThis;
  const modules = new Map<string, unknown>([
    ['timers', timers.module],
    ['timers/promises', timers.promises],
    ['process', process],
    ['console', console],
  ]);
  const moduleOf = (name: string) => modules.get(name) ?? world.moduleOf?.(name);
  return { ...own, require: (name: string) => moduleOf(name.replace(/^node:/, '')) };
}

/** The thread's global object behind an instance's own names; what the instance adds stays with it. */
function scopedGlobal(own: Record<string, unknown>): object {
  const real = globalThis as unknown as Record<PropertyKey, unknown>;
  return new Proxy(own, {
    get: (target, name) => (Object.hasOwn(target, name) ? target[name as string] : real[name]),
    has: (target, name) => Object.hasOwn(target, name) || name in real,
  });
}

/** Makes an object when it is first used: ten thousand consoles that print nothing would be memory for nothing. */
function lazily<T extends object>(make: () => T): T {
  let made: T | undefined;
  return new Proxy({} as T, {
    get(_target, name) {
      made ??= make();
      return (made as Record<PropertyKey, unknown>)[name];
    },
    set(_target, name, value) {
      made ??= make();
      return Reflect.set(made, name, value);
    },
    has: (_target, name) => name in (made ??= make()),
  });
}
