import timersModule from 'node:timers';
import type { InstanceScope } from './instance-scope.js';
import { nodeError } from './node-error.js';

/** Node's own timers, before any module could replace them. */
// eslint-disable-next-line gumby/time-from-clocks -- what an instance's own timers are made of
const real = { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate, queueMicrotask };

export type TimerCallback = (...args: unknown[]) => unknown;
type Callback = TimerCallback;

/** The timers of an instance: those of the global scope, and the modules `node:timers` and `node:timers/promises`. */
export interface InstanceTimers {
  readonly setTimeout: unknown;
  readonly setInterval: unknown;
  readonly setImmediate: unknown;
  readonly clearTimeout: unknown;
  readonly clearInterval: unknown;
  readonly clearImmediate: unknown;
  readonly queueMicrotask: unknown;
  readonly module: object;
  readonly promises: object;
}

/**
 * Timers that end with an instance, and whose exceptions end the instance. They return Node's own objects, and so go by
 * the machine's time, which is the experiment's as long as experiments run in real time.
 */
export function instanceTimers(scope: InstanceScope): InstanceTimers {
  const setTimeout = (callback: Callback, delayMs?: number, ...args: unknown[]): NodeJS.Timeout => {
    checkCallback(callback);
    const timer = real.setTimeout(() => {
      letGo();
      scope.run(() => callback.apply(timer, args));
    }, delayMs);
    const letGo = scope.own(() => real.clearTimeout(timer));
    return timer;
  };
  const setInterval = (callback: Callback, delayMs?: number, ...args: unknown[]): NodeJS.Timeout => {
    checkCallback(callback);
    const timer = real.setInterval(() => scope.run(() => callback.apply(timer, args)), delayMs);
    scope.own(() => real.clearInterval(timer));
    return timer;
  };
  const setImmediate = (callback: Callback, ...args: unknown[]): NodeJS.Immediate => {
    checkCallback(callback);
    const immediate = real.setImmediate(() => {
      letGo();
      scope.run(() => callback(...args));
    });
    const letGo = scope.own(() => real.clearImmediate(immediate));
    return immediate;
  };
  const { clearTimeout, clearInterval, clearImmediate } = real;
  const own = { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate };
  const queueMicrotask = instanceMicrotasks(scope);
  return { ...own, queueMicrotask, module: { ...timersModule, ...own }, promises: timerPromisesOf(own) };
}

/** `queueMicrotask` of an instance. */
export function instanceMicrotasks(scope: InstanceScope): (callback: TimerCallback) => void {
  return (callback) => {
    checkCallback(callback);
    real.queueMicrotask(() => scope.run(() => callback()));
  };
}

/** `node:timers/promises` on the instance's own timers; each takes an `AbortSignal`, as Node's do. */
export function timerPromisesOf<Timeout extends { unref(): unknown }, Immediate>(own: {
  readonly setTimeout: (callback: Callback, delayMs?: number) => Timeout;
  readonly setImmediate: (callback: Callback) => Immediate;
  readonly clearTimeout: (timeout: Timeout) => void;
  readonly clearImmediate: (immediate: Immediate) => void;
}) {
  interface Options {
    readonly ref?: boolean;
    readonly signal?: AbortSignal;
  }
  const wait = async <T>(
    start: (done: () => void) => { cancel(): void },
    value: T,
    signal?: AbortSignal,
  ): Promise<T> => {
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const timer = start(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve(value);
      });
      const onAbort = () => {
        timer.cancel();
        reject(new DOMException('The operation was aborted', { name: 'AbortError', cause: signal?.reason }));
      };
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  };
  const setTimeout = <T>(delayMs?: number, value?: T, { ref = true, signal }: Options = {}) =>
    wait(
      (done) => {
        const timer = own.setTimeout(done, delayMs);
        if (!ref) timer.unref();
        return { cancel: () => own.clearTimeout(timer) };
      },
      value,
      signal,
    );
  const setImmediate = <T>(value?: T, { signal }: Options = {}) =>
    wait(
      (done) => {
        const immediate = own.setImmediate(done);
        return { cancel: () => own.clearImmediate(immediate) };
      },
      value,
      signal,
    );
  async function* setInterval<T>(delayMs?: number, value?: T, options: Options = {}): AsyncGenerator<T | undefined> {
    for (;;) yield await setTimeout(delayMs, value, options);
  }
  const scheduler = {
    wait: (delayMs: number, options?: Options) => setTimeout(delayMs, undefined, options),
    yield: setImmediate,
  };
  return { setTimeout, setImmediate, setInterval, scheduler };
}

export function checkCallback(callback: unknown): asserts callback is Callback {
  if (typeof callback !== 'function')
    throw nodeError('ERR_INVALID_ARG_TYPE', 'The "callback" argument must be of type function');
}
