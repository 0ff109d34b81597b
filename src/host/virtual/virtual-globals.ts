import type { ScriptGlobals } from '../../instance/load-script.js';
import type { Carrier } from '../../network/carrier.js';
import type { Clock } from '../../runtime/clock.js';
import type { Random } from '../../runtime/random.js';
import { globalsWith } from '../instance-globals.js';
import type { InstanceOutput } from '../instance-output.js';
import type { InstanceScope } from '../instance-scope.js';
import { instanceMicrotasks } from '../instance-timers.js';
import { nodeError } from '../node-error.js';
import { emulatedDgram } from '../emulated-dgram.js';
import { outsideGlobals, type OutsideListener, outsideModules } from './outside-modules.js';
import { ownOver } from './own-over.js';
import { countCallback, type PendingWork } from './pending-work.js';
import { seededCrypto } from './seeded-crypto.js';
import { virtualDate } from './virtual-date.js';
import { virtualPerformance, virtualProcessTime } from './virtual-performance.js';
import { virtualTimers } from './virtual-timers.js';

/** What an instance's own code needs of the world. */
export interface VirtualGlobalsInit {
  /** The instance's experiment clock: its timers end with the instance. */
  readonly clock: Clock;
  readonly random: Random;
  readonly work: PendingWork;
  /** The emulated network as the instance's host, and the host's address. */
  readonly carrier: Carrier;
  readonly host: string;
  /** Is told of what reaches out of virtual time. */
  readonly onOutside: OutsideListener;
}

/** The names of globals that only instances in virtual time have for themselves. */
export const VIRTUAL_GLOBAL_NAMES = ['AbortSignal', 'crypto', 'fetch'] as const;

/** Node's own, before any module could replace it. */
const RealAbortSignal = AbortSignal;

/** The globals of an instance in virtual time: its code, and the packages in it, see the experiment's time and seeded chance only. */
export function virtualGlobals(
  scope: InstanceScope,
  output: InstanceOutput,
  { clock, random, work, carrier, host, onOutside }: VirtualGlobalsInit,
): ScriptGlobals {
  const performance = virtualPerformance(clock);
  const crypto = seededCrypto(random, work, (call) => void clock.scheduleTurn(call));
  const math = Object.create(Math) as Math;
  Object.defineProperty(math, 'random', { value: () => random.float(), writable: true, configurable: true });
  const own: Readonly<Record<string, () => object>> = {
    crypto: () => crypto.module,
    perf_hooks: () => ownOver(builtIn('perf_hooks') as object, { performance }),
    zlib: () => countedZlib(builtIn('zlib') as object, work),
    dgram: () => emulatedDgram({ carrier, host, clock, own: (close) => scope.own(close) }),
  };
  const made = new Map<string, object>();
  const outside = outsideModules(builtIn, onOutside);
  const moduleOf = (name: string): object | undefined => {
    const make = own[name];
    if (make === undefined) return outside(name);
    const known = made.get(name) ?? make();
    made.set(name, known);
    return known;
  };
  return globalsWith(scope, output, {
    timers: { ...virtualTimers(clock), queueMicrotask: instanceMicrotasks(scope) },
    process: virtualProcessTime(clock),
    globals: {
      ...outsideGlobals(onOutside),
      Date: virtualDate(clock),
      Math: math,
      performance,
      crypto: crypto.webcrypto,
      AbortSignal: ownOver(RealAbortSignal, { timeout: (delayMs: number) => abortAfter(clock, delayMs) }),
    },
    moduleOf,
  });
}

/** Node's own module, loaded when it is first asked for: most instances need none of them. */
function builtIn(name: string): object | undefined {
  const module: object | undefined = process.getBuiltinModule(`node:${name}`);
  return module;
}

function abortAfter(clock: Clock, delayMs: number): AbortSignal {
  if (!(Number.isFinite(delayMs) && delayMs >= 0))
    throw nodeError('ERR_OUT_OF_RANGE', `The value of "delay" is out of range: ${delayMs}`);
  const controller = new AbortController();
  clock.schedule(delayMs, () =>
    controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
  );
  return controller.signal;
}

/** The functions of `node:zlib` that work beside the thread, and call back. */
const ZLIB_FUNCTIONS = [
  ...['deflate', 'deflateRaw', 'gzip', 'gunzip', 'inflate', 'inflateRaw', 'unzip', 'brotliCompress'],
  'brotliDecompress',
] as const;

function countedZlib(zlib: object, work: PendingWork): object {
  const functions = zlib as unknown as Record<string, (...args: unknown[]) => unknown>;
  return ownOver(
    zlib,
    Object.fromEntries(
      ZLIB_FUNCTIONS.map((name) => [name, countCallback(functions[name] as (...args: unknown[]) => unknown, work)]),
    ),
  );
}
