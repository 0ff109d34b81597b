import test, { type ExecutionContext } from 'ava';
import { createPublicKey, verify } from 'node:crypto';
import { Candidate } from '../../../src/dispersy/candidate/candidate.js';
import { ECCrypto } from '../../../src/dispersy/identity/ec-crypto.js';
import { Member } from '../../../src/dispersy/identity/member.js';
import { defined } from '../support/defined.js';
import { ipv8Node, ipv8Packets } from '../support/ipv8-packets.js';
import {
  addressOf,
  type HandMadeKey,
  handMadeKey,
  ipv4,
  signedPacket,
  typedIpv4,
  u16,
  u32,
  u64,
  u8,
  unsignedPacket,
} from './hand-made.js';
import { type Live, liveOverlay } from './live-overlay.js';
import { conversionOf } from '../support/inside.js';

const crypto = new ECCrypto();
const key = handMadeKey(0x51);
const LATEST = 2n ** 63n - 1n;
const BROADCAST = '255.255.255.255:65535';
const NONE = '0.0.0.0:0';
const NO_BYTES = Buffer.alloc(0);
const SOURCE = { host: '127.0.0.1', port: 29_999 };

interface Expected {
  readonly name: string;
  readonly globalTime: bigint;
  readonly payload: unknown;
  readonly key?: HandMadeKey;
}

function memberOf({ privateBin }: HandMadeKey): Member {
  return new Member(defined(crypto.privateKeyFrom(privateBin)));
}

function isRead(t: ExecutionContext, { community }: Live, packet: Buffer, expected: Expected): void {
  const decoded = conversionOf(community).decode(new Candidate(SOURCE), packet);
  if (decoded.kind !== 'message') {
    t.fail(`it is not read: ${decoded.kind}`);
    return;
  }
  const { message, signatureLength } = decoded;
  t.is(message.meta.name, expected.name);
  t.is(message.globalTime, expected.globalTime);
  t.deepEqual(message.payload, expected.payload);
  t.deepEqual(message.member?.publicKey, expected.key?.publicBin);
  t.is(signatureLength, expected.key === undefined ? 0 : 64);
}

function isWritten(t: ExecutionContext, { community }: Live, packet: Buffer, expected: Expected): void {
  const { meta } = defined(community.messages.byName(expected.name));
  const members = expected.key === undefined ? [] : [memberOf(expected.key)];
  const { globalTime, payload } = expected;
  t.is(conversionOf(community).encode(meta, { members, globalTime, payload }).toString('hex'), packet.toString('hex'));
}

function isReadAndWritten(t: ExecutionContext, packet: Buffer, expected: Expected): void {
  const live = liveOverlay(t);
  isRead(t, live, packet, expected);
  isWritten(t, live, packet, expected);
}

function requestPacket(flags: number, more: { globalTime?: bigint; address?: string; extra?: Buffer } = {}): Buffer {
  const { globalTime = 1n, address = '10.1.2.3:4567', extra = NO_BYTES } = more;
  const addresses = [ipv4(address), ipv4(address), ipv4(address)];
  return signedPacket(key, 246, [u64(globalTime), ...addresses, u8(flags), u16(65_535), extra]);
}

const REQUEST = {
  destination: addressOf('10.1.2.3:4567'),
  sourceLan: addressOf('10.1.2.3:4567'),
  sourceWan: addressOf('10.1.2.3:4567'),
  advice: false,
  connectionType: 'unknown',
  supportsNewStyle: false,
  identifier: 65_535,
  sync: undefined,
  extraBytes: NO_BYTES,
};

const RESPONSE_ADDRESSES = ['1.2.3.4:1', '10.0.0.1:2', '172.16.0.1:3', '192.168.0.1:4', BROADCAST];

function responsePacket(flags: number, globalTime = 1n, extra = NO_BYTES): Buffer {
  return signedPacket(key, 245, [u64(globalTime), ...RESPONSE_ADDRESSES.map(ipv4), u8(flags), u16(258), extra]);
}

