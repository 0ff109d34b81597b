import type { Random } from '../../../src/runtime/random.js';

/**
 * An endless source of bad datagrams: random bytes, random bytes behind a good prefix, and good packets that were cut,
 * lengthened, mutated, joined, or just sent again.
 */
export function hostilePackets(random: Random, good: readonly Buffer[]): () => Buffer {
  const noise = random.bytes(70_000);
  const noiseOf = (length: number) => {
    const at = random.integer(0, noise.length - length);
    return noise.subarray(at, at + length);
  };
  const mutated = (packet: Buffer, from: number) => {
    const copy = Buffer.from(packet);
    for (let count = random.integer(1, 4); count > 0; count--)
      copy[random.integer(from, copy.length - 1)] = random.integer(0, 255);
    return copy;
  };
  return () => {
    const packet = random.pick(good);
    switch (random.integer(0, 31)) {
      // A right prefix, so that it gets into the community.
      case 0:
      case 1:
      case 2:
      case 3:
      case 4:
      case 5:
        return Buffer.concat([packet.subarray(0, 22), noiseOf(random.integer(0, 400))]);
      case 6:
      case 7:
      case 8:
      case 9:
        return packet.subarray(0, random.integer(0, packet.length));
      case 10:
        return Buffer.concat([packet, noiseOf(random.integer(1, 100))]);
      case 11:
      case 12:
      case 13:
        return mutated(packet, 0);
      case 14:
        return packet;
      case 15:
        return Buffer.concat([packet.subarray(0, random.integer(0, packet.length)), random.pick(good)]);
      // Another version or another community.
      case 16:
      case 17:
        return Buffer.concat([Buffer.from([0]), noiseOf(21), packet.subarray(22)]);
      case 18:
        return random.integer(0, 999) === 0 ? noiseOf(random.integer(60_000, 70_000)) : noiseOf(23);
      default:
        return noiseOf(random.integer(0, 300));
    }
  };
}
