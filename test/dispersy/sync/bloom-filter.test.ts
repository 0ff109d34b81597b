import { createHash } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { BloomFilter, filterCapacity } from '../../../src/dispersy/sync/bloom-filter.js';
import { seededRandom } from '../../../src/runtime/random.js';

/** The bits that are set, in ascending order. */
function bitsOf({ bytes }: BloomFilter): number[] {
  return [...bytes].flatMap((byte, index) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => ((byte >> bit) & 1) === 1).map((bit) => 8 * index + bit),
  );
}

function ascending(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((one, other) => one - other);
}

/** Worked out with python3: `int.from_bytes(hashlib.md5(bytes([prefix]) + key).digest()[2*i:2*i+2], 'big') % bits`. */
const VECTORS = [
  { hash: 'md5', bits: 10_128, functions: 7, prefix: 0, positions: [5466, 7139, 9167, 4169, 9168, 3927, 6213] },
  { hash: 'md5', bits: 10_128, functions: 8, prefix: 255, positions: [2169, 7841, 4151, 3099, 465, 8713, 6936, 6012] },
  { hash: 'sha1', bits: 1024, functions: 9, prefix: 1, positions: [660, 483, 49, 520, 55, 786, 64, 899, 381] },
  {
    hash: 'sha256',
    bits: 1024,
    functions: 11,
    prefix: 1,
    positions: [238, 937, 492, 986, 180, 246, 717, 895, 752, 227, 355],
  },
  { hash: 'md5, 32 bits each', bits: 40_000, functions: 4, prefix: 7, positions: [31_814, 37_963, 31_785, 6438] },
  { hash: 'sha1, 32 bits each', bits: 40_000, functions: 5, prefix: 7, positions: [3842, 4624, 32_174, 5979, 586] },
] as const;

for (const { hash, positions, ...shape } of VECTORS)
  test(`positions by ${hash}, ${shape.functions} of ${shape.bits} bits`, (t) => {
    const filter = new BloomFilter(shape);
    filter.add(Buffer.from('hello'));
    t.deepEqual(bitsOf(filter), ascending(positions));
    t.true(filter.has(Buffer.from('hello')));
    t.false(filter.has(Buffer.from('hullo')));
  });

test('16 bits each below 2^15 bits, 32 from there on', (t) => {
  for (const [bits, positions] of [
    [32_767, [31_802, 29_317, 16_706]],
    [32_768, [29_317, 15_528, 4157]],
  ] as const) {
    const filter = new BloomFilter({ bits, functions: 3, prefix: 9 });
    filter.add(Buffer.from('edge'));
    t.deepEqual(bitsOf(filter), ascending(positions));
  }
});

/** Written in another way than the filter: the digest as one long hexadecimal number, of which digits are cut. */
function positionsByHex(bits: number, functions: number, prefix: number, key: Buffer): number[] {
  const digits = bits < 32_768 ? 4 : 8;
  const [name = ''] = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'].filter(
    (each) => createHash(each).digest('hex').length >= digits * functions,
  );
  const hex = createHash(name)
    .update(Uint8Array.of(prefix, ...key))
    .digest('hex');
  return Array.from({ length: functions }, (_, index) =>
    Number(BigInt(`0x${hex.slice(digits * index, digits * (index + 1))}`) % BigInt(bits)),
  );
}

const shapes = fc.record({
  bits: fc.integer({ min: 1, max: 65_535 }),
  functions: fc.integer({ min: 1, max: 16 }),
  prefix: fc.integer({ min: 0, max: 255 }),
});

test('positions are those of an independent computation, whatever the shape', (t) => {
  fc.assert(
    fc.property(shapes, fc.uint8Array({ maxLength: 3000 }), (shape, bytes) => {
      const key = Buffer.from(bytes);
      const filter = new BloomFilter(shape);
      filter.add(key);
      t.deepEqual(bitsOf(filter), ascending(positionsByHex(shape.bits, shape.functions, shape.prefix, key)));
    }),
    { seed: 1, numRuns: 200 },
  );
});

test('what was added is never missed, also not on the other side', (t) => {
  const keys = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 100 });
  fc.assert(
    fc.property(shapes, keys, (shape, bytes) => {
      const [filter, packets] = [new BloomFilter(shape), bytes.map((each) => Buffer.from(each))];
      for (const packet of packets) filter.add(packet);
      const received = new BloomFilter(shape, Buffer.from(filter.bytes));
      return packets.every((packet) => filter.has(packet) && received.has(packet));
    }),
    { seed: 2 },
  );
  t.pass();
});

test('no hash yields more than 32 short positions, or 16 long ones', (t) => {
  const isPossible = (bits: number, functions: number) => BloomFilter.isPossible({ bits, functions });
  t.deepEqual([isPossible(1024, 32), isPossible(1024, 33)], [true, false]);
  t.deepEqual([isPossible(40_000, 16), isPossible(40_000, 17)], [true, false]);
  t.deepEqual([isPossible(0, 1), isPossible(8, 0)], [false, false]);
  t.throws(() => new BloomFilter({ bits: 1024, functions: 33, prefix: 0 }), { instanceOf: RangeError });
});

test('capacity and functions follow from size and error rate', (t) => {
  // What is left of 1,500 bytes beside a signature of curve25519: (1500 - 60 - 8 - 51 - 64 - 21 - 30) * 8 = 10,128 bits.
  t.deepEqual(filterCapacity(10_128, 0.01), { capacity: 1056, functions: 7 });
  t.deepEqual(filterCapacity(10_128, 0.001), { capacity: 704, functions: 10 });
  t.deepEqual(filterCapacity(1000, 0.5), { capacity: 693, functions: 2 });
});

test('a full filter errs about one key in a hundred', (t) => {
  const bits = 10_128;
  const { capacity, functions } = filterCapacity(bits, 0.01);
  const filter = new BloomFilter({ bits, functions, prefix: 42 });
  const random = seededRandom('full filter');
  for (let count = 0; count < capacity; count++) filter.add(random.bytes(100));
  const tries = 20_000;
  const errors = Array.from({ length: tries }, () => filter.has(random.bytes(100))).filter(Boolean).length;
  // Four standard deviations of 200 in 20,000 are 56.
  t.true(Math.abs(errors - 0.01 * tries) < 56, `${errors} of ${tries}`);
});

test('filters with different prefixes err about different keys', (t) => {
  const random = seededRandom('prefixes');
  const keys = Array.from({ length: 60 }, () => random.bytes(100));
  const wrongOf = (prefix: number) => {
    const filter = new BloomFilter({ bits: 256, functions: 3, prefix });
    for (const key of keys) filter.add(key);
    const others = seededRandom('others');
    return Array.from({ length: 1000 }, () => filter.has(others.bytes(100)));
  };
  const [one, other] = [wrongOf(1), wrongOf(2)];
  const both = one.filter((isWrong, index) => isWrong && other[index] === true).length;
  const single = one.filter(Boolean).length;
  t.true(single > 50);
  // Were they the same keys, all would be wrong twice; by chance it is the square of the share.
  t.true(both < single / 2, `${both} of ${single}`);
});
