import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { ECCrypto } from '../../../src/dispersy/identity/ec-crypto.js';
import { defined } from '../support/defined.js';
import { flipped, keyVectors } from './key-vectors.js';

const crypto = new ECCrypto();
const ecVectors = keyVectors.filter(({ curve }) => curve !== 'curve25519');
const someVector = fc.constantFrom(...keyVectors);
const someBytes = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));

/** No key, or one that holds just these bytes and never throws. */
function isHarmless(bytes: Buffer): boolean {
  const publicKey = crypto.publicKeyFrom(bytes);
  if (publicKey !== undefined) {
    if (!publicKey.bytes.equals(bytes)) return false;
    // Among them a signature of the right length; and more than once, for the point is read at the first.
    for (const { message, signature } of keyVectors) publicKey.verify(message, signature);
  }
  const privateKey = crypto.privateKeyFrom(bytes);
  if (privateKey === undefined) return true;
  const message = Buffer.from('a message');
  return privateKey.bytes.equals(bytes) && privateKey.publicKey.verify(message, privateKey.sign(message));
}

function startsAsAnother(bytes: Buffer): boolean {
  return ecVectors.some(({ publicKey, signatureLength }) => {
    const prefix = publicKey.subarray(0, -signatureLength);
    return bytes.length === publicKey.length && prefix.equals(bytes.subarray(0, prefix.length));
  });
}

test('random bytes are harmless', (t) => {
  t.notThrows(() => {
    fc.assert(
      fc.property(someBytes, (bytes) => isHarmless(bytes)),
      { numRuns: 1000 },
    );
  });
});

test('a key with some bytes changed is harmless, and does not verify what the key signed', (t) => {
  const changes = fc.array(fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 });
  t.notThrows(() => {
    fc.assert(
      fc.property(someVector, fc.boolean(), changes, (vector, isPublic, changed) => {
        const good = isPublic ? vector.publicKey : vector.privateKey;
        const bytes = Buffer.from(good);
        for (const [at, change] of changed) {
          const index = at % bytes.length;
          bytes[index] = (bytes[index] ?? 0) ^ change;
        }
        // Of Curve25519's halves only the second verifies.
        const verifies = vector.curve === 'curve25519' ? 42 : 0;
        const isOther = !bytes.subarray(verifies).equals(good.subarray(verifies));
        const isForged = crypto.publicKeyFrom(bytes)?.verify(vector.message, vector.signature) === true;
        return isHarmless(bytes) && !(isOther && isForged);
      }),
      { numRuns: 300 },
    );
  });
});

test('no other bytes before the coordinates, or before the scalar, are a key', (t) => {
  for (const { curve, privateKey, publicKey, message, signature, signatureLength } of ecVectors) {
    // The coordinates are as long as a signature.
    for (let bit = 0; bit < 8 * (publicKey.length - signatureLength); bit++) {
      const bytes = flipped(publicKey, bit);
      const key = crypto.publicKeyFrom(bytes);
      // One bit makes sect571k1 of sect571r1, where the point is on no curve.
      if (startsAsAnother(bytes)) t.false(defined(key).verify(message, signature));
      else t.is(key, undefined, `${curve}, public, bit ${bit}`);
    }
    // Also in scalar and point: the one follows from the other.
    for (let bit = 0; bit < 8 * privateKey.length; bit += 5)
      t.is(crypto.privateKeyFrom(flipped(privateKey, bit)), undefined, `${curve}, private, bit ${bit}`);
  }
});

test('a key cut short or lengthened is no key', (t) => {
  t.notThrows(() => {
    fc.assert(
      fc.property(someVector, fc.nat(), someBytes, ({ privateKey, publicKey }, cut, extra) => {
        const added = Buffer.concat([extra, Buffer.alloc(1)]);
        for (const good of [privateKey, publicKey]) {
          const wrong = [
            good.subarray(0, cut % good.length),
            good.subarray(1 + (cut % good.length)),
            Buffer.concat([good, added]),
            Buffer.concat([added, good]),
          ];
          for (const bytes of wrong)
            if (crypto.publicKeyFrom(bytes) !== undefined || crypto.privateKeyFrom(bytes) !== undefined) return false;
        }
        return true;
      }),
      { numRuns: 300 },
    );
  });
});

test('a point that is not on the curve verifies nothing', (t) => {
  for (const { publicKey, message, signature } of ecVectors) {
    for (const filling of [0, 1, 0xff]) {
      const key = defined(
        crypto.publicKeyFrom(Buffer.from(publicKey).fill(filling, publicKey.length - signature.length)),
      );
      t.false(key.verify(message, signature));
      t.false(key.verify(message, signature));
    }
  }
});

test('a signature of any bytes or any length is wrong, and throws nothing', (t) => {
  t.notThrows(() => {
    fc.assert(
      fc.property(someVector, someBytes, ({ publicKey, message, signatureLength }, bytes) => {
        const key = defined(crypto.publicKeyFrom(publicKey));
        const ofLength = Buffer.alloc(signatureLength);
        bytes.copy(ofLength);
        return !key.verify(message, bytes) && !key.verify(message, ofLength);
      }),
      { numRuns: 300 },
    );
  });
  for (const { publicKey, message, signatureLength } of keyVectors)
    for (const filling of [0, 1, 0xff])
      t.false(defined(crypto.publicKeyFrom(publicKey)).verify(message, Buffer.alloc(signatureLength, filling)));
});

test('a private key with the point of another, or a scalar the curve has not, is no key', (t) => {
  for (const { curve, privateKey, signature } of ecVectors) {
    const other = generateKeyPairSync('ec', { namedCurve: curve }).privateKey.export({ format: 'der', type: 'sec1' });
    t.not(crypto.privateKeyFrom(other), undefined);
    const coordinates = signature.length;
    const mixed = [privateKey.subarray(0, -coordinates), other.subarray(-coordinates)];
    t.is(crypto.privateKeyFrom(Buffer.concat(mixed)), undefined);
    const scalar = privateKey.indexOf(Buffer.from('020101', 'hex')) + 5;
    const scalarEnd = scalar + (privateKey[scalar - 1] ?? 0);
    for (const filling of [0, 0xff])
      t.is(crypto.privateKeyFrom(Buffer.from(privateKey).fill(filling, scalar, scalarEnd)), undefined);
  }
});

test('keys in other forms, and of other curves, are no keys', (t) => {
  for (const { privateKey } of ecVectors) {
    const key = createPrivateKey({ key: privateKey, format: 'der', type: 'sec1' });
    t.is(crypto.privateKeyFrom(key.export({ format: 'der', type: 'pkcs8' })), undefined);
    t.is(crypto.privateKeyFrom(Buffer.from(key.export({ format: 'pem', type: 'sec1' }))), undefined);
    const pem = createPublicKey(key).export({ format: 'pem', type: 'spki' });
    t.is(crypto.publicKeyFrom(Buffer.from(pem)), undefined);
  }
  for (const namedCurve of ['P-256', 'sect233r1', 'secp256k1']) {
    const pair = generateKeyPairSync('ec', { namedCurve });
    t.is(crypto.publicKeyFrom(pair.publicKey.export({ format: 'der', type: 'spki' })), undefined);
    t.is(crypto.privateKeyFrom(pair.privateKey.export({ format: 'der', type: 'sec1' })), undefined);
  }
});
