import test from 'ava';
import { SECURITY_LEVELS, type SecurityLevel } from '../../../src/dispersy/identity/crypto.js';
import { ECCrypto } from '../../../src/dispersy/identity/ec-crypto.js';
import { defined } from '../support/defined.js';
import { flipped, keyVectors } from './key-vectors.js';

const crypto = new ECCrypto();
const message = Buffer.from('a message');

const CURVES: Readonly<Record<SecurityLevel, string>> = {
  'very-low': 'sect163k1',
  low: 'sect233k1',
  medium: 'sect409k1',
  high: 'sect571r1',
  curve25519: 'curve25519',
};

test('the levels go from weak to what everyone uses', (t) => {
  t.deepEqual([...SECURITY_LEVELS], Object.keys(CURVES));
});

for (const level of SECURITY_LEVELS) {
  test(`${level}: keys are of its curve, differ, and come back from their binary forms`, (t) => {
    const vector = defined(keyVectors.find(({ curve }) => curve === CURVES[level]));
    const key = crypto.generateKey(level);
    t.is(key.bytes.length, vector.privateKey.length);
    // All before the key itself: the curve's name in DER, or the prefix.
    const prefixBytes = vector.curve === 'curve25519' ? 10 : 23;
    t.deepEqual(key.publicKey.bytes.subarray(0, prefixBytes), vector.publicKey.subarray(0, prefixBytes));
    t.is(key.publicKey.bytes.length, vector.publicKey.length);
    t.is(key.publicKey.signatureLength, vector.signatureLength);
    t.notDeepEqual(crypto.generateKey(level).bytes, key.bytes);

    const again = defined(crypto.privateKeyFrom(key.bytes));
    t.deepEqual(again.bytes, key.bytes);
    t.deepEqual(again.publicKey.bytes, key.publicKey.bytes);
    const stranger = defined(crypto.publicKeyFrom(key.publicKey.bytes));
    for (const signer of [key, again]) {
      const signature = signer.sign(message);
      t.is(signature.length, vector.signatureLength);
      t.true(stranger.verify(message, signature));
      t.false(stranger.verify(flipped(message, 0), signature));
      t.false(crypto.generateKey(level).publicKey.verify(message, signature));
    }
  });
}
