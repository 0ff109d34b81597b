import test, { type ExecutionContext } from 'ava';
import { Candidate } from '../../../src/dispersy/candidate/candidate.js';
import { ECCrypto } from '../../../src/dispersy/identity/ec-crypto.js';
import { Member } from '../../../src/dispersy/identity/member.js';
import type { DecodedMessage } from '../../../src/dispersy/message/conversion.js';
import { defined } from '../support/defined.js';
import { ipv8Node, ipv8Packet, ipv8Packets } from '../support/ipv8-packets.js';
import { type LiveOverlay, liveOverlay } from './live-overlay.js';
import { conversionOf } from '../support/inside.js';

/** Those of the recorded fields that are no addresses. */
interface Fields {
  readonly identifier: number;
  readonly extra_bytes: string;
  readonly advice: boolean;
  readonly supports_new_style: boolean;
  readonly intro_supports_new_style: boolean;
  readonly peer_limit_reached: boolean;
}

type Recorded = Fields & Readonly<Record<string, unknown>>;

/** Where the packets are said to come from: a peer of no vector. */
const SOURCE = { host: '127.0.0.1', port: 29_999 };
const UNSIGNED = new Set(['puncture-request', 'new-puncture-request']);
const UNASKED = new Set(['introduction-response', 'new-introduction-response', 'puncture', 'new-puncture']);
const MESSAGE_IDS: Readonly<Record<string, number>> = {
  ping: 1,
  pong: 2,
  'new-puncture': 231,
  'new-puncture-request': 232,
  'new-introduction-response': 233,
  'new-introduction-request': 234,
  'introduction-response': 245,
  'introduction-request': 246,
  puncture: 249,
  'puncture-request': 250,
};

const crypto = new ECCrypto();
const names = ipv8Packets.vectors.map(({ name }) => name);
const signedNames = names.filter((name) => !UNSIGNED.has(kindOf(name)));

function kindOf(name: string): string {
  return defined(name.split(' ')[0]);
}

function memberOf(node: string): Member {
  return new Member(defined(crypto.privateKeyFrom(ipv8Node(node).privateKey)));
}

function decode(t: ExecutionContext, community: LiveOverlay, packet: Buffer): DecodedMessage {
  const decoded = conversionOf(community).decode(new Candidate(SOURCE), packet);
  if (decoded.kind === 'message') return decoded;
  t.log(decoded);
  throw new Error(`the packet was not decoded: ${decoded.kind}`);
}

function addressIn(fields: Recorded, field: string) {
  const [host, port] = String(fields[field]).split(':');
  return { host: defined(host), port: Number(port) };
}

function sourceIn(fields: Recorded) {
  return {
    sourceLan: addressIn(fields, 'source_lan_address'),
    sourceWan: addressIn(fields, 'source_wan_address'),
    identifier: fields.identifier,
  };
}

function introductionIn(fields: Recorded) {
  return {
    ...sourceIn(fields),
    destination: addressIn(fields, 'destination_address'),
    // No vector's sender knew what stands between it and the network.
    connectionType: 'unknown',
    extraBytes: Buffer.from(fields.extra_bytes, 'hex'),
  };
}

function responseIn(fields: Recorded) {
  return {
    ...introductionIn(fields),
    introducedLan: addressIn(fields, 'lan_introduction_address'),
    introducedWan: addressIn(fields, 'wan_introduction_address'),
    introducedSupportsNewStyle: fields.intro_supports_new_style,
  };
}

function expectedPayload(kind: string, fields: Recorded): unknown {
  switch (kind) {
    case 'introduction-request':
      return {
        ...introductionIn(fields),
        advice: fields.advice,
        supportsNewStyle: fields.supports_new_style,
        sync: undefined,
      };
    case 'new-introduction-request':
      return { ...introductionIn(fields), advice: fields.advice, supportsNewStyle: true, sync: undefined };
    case 'introduction-response':
      return {
        ...responseIn(fields),
        supportsNewStyle: fields.supports_new_style,
        peerLimitReached: fields.peer_limit_reached,
      };
    case 'new-introduction-response':
      return { ...responseIn(fields), supportsNewStyle: true, peerLimitReached: false };
    case 'puncture-request':
    case 'new-puncture-request':
      return {
        walkerLan: addressIn(fields, 'lan_walker_address'),
        walkerWan: addressIn(fields, 'wan_walker_address'),
        identifier: fields.identifier,
      };
    case 'puncture':
    case 'new-puncture':
      return sourceIn(fields);
    default:
      return fields;
  }
}

