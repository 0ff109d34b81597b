import cryptoModule from 'node:crypto';
import type { Random } from '../../runtime/random.js';
import { nodeError } from '../node-error.js';
import { ownOver } from './own-over.js';
import { countCallback, type PendingWork } from './pending-work.js';

/** Node's own, before any module could replace it. */
const { webcrypto } = cryptoModule;

type Callback = (error: Error | null, ...results: unknown[]) => void;
type AnyFunction = (...args: unknown[]) => unknown;

const RANDOM_INT_MAX = 2 ** 48;

/** The functions of `node:crypto` that may take a callback, and then work beside the thread. */
const ASYNCHRONOUS = [
  ...['pbkdf2', 'scrypt', 'hkdf', 'generateKeyPair', 'generateKey', 'generatePrime', 'checkPrime', 'sign', 'verify'],
  'diffieHellman',
] as const;

/** `node:crypto` and `globalThis.crypto` as an instance sees them. */
export interface SeededCrypto {
  readonly module: object;
  readonly webcrypto: object;
}

/**
 * Crypto whose chance comes from the run's seed. Whatever makes keys inside OpenSSL – `generateKeyPairSync`, ECDH, and
 * ECDSA, which draws a number for every signature – cannot be seeded, and differs from run to run.
 * @param later - calls back in a later turn of the experiment's time
 */
export function seededCrypto(random: Random, work: PendingWork, later: (call: () => void) => void): SeededCrypto {
  const fill = <T extends ArrayBufferView | ArrayBuffer>(view: T, offset = 0, size?: number): T => {
    const bytes = ArrayBuffer.isView(view)
      ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
      : new Uint8Array(view);
    const length = size ?? bytes.length - offset;
    if (!(offset >= 0 && length >= 0 && offset + length <= bytes.length))
      throw nodeError('ERR_OUT_OF_RANGE', 'The range is out of the bounds of the buffer');
    bytes.set(random.bytes(length), offset);
    return view;
  };
  const answer = (callback: Callback | undefined, value: unknown): unknown => {
    if (callback === undefined) return value;
    later(() => callback(null, value));
    return undefined;
  };
  const randomBytes = (size: number, callback?: Callback): unknown => {
    if (!(Number.isInteger(size) && size >= 0 && size < 2 ** 31))
      throw nodeError('ERR_OUT_OF_RANGE', `The value of "size" is out of range: ${size}`);
    return answer(callback, random.bytes(size));
  };
  const randomInt = (...args: unknown[]): unknown => {
    const callback = typeof args.at(-1) === 'function' ? (args.pop() as Callback) : undefined;
    const [min, max] = args.length === 1 ? [0, args[0] as number] : (args as [number, number]);
    if (!(Number.isSafeInteger(min) && Number.isSafeInteger(max) && max > min && max - min < RANDOM_INT_MAX))
      throw nodeError('ERR_OUT_OF_RANGE', `The range from ${min} to ${max} has no numbers, or too many`);
    return answer(callback, min + Math.floor(random.float() * (max - min)));
  };
  const randomUUID = (): string => uuidOf(random.bytes(16));
  const randomFill = (view: Buffer, ...args: unknown[]): void => {
    const callback = args.pop() as Callback;
    fill(view, ...(args as number[]));
    later(() => callback(null, view));
  };
  const getRandomValues = <T extends ArrayBufferView>(view: T): T => fill(view);
  const subtle = new Proxy(webcrypto.subtle, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        const done = work.begin();
        try {
          const result: unknown = await Reflect.apply(value as AnyFunction, target, args);
          return result;
        } finally {
          done();
        }
      };
    },
  });
  const own = ownOver(webcrypto, { getRandomValues, randomUUID, subtle });
  const counted = Object.fromEntries(
    ASYNCHRONOUS.map((name) => [name, countCallback(cryptoModule[name] as AnyFunction, work)]),
  );
  const module = ownOver(cryptoModule, {
    ...counted,
    ...{ randomBytes, pseudoRandomBytes: randomBytes, randomInt, randomUUID, randomFill },
    ...{ randomFillSync: fill, getRandomValues, webcrypto: own, subtle },
  });
  return { module, webcrypto: own };
}

/** RFC 9562, version 4. */
function uuidOf(bytes: Buffer): string {
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
