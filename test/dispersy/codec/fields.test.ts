import test from 'ava';
import fc from 'fast-check';
import { address } from '../../../src/dispersy/codec/address.js';
import type { Codec } from '../../../src/dispersy/codec/codec.js';
import { bytes, rest, uint16, uint32, uint64, uint8, utf8, varbytes } from '../../../src/dispersy/codec/fields.js';
import { Reader } from '../../../src/dispersy/codec/reader.js';
import { struct } from '../../../src/dispersy/codec/struct.js';
import { Writer } from '../../../src/dispersy/codec/writer.js';
import { GumbyError } from '../../../src/runtime/errors.js';

function write<T>(codec: Codec<T>, value: T): Buffer {
  const writer = new Writer();
  codec.write(writer, value);
  return writer.finish(0);
}

function read<T>(codec: Codec<T>, packet: Buffer) {
  const reader = new Reader(packet, 0, packet.length, 1);
  return { value: codec.read(reader), failure: reader.failure, remaining: reader.remaining };
}

const everything = struct({
  a: uint8,
  b: uint16,
  c: uint32,
  d: uint64,
  e: bytes(3),
  f: varbytes,
  g: utf8,
  h: address,
  i: rest,
});

const octet = fc.integer({ min: 0, max: 255 });
const buffer = (constraints: fc.IntArrayConstraints) => fc.uint8Array(constraints).map((array) => Buffer.from(array));
const anything = fc.record({
  a: octet,
  b: fc.integer({ min: 0, max: 0xffff }),
  c: fc.integer({ min: 0, max: 0xffff_ffff }),
  d: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  e: buffer({ minLength: 3, maxLength: 3 }),
  f: buffer({ maxLength: 2000 }),
  g: fc.string({ unit: 'grapheme' }),
  h: fc.record({ host: fc.ipV4(), port: fc.integer({ min: 0, max: 0xffff }) }),
  i: buffer({ maxLength: 50 }),
});

test('bytes on the wire are big-endian, in the order of the fields', (t) => {
  const value = {
    a: 1,
    b: 0x0203,
    c: 0x04050607,
    d: 8n,
    e: Buffer.from('abc'),
    f: Buffer.from('de'),
    g: 'ü',
    i: Buffer.from('!'),
  };
  const packet = write(everything, { ...value, h: { host: '192.168.1.20', port: 12_000 } });
  t.is(
    packet.toString('hex'),
    '01' + '0203' + '04050607' + '0000000000000008' + '616263' + '00026465' + '0002c3bc' + 'c0a801142ee0' + '21',
  );
});

test('what is written is read again', (t) => {
  fc.assert(
    fc.property(anything, (value) => {
      const { value: again, failure, remaining } = read(everything, write(everything, value));
      t.deepEqual(again, value);
      t.is(failure, undefined);
      t.is(remaining, 0);
    }),
  );
  t.pass();
});

test('a truncated payload fails the reader wherever it ends', (t) => {
  const withoutRest = struct({
    a: uint8,
    b: uint16,
    c: uint32,
    d: uint64,
    e: bytes(3),
    f: varbytes,
    g: utf8,
    h: address,
  });
  fc.assert(
    fc.property(anything, fc.nat(), (value, cut) => {
      const packet = write(withoutRest, value);
      t.is(read(withoutRest, packet.subarray(0, cut % packet.length)).failure, 'packet is truncated');
    }),
  );
  t.pass();
});

test('random bytes never make a codec throw', (t) => {
  fc.assert(fc.property(buffer({ maxLength: 300 }), (packet) => void read(everything, packet)));
  t.pass();
});

test('text that is not UTF-8 is refused, a real replacement character is not', (t) => {
  t.is(read(utf8, Buffer.from([0, 2, 0xc3, 0x28])).failure, 'text is not UTF-8');
  t.is(read(utf8, Buffer.from([0, 1, 0xff])).failure, 'text is not UTF-8');
  t.deepEqual(read(utf8, write(utf8, 'a\ufffdb')), { value: 'a\ufffdb', failure: undefined, remaining: 0 });
});

test('a value that a field cannot carry is an error that names the field', (t) => {
  const one = struct({ fine: uint8, nonce: uint16 });
  const error = t.throws(() => write(one, { fine: 1, nonce: 70_000 }), { instanceOf: GumbyError });
  t.is(error.code, 'PARAMETER_INVALID');
  t.regex(error.message, /"nonce".*70.?000/);
  for (const host of ['localhost', '1.2.3', '1.2.3.256', '1.2.3.4.5', ''])
    t.throws(() => write(address, { host, port: 1 }), { instanceOf: RangeError });
  t.throws(() => write(varbytes, Buffer.alloc(0x10000)), { instanceOf: RangeError });
  t.throws(() => write(bytes(2), Buffer.alloc(3)), { instanceOf: RangeError });
});