const RESPONSE = {
  destination: addressOf('1.2.3.4:1'),
  sourceLan: addressOf('10.0.0.1:2'),
  sourceWan: addressOf('172.16.0.1:3'),
  introducedLan: addressOf('192.168.0.1:4'),
  introducedWan: addressOf(BROADCAST),
  connectionType: 'unknown',
  supportsNewStyle: false,
  introducedSupportsNewStyle: false,
  peerLimitReached: false,
  identifier: 258,
  extraBytes: NO_BYTES,
};

test('a hand-made key is one of ours', (t) => {
  const member = memberOf(key);
  t.deepEqual(member.publicKey, key.publicBin);
  t.deepEqual(member.privateKey, key.privateBin);
  t.true(key.verifies(Buffer.from('signed'), member.sign(Buffer.from('signed'))));
  t.true(member.verify(Buffer.from('signed'), key.sign(Buffer.from('signed'))));
});

test('a signed message without a global time has its payload behind the key', (t) => {
  const packet = signedPacket(key, 1, [u32(0xffffffff), u16(5), Buffer.from('61e282ac7a', 'hex')]);
  const payload = { nonce: 0xffffffff, text: 'a€z' };
  isReadAndWritten(t, packet, { name: 'ping', globalTime: 0n, payload, key });
});

test('a signed message with a global time has it between key and payload', (t) => {
  for (const globalTime of [0n, 1n, 0x0102030405060708n, LATEST]) {
    const packet = signedPacket(key, 3, [u64(globalTime), u32(0), u16(0)]);
    isReadAndWritten(t, packet, { name: 'timed', globalTime, payload: { nonce: 0, text: '' }, key });
  }
});

test('an introduction-request of extreme values', (t) => {
  const packet = requestPacket(0, { globalTime: LATEST, address: BROADCAST });
  const there = addressOf(BROADCAST);
  const payload = { ...REQUEST, destination: there, sourceLan: there, sourceWan: there };
  isReadAndWritten(t, packet, { name: 'introduction-request', globalTime: LATEST, payload, key });
});

test('an introduction-request of nothing but zeros', (t) => {
  const packet = signedPacket(key, 246, [u64(0n), ipv4(NONE), ipv4(NONE), ipv4(NONE), u8(0), u16(0)]);
  const none = addressOf(NONE);
  const payload = { ...REQUEST, destination: none, sourceLan: none, sourceWan: none, identifier: 0 };
  isReadAndWritten(t, packet, { name: 'introduction-request', globalTime: 0n, payload, key });
});

test('each flag of an introduction-request has its bit', (t) => {
  const flags: readonly (readonly [number, object])[] = [
    [0b0000_0001, { advice: true }],
    [0b0010_0000, { supportsNewStyle: true }],
    [0b1000_0000, { connectionType: 'public' }],
    [0b1100_0000, { connectionType: 'symmetric-NAT' }],
    [0b1110_0001, { advice: true, supportsNewStyle: true, connectionType: 'symmetric-NAT' }],
  ];
  for (const [bits, more] of flags) {
    const payload = { ...REQUEST, ...more };
    isReadAndWritten(t, requestPacket(bits), { name: 'introduction-request', globalTime: 1n, payload, key });
  }
});

test('all flags of an introduction-request at once make no sync part', (t) => {
  const payload = { ...REQUEST, advice: true, supportsNewStyle: true, connectionType: 'symmetric-NAT' };
  isRead(t, liveOverlay(t), requestPacket(0xff), { name: 'introduction-request', globalTime: 1n, payload, key });
});

test('the bytes behind an introduction-request are free, whatever its flags', (t) => {
  const extra = Buffer.from('00ff'.repeat(200), 'hex');
  const payload = { ...REQUEST, extraBytes: extra };
  const expected = { name: 'introduction-request', globalTime: 1n, payload, key };
  isReadAndWritten(t, requestPacket(0, { extra }), expected);
  isRead(t, liveOverlay(t), requestPacket(0b0000_0010, { extra }), expected);
});

test('an introduction-response of extreme values', (t) => {
  isReadAndWritten(t, responsePacket(0, LATEST), {
    name: 'introduction-response',
    globalTime: LATEST,
    payload: RESPONSE,
    key,
  });
});

