import { createHash } from 'node:crypto';
import test from 'ava';
import { Curve25519PrivateKey } from '../../../src/dispersy/identity/curve25519-key.js';
import { ECCrypto } from '../../../src/dispersy/identity/ec-crypto.js';
import { defaultMasterMember, isolatedMasterMember } from '../../../src/dispersy/identity/master-member.js';
import { MemberCache } from '../../../src/dispersy/identity/member-cache.js';
import { Member } from '../../../src/dispersy/identity/member.js';
import { GumbyError } from '../../../src/runtime/errors.js';
import { defined } from '../support/defined.js';

const crypto = new ECCrypto();

test('any change to message or signature is noticed, and a stranger cannot sign', (t) => {
  const member = new Member(crypto.generateKey('curve25519'));
  const message = Buffer.from('a message');
  const signature = member.sign(message);
  t.is(signature.length, member.signatureLength);
  for (const index of [0, 31, 32, 63]) {
    const forged = Buffer.from(signature);
    forged[index] = (forged[index] ?? 0) ^ 1;
    t.false(member.verify(message, forged));
  }
  t.false(member.verify(Buffer.from('A message'), signature));
  t.false(member.verify(message, signature.subarray(1)));
  const stranger = new Member(defined(crypto.publicKeyFrom(member.publicKey)));
  t.false(stranger.hasPrivateKey);
  t.is(t.throws(() => stranger.sign(message), { instanceOf: GumbyError }).code, 'SESSION_STATE');
});

test('bytes that are no key are no key', (t) => {
  const good = crypto.generateKey('curve25519');
  t.is(crypto.publicKeyFrom(good.bytes), undefined);
  t.is(crypto.privateKeyFrom(good.publicKey.bytes), undefined);
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.alloc(74),
    good.publicKey.bytes.subarray(1),
    Buffer.concat([good.publicKey.bytes, Buffer.alloc(1)]),
  ])
    t.is(crypto.publicKeyFrom(bytes), undefined);
  // The right form with a key that is on no curve: usable, and never verifies anything.
  const nonsense = defined(crypto.publicKeyFrom(Buffer.concat([Buffer.from('LibNaCLPK:'), Buffer.alloc(64, 0xff)])));
  t.false(nonsense.verify(Buffer.alloc(1), Buffer.alloc(64)));
});

test('master members follow from names, and an isolated one from the run as well', (t) => {
  t.is(defaultMasterMember('A').toString(), defaultMasterMember('A').toString());
  const mids = [
    defaultMasterMember('A'),
    defaultMasterMember('B'),
    isolatedMasterMember('A', 1),
    isolatedMasterMember('A', 2),
    isolatedMasterMember('B', 1),
    isolatedMasterMember('A1', ''),
  ].map(String);
  t.is(new Set(mids).size, mids.length);
  t.is(isolatedMasterMember('A', 1).toString(), isolatedMasterMember('A', '1').toString());
  t.true(defaultMasterMember('A').hasPrivateKey);
});

test('the cache finds members by key and by mid, forgets the oldest strangers, and never one of ours', (t) => {
  const members = new MemberCache(crypto, 3);
  const own = members.add(new Member(crypto.generateKey('curve25519')));
  const strangers = Array.from({ length: 4 }, (_, index) => {
    const { publicKey } = Curve25519PrivateKey.fromSecrets(createHash('sha512').update(String(index)).digest());
    return members.add(new Member(publicKey));
  });
  t.is(members.size, 3);
  t.is(members.byMid(own.mid), own);
  t.is(members.byPublicKey(own.publicKey), own);
  t.deepEqual(
    strangers.map(({ mid }) => members.byMid(mid) !== undefined),
    [false, false, true, true],
  );
  t.is(members.add(new Member(defined(crypto.publicKeyFrom(own.publicKey)))), own);
});
