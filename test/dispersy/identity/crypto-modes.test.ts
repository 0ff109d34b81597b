import test from 'ava';
import { CRYPTO_MODES } from '../../../src/dispersy/identity/crypto-modes.js';
import { SECURITY_LEVELS } from '../../../src/dispersy/identity/crypto.js';
import { Member } from '../../../src/dispersy/identity/member.js';
import { defined } from '../support/defined.js';
import { flipped, keyVectors } from './key-vectors.js';

const real = CRYPTO_MODES.ECCrypto();
const message = Buffer.from('a message');

test('the modes have the names that scenarios use', (t) => {
  t.deepEqual(Object.keys(CRYPTO_MODES), ['ECCrypto', 'NoVerifyCrypto', 'NoCrypto']);
});

for (const [name, makeCrypto] of Object.entries(CRYPTO_MODES)) {
  test(`${name} reads the same keys, and refuses the same bytes`, (t) => {
    const crypto = makeCrypto();
    for (const { privateKey, publicKey, mid } of keyVectors) {
      const member = new Member(defined(crypto.privateKeyFrom(privateKey)));
      t.deepEqual(member.privateKey, privateKey);
      t.deepEqual(member.publicKey, publicKey);
      t.is(new Member(defined(crypto.publicKeyFrom(publicKey))).toString(), mid);
      t.is(crypto.privateKeyFrom(publicKey), undefined);
      t.is(crypto.publicKeyFrom(privateKey), undefined);
    }
  });
}

test('ECCrypto takes nothing on trust', (t) => {
  for (const level of SECURITY_LEVELS) {
    const { publicKey } = real.generateKey(level);
    t.false(publicKey.verify(message, Buffer.alloc(publicKey.signatureLength)));
    t.false(publicKey.verify(message, Buffer.alloc(64, '0')));
  }
});

test('NoVerifyCrypto signs as ECCrypto does, and accepts anything', (t) => {
  const crypto = CRYPTO_MODES.NoVerifyCrypto();
  for (const level of SECURITY_LEVELS) {
    const key = crypto.generateKey(level);
    const signature = key.sign(message);
    const realKey = defined(real.publicKeyFrom(key.publicKey.bytes));
    t.true(realKey.verify(message, signature));
    const stranger = defined(crypto.publicKeyFrom(key.publicKey.bytes));
    for (const publicKey of [key.publicKey, stranger]) {
      t.is(publicKey.signatureLength, realKey.signatureLength);
      t.true(publicKey.verify(message, flipped(signature, 0)));
    }
  }
});

test('NoCrypto signs with 64 zero characters whatever the key, and accepts anything', (t) => {
  const crypto = CRYPTO_MODES.NoCrypto();
  for (const level of SECURITY_LEVELS) {
    const key = crypto.generateKey(level);
    t.is(key.sign(message).toString('latin1'), '0'.repeat(64));
    const stranger = defined(crypto.publicKeyFrom(key.publicKey.bytes));
    for (const publicKey of [key.publicKey, stranger]) {
      t.is(publicKey.signatureLength, 64);
      t.true(publicKey.verify(message, Buffer.alloc(64, 0xff)));
    }
    const again = defined(crypto.privateKeyFrom(key.bytes));
    t.is(again.publicKey.signatureLength, 64);
    t.is(again.sign(message).length, 64);
  }
});