const isDecoded = test.macro({
  title: (_given, name: string) => `its fields are read: ${name}`,
  exec(t, name: string) {
    const { community } = liveOverlay(t);
    const { packet, payload, global_time, from } = ipv8Packet(name);
    const { message, signatureLength } = decode(t, community, packet);
    const kind = kindOf(name);
    t.is(message.meta.name, kind);
    t.is(message.meta.id, defined(MESSAGE_IDS[kind]));
    t.is(message.globalTime, BigInt(global_time ?? 0));
    t.deepEqual(message.payload, expectedPayload(kind, payload as Recorded));
    t.is(message.member?.publicKey.toString('hex'), UNSIGNED.has(kind) ? undefined : ipv8Node(from).public_key_bin);
    t.is(message.member?.toString(), UNSIGNED.has(kind) ? undefined : ipv8Node(from).mid);
    t.is(signatureLength, UNSIGNED.has(kind) ? 0 : 64);
  },
});

const isSigned = test.macro({
  title: (_given, name: string) => `its signature is right, and wrong with any byte changed: ${name}`,
  exec(t, name: string) {
    const { community } = liveOverlay(t);
    const { packet } = ipv8Packet(name);
    const { message, signatureLength } = decode(t, community, packet);
    const member = defined(message.member);
    const verifies = (bytes: Buffer) =>
      member.verify(bytes.subarray(0, -signatureLength), bytes.subarray(-signatureLength));
    t.true(verifies(packet));
    const wronglyRight = [...packet.keys()].filter((index) => verifies(withByteChanged(packet, index)));
    t.deepEqual(wronglyRight, []);
  },
});

function withByteChanged(packet: Buffer, index: number): Buffer {
  const changed = Buffer.from(packet);
  changed.writeUInt8(packet.readUInt8(index) ^ (1 << (index % 8)), index);
  return changed;
}

const isEncodedAgain = test.macro({
  title: (_given, name: string) => `what was read is written again, byte for byte: ${name}`,
  exec(t, name: string) {
    const { community } = liveOverlay(t);
    const { packet, from } = ipv8Packet(name);
    const { message } = decode(t, community, packet);
    const { meta, globalTime, payload } = message;
    const members = meta.authentication.kind === 'none' ? [] : [memberOf(from)];
    t.is(
      conversionOf(community).encode(meta, { members, globalTime, payload }).toString('hex'),
      packet.toString('hex'),
    );
  },
});

const isReceived = test.macro({
  title: (_given, name: string) => `a live overlay takes it, or refuses an answer it did not ask for: ${name}`,
  exec(t, name: string) {
    const { community, dispersy, logged } = liveOverlay(t);
    const { packet, payload, global_time } = ipv8Packet(name);
    dispersy.receive(SOURCE, packet);
    const kind = kindOf(name);
    const isRefused = UNASKED.has(kind);
    t.is(dispersy.statistics.successCount, isRefused ? 0 : 1);
    t.deepEqual(dispersy.statistics.drops.toJSON(), isRefused ? { 'unknown identifier': 1 } : {});
    t.deepEqual(community.handled, global_time === null ? [{ name: kind, ...payload }] : []);
    t.deepEqual(logged, []);
  },
});

const isRejected = test.macro({
  title: (_given, name: string) => `a live overlay drops it, and hands it to nobody: ${name}`,
  exec(t, name: string) {
    const { community, dispersy, logged } = liveOverlay(t);
    const { hex, expect } = defined(ipv8Packets.must_reject.find((each) => each.name === name));
    dispersy.receive(SOURCE, Buffer.from(hex, 'hex'));
    t.deepEqual(dispersy.statistics.drops.toJSON(), { [expect]: 1 });
    t.is(dispersy.statistics.successCount, 0);
    t.deepEqual(community.handled, []);
    t.deepEqual(logged, []);
  },
});

test('there are packets of every kind that IPv8 sends', (t) => {
  t.is(names.length, 21);
  t.deepEqual([...new Set(names.map(kindOf))].sort(), Object.keys(MESSAGE_IDS).sort());
  t.true(ipv8Packets.must_reject.length >= 2);
});

for (const name of names) {
  test(isDecoded, name);
  test(isEncodedAgain, name);
  test(isReceived, name);
}

for (const name of signedNames) test(isSigned, name);

for (const { name } of ipv8Packets.must_reject) test(isRejected, name);
