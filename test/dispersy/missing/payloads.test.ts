import test from 'ava';
import fc from 'fast-check';
import { missingMessagePayload } from '../../../src/dispersy/missing/missing-messages.js';
import { missingProofPayload } from '../../../src/dispersy/missing/missing-proofs.js';
import { missingIdentityPayload } from '../../../src/dispersy/missing/identities.js';
import { missingSequencePayload } from '../../../src/dispersy/missing/missing-sequences.js';
import { anyBytes, assertBearsHostileBytes, assertRoundTrips, read, write } from '../support/codecs.js';

const globalTime = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const publicKey = anyBytes({ maxLength: 200 });
const mid = anyBytes({ minLength: 20, maxLength: 20 });
const number = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const strict = { noNullPrototype: true } as const;

const identity = fc.record({ mid }, strict);
const message = fc.record({ publicKey, globalTimes: fc.array(globalTime, { minLength: 1, maxLength: 200 }) }, strict);
const proof = fc.record({ globalTime, publicKey }, strict);
const sequence = fc.record({ mid, messageId: fc.integer({ min: 0, max: 255 }), low: number, high: number }, strict);

test('a missing-identity is read as it was written, and bears hostile bytes', (t) => {
  assertRoundTrips(t, missingIdentityPayload, identity);
  assertBearsHostileBytes(t, missingIdentityPayload, identity);
});

test('a missing-message is read as it was written, and bears hostile bytes', (t) => {
  assertRoundTrips(t, missingMessagePayload, message);
  assertBearsHostileBytes(t, missingMessagePayload, message);
});

test('a missing-proof is read as it was written, and bears hostile bytes', (t) => {
  assertRoundTrips(t, missingProofPayload, proof);
  assertBearsHostileBytes(t, missingProofPayload, proof);
});

test('a missing-sequence is read as it was written, and bears hostile bytes', (t) => {
  assertRoundTrips(t, missingSequencePayload, sequence);
  assertBearsHostileBytes(t, missingSequencePayload, sequence);
});

test('the fields stand in their order on the wire', (t) => {
  const key = Buffer.from('key');
  const name = Buffer.alloc(20, 0xaa);
  const hex = key.toString('hex');
  t.is(write(missingIdentityPayload, { mid: name }).toString('hex'), 'aa'.repeat(20));
  t.is(
    write(missingMessagePayload, { publicKey: key, globalTimes: [1n, 256n] }).toString('hex'),
    `0003${hex}00000000000000010000000000000100`,
  );
  t.is(write(missingProofPayload, { globalTime: 2n, publicKey: key }).toString('hex'), `00000000000000020003${hex}`);
  t.is(
    write(missingSequencePayload, { mid: name, messageId: 6, low: 1, high: 24 }).toString('hex'),
    `${'aa'.repeat(20)}060000000100000018`,
  );
});

test('a missing-message that names none is refused', (t) => {
  t.is(read(missingMessagePayload, Buffer.from('00016b', 'hex')).failure, 'no global times');
  t.throws(() => write(missingMessagePayload, { publicKey: Buffer.alloc(1), globalTimes: [] }), {
    instanceOf: RangeError,
  });
});
