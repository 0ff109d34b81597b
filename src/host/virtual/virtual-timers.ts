import timersModule from 'node:timers';
import { promisify } from 'node:util';
import type { Clock, Timer } from '../../runtime/clock.js';
import type { InstanceTimers } from '../instance-timers.js';
import { checkCallback, type TimerCallback, timerPromisesOf } from '../instance-timers.js';

/** A timeout of Node waits for a millisecond at least, and what is longer than a 32-bit number is one millisecond. */
const DELAY_MIN_MS = 1;
const DELAY_MAX_MS = 2 ** 31 - 1;

/** Virtual time goes on as long as instances live: no timer keeps anything alive, but everyone may say and ask so. */
class Referable {
  #hasRef = true;

  ref(): this {
    this.#hasRef = true;
    return this;
  }

  unref(): this {
    this.#hasRef = false;
    return this;
  }

  hasRef(): boolean {
    return this.#hasRef;
  }
}

/** What `setTimeout` and `setInterval` return: the methods are those of Node's own object. */
class VirtualTimeout extends Referable {
  readonly #start: () => Timer;
  readonly #id: number;
  readonly #onClear: (id: number) => void;
  #timer: Timer | undefined;

  constructor(id: number, start: (timeout: VirtualTimeout) => Timer, onClear: (id: number) => void) {
    super();
    this.#id = id;
    this.#start = () => start(this);
    this.#onClear = onClear;
    this.#timer = this.#start();
  }

  /** Begins anew, also when the callback was called already. */
  refresh(): this {
    this.#timer?.cancel();
    this.#timer = this.#start();
    return this;
  }

  close(): this {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#onClear(this.#id);
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.#id;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

class VirtualImmediate extends Referable {
  #timer: Timer | undefined;

  constructor(start: () => Timer) {
    super();
    this.#timer = start();
  }

  clear(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  [Symbol.dispose](): void {
    this.clear();
  }
}

/**
 * Node's timers on an experiment's clock.
 * @param clock - the instance's own: its timers end with the instance, and an exception in one ends the instance
 */
export function virtualTimers(clock: Clock): Omit<InstanceTimers, 'queueMicrotask'> {
  const timeouts = new Map<number, VirtualTimeout>();
  let nextId = 1;
  const make = (start: (timeout: VirtualTimeout) => Timer): VirtualTimeout => {
    const id = nextId++;
    const timeout = new VirtualTimeout(id, start, (cleared) => timeouts.delete(cleared));
    timeouts.set(id, timeout);
    return timeout;
  };
  const setTimeout = (callback: TimerCallback, delayMs?: number, ...args: unknown[]): VirtualTimeout => {
    checkCallback(callback);
    const delay = delayOf(delayMs);
    return make((timeout) =>
      clock.schedule(delay, () => {
        timeouts.delete(Number(timeout));
        callback.apply(timeout, args);
      }),
    );
  };
  const setInterval = (callback: TimerCallback, delayMs?: number, ...args: unknown[]): VirtualTimeout => {
    checkCallback(callback);
    const delay = delayOf(delayMs);
    return make((timeout) =>
      clock.schedule(delay, () => {
        // As with Node, the next one counts from now; and a callback may end the interval.
        if (timeouts.has(Number(timeout))) timeout.refresh();
        callback.apply(timeout, args);
      }),
    );
  };
  const clearTimeout = (timeout: unknown): void => {
    if (timeout instanceof VirtualTimeout) timeout.close();
    else if (typeof timeout === 'number' || typeof timeout === 'string') timeouts.get(Number(timeout))?.close();
  };
  const setImmediate = (callback: TimerCallback, ...args: unknown[]): VirtualImmediate => {
    checkCallback(callback);
    return new VirtualImmediate(() => clock.scheduleTurn(() => callback(...args)));
  };
  const clearImmediate = (immediate: unknown): void => {
    if (immediate instanceof VirtualImmediate) immediate.clear();
  };
  const promises = timerPromisesOf({ setTimeout, setImmediate, clearTimeout, clearImmediate });
  Object.assign(setTimeout, { [promisify.custom]: promises.setTimeout });
  Object.assign(setImmediate, { [promisify.custom]: promises.setImmediate });
  const own = { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval: clearTimeout, clearImmediate };
  return { ...own, module: { ...timersModule, ...own, promises }, promises };
}

/** The delay as Node takes it. */
function delayOf(delayMs: unknown): number {
  const delay = Number(delayMs);
  return delay >= DELAY_MIN_MS && delay <= DELAY_MAX_MS ? Math.trunc(delay) : DELAY_MIN_MS;
}
