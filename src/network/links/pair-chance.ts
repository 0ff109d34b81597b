/**
 * Chance that is computed and not stored: a number in [0, 1) that follows from the seed and a few numbers, whoever asks
 * for it, and whatever was asked for before. It mixes as MurmurHash3 does (A. Appleby, public domain), which is enough
 * for chance and no secret.
 */
export class PairChance {
  readonly #seed: number;

  constructor(seed: string) {
    let hash = 0x9747b28c;
    for (let index = 0; index < seed.length; index++) hash = mix(hash, seed.charCodeAt(index));
    this.#seed = hash;
  }

  /** @param salt - tells uses of the same numbers apart */
  of(salt: number, one: number, other: number): number {
    const start = mix(mix(mix(this.#seed, salt), one | 0), other | 0);
    // The upper part of a counter beyond 32 bits counts as well.
    const first = finish(mix(start, (other / 2 ** 32) | 0));
    const second = finish(mix(first, 0x5bd1e995));
    return ((first >>> 5) * 2 ** 26 + (second >>> 6)) / 2 ** 53;
  }
}

function mix(hash: number, value: number): number {
  let k = Math.imul(value, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  let mixed = hash ^ Math.imul(k, 0x1b873593);
  mixed = (mixed << 13) | (mixed >>> 19);
  return (Math.imul(mixed, 5) + 0xe6546b64) | 0;
}

function finish(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
