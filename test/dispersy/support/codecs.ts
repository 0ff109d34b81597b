import type { ExecutionContext } from 'ava';
import fc from 'fast-check';
import type { Codec } from '../../../src/dispersy/codec/codec.js';
import { Reader } from '../../../src/dispersy/codec/reader.js';
import { Writer } from '../../../src/dispersy/codec/writer.js';

export function write<T>(codec: Codec<T>, value: T): Buffer {
  const writer = new Writer();
  codec.write(writer, value);
  return writer.finish(0);
}

export function read<T>(codec: Codec<T>, packet: Buffer) {
  const reader = new Reader(packet, 0, packet.length, 1);
  return { value: codec.read(reader), failure: reader.failure, remaining: reader.remaining };
}

export const anyBytes = (constraints: fc.IntArrayConstraints) =>
  fc.uint8Array(constraints).map((array) => Buffer.from(array));

/** What is written is read again, whole. */
export function assertRoundTrips<T>(t: ExecutionContext, codec: Codec<T>, values: fc.Arbitrary<T>): void {
  fc.assert(
    fc.property(values, (value) => {
      t.deepEqual(read(codec, write(codec, value)), { value, failure: undefined, remaining: 0 });
    }),
    { numRuns: 200 },
  );
}

/**
 * Reading bytes that anyone may have made up never throws; and what is read of them without a failure is written as the
 * same bytes again, so that no two packets mean the same.
 */
export function assertBearsHostileBytes<T>(t: ExecutionContext, codec: Codec<T>, values: fc.Arbitrary<T>): void {
  const damaged = fc.tuple(values, anyBytes({ maxLength: 6 }), fc.nat(), fc.nat()).map(([value, noise, cut, at]) => {
    const packet = write(codec, value);
    const start = packet.subarray(0, cut % (packet.length + 1));
    const place = at % (start.length + 1);
    return Buffer.concat([start.subarray(0, place), noise, start.subarray(place + noise.length)]);
  });
  fc.assert(
    fc.property(fc.oneof(damaged, anyBytes({ maxLength: 100 })), (packet) => {
      const { value, failure, remaining } = read(codec, packet);
      if (failure === undefined && remaining === 0) t.deepEqual(read(codec, write(codec, value)).value, value);
    }),
    { numRuns: 1000 },
  );
  t.pass();
}
