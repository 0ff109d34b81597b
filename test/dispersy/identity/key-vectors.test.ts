import test from 'ava';
import { ECCrypto } from '../../../src/dispersy/identity/ec-crypto.js';
import { Member } from '../../../src/dispersy/identity/member.js';
import { defined } from '../support/defined.js';
import { ipv8Packets } from '../support/ipv8-packets.js';
import { flipped, keyVectors } from './key-vectors.js';

const crypto = new ECCrypto();

test('there are vectors of all curves', (t) => {
  t.deepEqual(
    keyVectors.map(({ curve }) => curve),
    ['curve25519', 'sect163k1', 'sect233k1', 'sect409k1', 'sect571k1', 'sect571r1'],
  );
});

for (const vector of keyVectors) {
  const ours = new Member(defined(crypto.privateKeyFrom(vector.privateKey)));
  const stranger = new Member(defined(crypto.publicKeyFrom(vector.publicKey)));

  test(`${vector.curve}: the private key gives public key and mid`, (t) => {
    t.deepEqual(ours.privateKey, vector.privateKey);
    for (const member of [ours, stranger]) {
      t.deepEqual(member.publicKey, vector.publicKey);
      t.is(member.toString(), vector.mid);
      t.is(member.signatureLength, vector.signatureLength);
    }
  });

  test(`${vector.curve}: a signature by another implementation is right, and wrong with any bit flipped`, (t) => {
    t.is(vector.signature.length, vector.signatureLength);
    t.true(stranger.verify(vector.message, vector.signature));
    for (let bit = 0; bit < 8 * vector.signature.length; bit += 7)
      t.false(stranger.verify(vector.message, flipped(vector.signature, bit)), `bit ${bit} of the signature`);
    for (let bit = 0; bit < 8 * vector.message.length; bit += 7)
      t.false(stranger.verify(flipped(vector.message, bit), vector.signature), `bit ${bit} of the message`);
    t.false(stranger.verify(vector.message, vector.signature.subarray(1)));
    t.false(stranger.verify(vector.message, Buffer.concat([vector.signature, Buffer.alloc(1)])));
  });

  test(`${vector.curve}: our own signatures are as long, and right`, (t) => {
    // Many: ECDSA chooses at random, and r or s sometimes begins with zeros.
    for (let count = 0; count < 50; count++) {
      const signature = ours.sign(vector.message);
      t.is(signature.length, vector.signatureLength);
      t.true(stranger.verify(vector.message, signature));
    }
  });
}

test('Ed25519 chooses nothing: our signature is theirs', (t) => {
  const vector = defined(keyVectors.find(({ curve }) => curve === 'curve25519'));
  t.deepEqual(defined(crypto.privateKeyFrom(vector.privateKey)).sign(vector.message), vector.signature);
});

test('the keys of the IPv8 nodes give their public keys', (t) => {
  for (const node of Object.values(ipv8Packets.nodes)) {
    const key = defined(crypto.privateKeyFrom(Buffer.from(node.private_key_bin, 'hex')));
    t.is(key.publicKey.bytes.toString('hex'), node.public_key_bin);
    t.is(key.bytes.toString('hex'), node.private_key_bin);
    t.is(new Member(key).toString(), node.mid);
  }
});
