import { createHash, createPublicKey, verify } from 'node:crypto';
import test from 'ava';
import {
  introductionRequestPayloads,
  introductionResponsePayloads,
} from '../../../src/dispersy/introduction/introduction-payloads.js';
import { uint32, utf8 } from '../../../src/dispersy/codec/fields.js';
import { Candidate } from '../../../src/dispersy/candidate/candidate.js';
import { struct } from '../../../src/dispersy/codec/struct.js';
import { ECCrypto } from '../../../src/dispersy/identity/ec-crypto.js';
import { MemberCache } from '../../../src/dispersy/identity/member-cache.js';
import { Member } from '../../../src/dispersy/identity/member.js';
import { DefaultConversion } from '../../../src/dispersy/message/default-conversion.js';
import { MessageRegistry } from '../../../src/dispersy/message/message-registry.js';
import { MetaMessage } from '../../../src/dispersy/message/meta-message.js';
import {
  candidateDestination,
  directDistribution,
  memberAuthentication,
  publicResolution,
} from '../../../src/dispersy/message/policies.js';
import { GumbyError } from '../../../src/runtime/errors.js';
import { defined } from '../support/defined.js';
import { ipv8Node, ipv8Packet, ipv8Packets } from '../support/ipv8-packets.js';

const crypto = new ECCrypto();
const member = new Member(defined(crypto.privateKeyFrom(ipv8Node('A').privateKey)));
const cid = Buffer.from(ipv8Packets.community_id, 'hex');
const source = new Candidate({ host: '127.0.0.1', port: 21_022 });

const policies = {
  resolution: publicResolution(),
  distribution: directDistribution(),
  destination: candidateDestination(),
  handle: () => {},
};
const ping = new MetaMessage({
  ...policies,
  id: 1,
  name: 'ping',
  authentication: memberAuthentication(),
  payload: struct({ nonce: uint32, text: utf8 }),
});
const request = new MetaMessage({
  ...policies,
  id: 246,
  name: 'introduction-request',
  authentication: memberAuthentication(),
  payload: introductionRequestPayloads.old,
});
const response = new MetaMessage({
  ...policies,
  id: 245,
  name: 'introduction-response',
  authentication: memberAuthentication(),
  payload: introductionResponsePayloads.old,
});

function conversionOf(communityVersion: number, ...known: readonly Member[]): DefaultConversion {
  const messages = new MessageRegistry();
  for (const meta of [ping, request, response]) messages.add(meta);
  const members = new MemberCache(crypto);
  for (const each of known) members.add(each);
  return new DefaultConversion({ cid, messages, members }, { communityVersion });
}

const PING_PAYLOAD = '00000007' + '0002' + '6869';

test('a signed message of version 1 names its member by the SHA-1 of the key', (t) => {
  const packet = conversionOf(1).encode(ping, { members: [member], globalTime: 5n, payload: { nonce: 7, text: 'hi' } });
  const mid = createHash('sha1').update(ipv8Node('A').publicKey).digest('hex');
  const signed = `0001${ipv8Packets.community_id}01${mid}0000000000000005${PING_PAYLOAD}`;
  t.is(packet.subarray(0, -64).toString('hex'), signed);
  // Verified by a key made in another way than ours.
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), member.publicKey.subarray(42)]);
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  t.true(verify(null, packet.subarray(0, -64), key, packet.subarray(-64)));
});

test('a signed message of version 2 carries the whole key, led by its length', (t) => {
  const packet = conversionOf(2).encode(ping, { members: [member], globalTime: 5n, payload: { nonce: 7, text: 'hi' } });
  const key = ipv8Node('A').public_key_bin;
  t.is(
    packet.subarray(0, -64).toString('hex'),
    `0002${ipv8Packets.community_id}01004a${key}0000000000000005${PING_PAYLOAD}`,
  );
});

test('what is encoded is decoded again in either version', (t) => {
  for (const version of [1, 2]) {
    const conversion = conversionOf(version, member);
    const packet = conversion.encode(ping, {
      members: [member],
      globalTime: 2n ** 63n - 1n,
      payload: { nonce: 7, text: 'hi' },
    });
    const decoded = conversion.decode(source, packet);
    t.is(decoded.kind, 'message');
    if (decoded.kind !== 'message') continue;
    t.deepEqual(decoded.message.payload, { nonce: 7, text: 'hi' });
    t.is(decoded.message.globalTime, 2n ** 63n - 1n);
    t.is(decoded.message.member, member);
    t.is(decoded.signatureLength, 64);
  }
});

