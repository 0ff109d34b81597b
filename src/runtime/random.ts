import { createHash } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** Seeded chance. The same seed and the same calls give the same values on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  float(): number;
  /** Uniform integer in [from, to], both included. */
  integer(from: number, to: number): number;
  /** One element, uniformly; throws `RangeError` on an empty list. */
  pick<T>(items: readonly T[]): T;
  /** A shuffled copy. */
  shuffle<T>(items: readonly T[]): T[];
  /** Exponentially distributed with the given mean. */
  exponential(mean: number): number;
  /** `length` random bytes; for protocol identifiers and tests, not for keys. */
  bytes(length: number): Buffer;
  /** An independent source of chance, named by `labels`: what one consumer draws never shifts what another sees. */
  derive(...labels: readonly (string | number)[]): Random;
}

/** @param seed - any integer or text; with `labels`, the result is the source that `derive(...labels)` gives of the seed's own. */
export function seededRandom(seed: number | string, ...labels: readonly (string | number)[]): Random {
  const path = [seed, ...labels];
  const generator = xoroshiro128plusFromState(stateOf(path));
  const random: Random = {
    float: () => uniformFloat64(generator),
    integer: (from, to) => uniformInt(generator, from, to),
    pick<T>(items: readonly T[]): T {
      if (items.length === 0) throw new RangeError('cannot pick from an empty list');
      return items[random.integer(0, items.length - 1)] as T;
    },
    shuffle<T>(items: readonly T[]): T[] {
      const shuffled = [...items];
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = random.integer(0, last);
        [shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
      }
      return shuffled;
    },
    exponential: (mean) => -mean * Math.log(1 - random.float()),
    bytes(length) {
      const bytes = Buffer.alloc(length);
      for (let index = 0; index < length; index++) bytes[index] = random.integer(0, 255);
      return bytes;
    },
    derive: (...more) => seededRandom(seed, ...labels, ...more),
  };
  return random;
}

/** 128 bits of state from SHA-256 of the path, whose parts are length-prefixed so that no two paths collide. */
function stateOf(path: readonly (string | number)[]): readonly number[] {
  const hash = createHash('sha256');
  for (const part of path.map(String)) hash.update(`${part.length}:${part}`);
  const digest = hash.digest();
  return [0, 4, 8, 12].map((offset) => digest.readInt32LE(offset));
}