test('each flag of an introduction-response has its bit', (t) => {
  const flags: readonly (readonly [number, object])[] = [
    [0b0001_0000, { supportsNewStyle: true }],
    [0b0000_1000, { introducedSupportsNewStyle: true }],
    [0b0000_0100, { peerLimitReached: true }],
    [0b1000_0000, { connectionType: 'public' }],
    [0b1100_0000, { connectionType: 'symmetric-NAT' }],
    [
      0b1101_1100,
      {
        supportsNewStyle: true,
        introducedSupportsNewStyle: true,
        peerLimitReached: true,
        connectionType: 'symmetric-NAT',
      },
    ],
  ];
  for (const [bits, more] of flags) {
    const payload = { ...RESPONSE, ...more };
    isReadAndWritten(t, responsePacket(bits), { name: 'introduction-response', globalTime: 1n, payload, key });
  }
});

test('flags of an introduction-response that mean nothing change nothing', (t) => {
  const expected = { name: 'introduction-response', globalTime: 1n, payload: RESPONSE, key };
  isRead(t, liveOverlay(t), responsePacket(0b0010_0011), expected);
});

test('the bytes behind an introduction-response are free', (t) => {
  const extraBytes = Buffer.from('what a service announces');
  const payload = { ...RESPONSE, extraBytes };
  isReadAndWritten(t, responsePacket(0, 1n, extraBytes), {
    name: 'introduction-response',
    globalTime: 1n,
    payload,
    key,
  });
});

test('a puncture-request is not signed', (t) => {
  const packet = unsignedPacket(250, [u64(LATEST), ipv4('10.0.0.1:1'), ipv4(BROADCAST), u16(65_535)]);
  const payload = { walkerLan: addressOf('10.0.0.1:1'), walkerWan: addressOf(BROADCAST), identifier: 65_535 };
  isReadAndWritten(t, packet, { name: 'puncture-request', globalTime: LATEST, payload });
});

test('a puncture is signed', (t) => {
  const packet = signedPacket(key, 249, [u64(LATEST), ipv4('10.0.0.1:1'), ipv4(BROADCAST), u16(65_535)]);
  const payload = { sourceLan: addressOf('10.0.0.1:1'), sourceWan: addressOf(BROADCAST), identifier: 65_535 };
  isReadAndWritten(t, packet, { name: 'puncture', globalTime: LATEST, payload, key });
});

test('bytes behind punctures and puncture-requests are bytes too many', (t) => {
  const { community } = liveOverlay(t);
  const parts = [u64(1n), ipv4(NONE), ipv4(NONE), u16(1), u8(0)];
  for (const packet of [unsignedPacket(250, parts), signedPacket(key, 249, parts)]) {
    const decoded = conversionOf(community).decode(new Candidate(SOURCE), packet);
    t.is(decoded.kind === 'drop' && decoded.reason, 'bytes left over');
  }
});

test('new style punctures have a type before every address', (t) => {
  const parts = [u64(7n), typedIpv4('10.0.0.1:1'), typedIpv4(BROADCAST), u16(65_535)];
  const [one, other] = [addressOf('10.0.0.1:1'), addressOf(BROADCAST)];
  isReadAndWritten(t, unsignedPacket(232, parts), {
    name: 'new-puncture-request',
    globalTime: 7n,
    payload: { walkerLan: one, walkerWan: other, identifier: 65_535 },
  });
  isReadAndWritten(t, signedPacket(key, 231, parts), {
    name: 'new-puncture',
    globalTime: 7n,
    payload: { sourceLan: one, sourceWan: other, identifier: 65_535 },
    key,
  });
});

test('a new style introduction-response has its identifier before its one flag', (t) => {
  const packet = signedPacket(key, 233, [
    u64(7n),
    ...RESPONSE_ADDRESSES.map(typedIpv4),
    u16(258),
    u8(0b1000_0000),
    Buffer.from('free'),
  ]);
  const payload = {
    ...RESPONSE,
    supportsNewStyle: true,
    introducedSupportsNewStyle: true,
    extraBytes: Buffer.from('free'),
  };
  isReadAndWritten(t, packet, { name: 'new-introduction-response', globalTime: 7n, payload, key });
});