test('in version 1 a message of an unknown member says whom it misses', (t) => {
  const packet = conversionOf(1).encode(ping, { members: [member], globalTime: 1n, payload: { nonce: 7, text: 'hi' } });
  const decoded = conversionOf(1).decode(source, packet);
  t.is(decoded.kind, 'missingMember');
  if (decoded.kind === 'missingMember') t.deepEqual(decoded.mid, member.mid);
});

test('every truncation, and every byte too many, is dropped for its reason', (t) => {
  for (const version of [1, 2]) {
    const conversion = conversionOf(version, member);
    const packet = conversion.encode(ping, { members: [member], globalTime: 1n, payload: { nonce: 7, text: 'hi' } });
    for (let length = 0; length < packet.length; length++) {
      const decoded = conversion.decode(source, packet.subarray(0, length));
      t.is(decoded.kind === 'drop' && decoded.reason, 'packet is truncated', `${length} bytes`);
    }
    const decoded = conversion.decode(source, Buffer.concat([packet, Buffer.alloc(1)]));
    t.is(decoded.kind === 'drop' && decoded.reason, 'bytes left over');
  }
});

test('a key of a kind that we do not know is dropped', (t) => {
  const packet = conversionOf(2).encode(ping, { members: [member], globalTime: 1n, payload: { nonce: 7, text: 'hi' } });
  packet[25] = 'X'.charCodeAt(0);
  const decoded = conversionOf(2).decode(source, packet);
  t.is(decoded.kind === 'drop' && decoded.reason, 'unknown kind of public key');
});

test('a payload that cannot be encoded is an error that names message and field', (t) => {
  const error = t.throws(
    () => conversionOf(1).encode(ping, { members: [member], globalTime: 1n, payload: { nonce: -1, text: '' } }),
    {
      instanceOf: GumbyError,
    },
  );
  t.is(error.code, 'PARAMETER_INVALID');
  t.regex(error.message, /"ping".*"nonce"/);
});

test('a sync part is read in version 1, and must be whole; version 2 has free bytes instead', (t) => {
  const plain = conversionOf(1).encode(request, {
    members: [member],
    globalTime: 1n,
    payload: {
      destination: { host: '127.0.0.1', port: 1 },
      sourceLan: { host: '127.0.0.1', port: 2 },
      sourceWan: { host: '127.0.0.1', port: 3 },
      advice: true,
      connectionType: 'public',
      supportsNewStyle: false,
      identifier: 4,
      extraBytes: Buffer.alloc(0),
    },
  });
  const signature = plain.subarray(-64);
  const flagsAt = plain.length - 64 - 3;
  t.is(plain[flagsAt], 0b1000_0001);
  const withSync = (bloomBytes: number, bits: number) => {
    const sync = Buffer.alloc(8 + 8 + 2 + 2 + 1 + 2 + 1 + bloomBytes);
    sync.writeBigUInt64BE(1n, 0);
    sync.writeUInt16BE(1, 16);
    sync.writeUInt8(7, 20);
    sync.writeUInt16BE(bits, 21);
    const packet = Buffer.concat([plain.subarray(0, -64), sync, signature]);
    packet[flagsAt] = 0b1000_0011;
    return conversionOf(1, member).decode(source, packet);
  };
  t.is(withSync(100, 800).kind, 'message');
  t.is(withSync(2, 9).kind, 'message');
  const short = withSync(1, 9);
  t.is(short.kind === 'drop' && short.reason, 'packet is truncated');
  const long = withSync(3, 9);
  t.is(long.kind === 'drop' && long.reason, 'bytes left over');
  const extra = Buffer.concat([
    ipv8Packet('introduction-request B->A').packet.subarray(0, -64),
    Buffer.from('extra'),
    signature,
  ]);
  t.is(conversionOf(2).decode(source, extra).kind, 'message');
});
