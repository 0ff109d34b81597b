import { EventEmitter } from 'node:events';
import type { Writable } from 'node:stream';
import { GumbyError } from '../runtime/errors.js';
import type { InstanceOutput } from './instance-output.js';
import type { InstanceScope } from './instance-scope.js';
import { writableTo } from './writable-to.js';

/** Node's own, before any module could replace it. */
const realProcess = process;
const nextTick = process.nextTick.bind(process);

/** Thrown by `process.exit` so that the code that called it goes no further; the instance has ended already. */
class InstanceExit extends Error {
  override readonly name = 'InstanceExit';
}

export type InstanceProcess = NodeJS.Process & { readonly stdout: Writable; readonly stderr: Writable };

/**
 * `process` as one instance among several of a thread sees it: the streams, the exit, the environment and the listeners
 * are the instance's own, everything else is the thread's.
 */
export function instanceProcess(
  scope: InstanceScope,
  output: InstanceOutput,
  further: Readonly<Record<string, unknown>> = {},
): InstanceProcess {
  const events = new EventEmitter();
  let stdout: Writable | undefined;
  let stderr: Writable | undefined;
  let environment: Record<string, string | undefined> | undefined;
  const exit = (code: unknown = own['exitCode'] ?? 0): never => {
    const message = `process.exit(${String(code)}) was called in it`;
    // As in a thread of its own, listeners hear of an exit, and of no other end.
    scope.run(() => events.emit('exit', code));
    scope.lose(new GumbyError('INSTANCE_LOST', message, { context: { exitCode: code } }));
    throw new InstanceExit(message);
  };
  const own: Record<PropertyKey, unknown> = {
    exit,
    reallyExit: exit,
    exitCode: undefined,
    ...further,
    nextTick: (callback: (...args: unknown[]) => unknown, ...args: unknown[]) =>
      nextTick(() => scope.run(() => callback(...args))),
    get stdout() {
      return (stdout ??= writableTo((chunk) => output.stdout(chunk)));
    },
    get stderr() {
      return (stderr ??= writableTo((chunk) => output.stderr(chunk)));
    },
    get env() {
      return (environment ??= { ...realProcess.env });
    },
  };
  return new Proxy(realProcess, {
    get(target, name) {
      if (Object.hasOwn(own, name)) return own[name];
      const value: unknown = Reflect.get(LISTENING.has(name) ? events : target, name);
      return typeof value === 'function' ? (value.bind(LISTENING.has(name) ? events : target) as unknown) : value;
    },
    set(_target, name, value) {
      Object.defineProperty(own, name, { value, configurable: true, enumerable: true, writable: true });
      return true;
    },
    defineProperty: (_target, name, descriptor) =>
      Reflect.defineProperty(own, name, { ...descriptor, configurable: true }),
    deleteProperty: (_target, name) => Reflect.deleteProperty(own, name),
  });
}

/** The methods of an event emitter. */
const LISTENING: ReadonlySet<PropertyKey> = new Set(
  Object.getOwnPropertyNames(EventEmitter.prototype).filter((name) => name !== 'constructor' && !name.startsWith('_')),
);