test('a new style introduction-request has its identifier before its flags', (t) => {
  const addresses = [typedIpv4('10.1.2.3:4567'), typedIpv4('10.1.2.3:4567'), typedIpv4('10.1.2.3:4567')];
  const packet = signedPacket(key, 234, [u64(7n), ...addresses, u16(65_535), u8(0b1100_0001)]);
  const payload = { ...REQUEST, advice: true, supportsNewStyle: true, connectionType: 'symmetric-NAT' };
  isRead(t, liveOverlay(t), packet, { name: 'new-introduction-request', globalTime: 7n, payload, key });
});

test('an address of another type than IPv4 is refused', (t) => {
  const { community } = liveOverlay(t);
  for (const type of [0, 2, 3, 255]) {
    const packet = unsignedPacket(232, [u64(1n), u8(type), ipv4(NONE), typedIpv4(NONE), u16(1)]);
    const decoded = conversionOf(community).decode(new Candidate(SOURCE), packet);
    t.is(decoded.kind === 'drop' && decoded.reason, 'unknown kind of address');
  }
});

test('a live overlay handles hand-made messages, and drops those of another signer', (t) => {
  const { community, dispersy, logged } = liveOverlay(t);
  const ping = [u32(1), u16(2), Buffer.from('hi')];
  dispersy.receive(SOURCE, signedPacket(key, 1, ping));
  dispersy.receive(SOURCE, signedPacket(key, 3, [u64(LATEST), ...ping]));
  dispersy.receive(SOURCE, signedPacket({ ...key, sign: handMadeKey(0x61).sign }, 1, ping));
  t.deepEqual(community.handled, [
    { name: 'ping', nonce: 1, text: 'hi' },
    { name: 'timed', nonce: 1, text: 'hi' },
  ]);
  t.deepEqual(dispersy.statistics.drops.toJSON(), { 'invalid signature': 1 });
  t.deepEqual(logged, []);
});

test('a global time of 2^63 is not acceptable', (t) => {
  const { community, dispersy } = liveOverlay(t);
  dispersy.receive(SOURCE, signedPacket(key, 3, [u64(LATEST + 1n), u32(1), u16(0)]));
  dispersy.receive(SOURCE, requestPacket(0, { globalTime: LATEST + 1n }));
  t.deepEqual(dispersy.statistics.drops.toJSON(), { 'global time is not acceptable': 2 });
  t.is(community.globalTime, 0n);
});

test('a message of a member on sect233k1 is the same but for key and signature', (t) => {
  const { community } = liveOverlay(t);
  const { publicKey, privateKey } = ipv8Node('D');
  const member = new Member(defined(crypto.privateKeyFrom(privateKey)));
  const payload = { nonce: 7, text: 'hi' };
  const packet = conversionOf(community).encode(community.ping, { members: [member], globalTime: 0n, payload });
  const prefix = Buffer.from(`0002${ipv8Packets.community_id}01`, 'hex');
  const signed = Buffer.concat([prefix, u16(publicKey.length), publicKey, u32(7), u16(2), Buffer.from('hi')]);
  t.is(packet.subarray(0, -60).toString('hex'), signed.toString('hex'));
  t.true(isSignedOnSect233k1(publicKey, signed, packet.subarray(-60)));
  const decoded = conversionOf(community).decode(new Candidate(SOURCE), packet);
  t.is(decoded.kind, 'message');
  if (decoded.kind !== 'message') return;
  t.deepEqual(decoded.message.payload, payload);
  t.deepEqual(decoded.message.member?.publicKey, publicKey);
  t.is(decoded.signatureLength, 60);
});

/** IPv8 writes the two numbers of a signature with 30 bytes each; the order of the curve takes 29. */
function isSignedOnSect233k1(publicKey: Buffer, data: Buffer, signature: Buffer): boolean {
  const numbers = Buffer.concat([signature.subarray(1, 30), signature.subarray(31)]);
  const ecKey = createPublicKey({ key: publicKey, format: 'der', type: 'spki' });
  return verify('sha1', data, { key: ecKey, dsaEncoding: 'ieee-p1363' }, numbers);
}
