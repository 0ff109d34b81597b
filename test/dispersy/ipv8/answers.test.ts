import test from 'ava';
import { defined } from '../support/defined.js';
import {
  addressAt,
  addressOf,
  cutSigned,
  cutUnsigned,
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
import { type Live, LiveOverlay, liveOverlay } from './live-overlay.js';

const US = '127.0.0.1:20000';
const WALKER = '127.0.0.1:21001';
const OTHER = '127.0.0.1:21002';
const NONE = '0.0.0.0:0';
const walkerKey = handMadeKey(0x41);
const otherKey = handMadeKey(0x51);
const LATEST = 2n ** 63n - 1n;

const ADVICE = 0b0000_0001;
const SYNC = 0b0000_0010;
const SUPPORTS_NEW_STYLE = 0b0010_0000;

interface Asked {
  readonly from: string;
  readonly key: HandMadeKey;
  readonly flags?: number;
  readonly identifier?: number;
  readonly extra?: Buffer;
}

function receive({ dispersy }: Live, from: string, packet: Buffer): void {
  dispersy.receive(addressOf(from), packet);
}

/** Lets the overlay be asked in the old style, with a WAN address only where an IPv8 peer knows it. */
function ask(live: Live, { from, key, flags = ADVICE, identifier = 1, extra = Buffer.alloc(0) }: Asked): void {
  const addresses = [ipv4(US), ipv4(from), ipv4(NONE)];
  receive(live, from, signedPacket(key, 246, [u64(1n), ...addresses, u8(flags), u16(identifier), extra]));
}

function askInNewStyle(live: Live, { from, key, flags = 0, identifier = 1 }: Asked): void {
  const addresses = [typedIpv4(US), typedIpv4(from), typedIpv4(NONE)];
  receive(live, from, signedPacket(key, 234, [u64(1n), ...addresses, u16(identifier), u8(flags)]));
}

/** What was sent since this was called last: to whom, which message. */
function takeSent({ endpoint }: Live) {
  return endpoint.sent.splice(0).map(({ address, packet }) => {
    const to = `${address.host}:${address.port}`;
    return { to, id: packet.readUInt8(22), packet };
  });
}

type Sent = ReturnType<typeof takeSent>[number];

const toAndId = ({ to, id }: Sent) => `${id} to ${to}`;

function bodyOf({ community }: Live, { packet }: Sent): Buffer {
  return cutSigned(packet, community.myMember.publicKey).body;
}

function oldResponse(body: Buffer) {
  return {
    addresses: [0, 6, 12, 18, 24].map((offset) => addressAt(body, offset)),
    flags: body.readUInt8(30),
    identifier: body.readUInt16BE(31),
    extra: body.toString('latin1', 33),
  };
}

function newResponse(body: Buffer) {
  const offsets = [0, 7, 14, 21, 28];
  return {
    types: offsets.map((offset) => body.readUInt8(offset)),
    addresses: offsets.map((offset) => addressAt(body, offset + 1)),
    identifier: body.readUInt16BE(35),
    flags: body.readUInt8(37),
    extra: body.toString('latin1', 38),
  };
}

/** Of punctures and puncture-requests. */
function oldPuncture(body: Buffer) {
  return {
    addresses: [addressAt(body, 0), addressAt(body, 6)],
    identifier: body.readUInt16BE(12),
    length: body.length,
  };
}

function newPuncture(body: Buffer) {
  return {
    types: [body.readUInt8(0), body.readUInt8(7)],
    addresses: [addressAt(body, 1), addressAt(body, 8)],
    identifier: body.readUInt16BE(14),
    length: body.length,
  };
}

function requestOf(body: Buffer) {
  return {
    addresses: [0, 6, 12].map((offset) => addressAt(body, offset)),
    flags: body.readUInt8(18),
    identifier: body.readUInt16BE(19),
    extra: body.toString('latin1', 21),
  };
}

test('a request is answered with a response that names nobody, while nobody is known', (t) => {
  const live = liveOverlay(t);
  ask(live, { from: WALKER, key: walkerKey, identifier: 65_535 });
  const sent = takeSent(live);
  t.deepEqual(sent.map(toAndId), [`245 to ${WALKER}`]);
  t.deepEqual(oldResponse(bodyOf(live, defined(sent[0]))), {
    addresses: [WALKER, US, US, NONE, NONE],
    flags: 0b0001_0000,
    identifier: 65_535,
    extra: '',
  });
});

test('a request is answered with an introduction, and the introduced one is asked for a puncture', (t) => {
  const live = liveOverlay(t);
  ask(live, { from: OTHER, key: otherKey });
  takeSent(live);
  ask(live, { from: WALKER, key: walkerKey, identifier: 258 });
  const sent = takeSent(live);
  t.deepEqual(sent.map(toAndId), [`245 to ${WALKER}`, `250 to ${OTHER}`]);
  t.deepEqual(oldResponse(bodyOf(live, defined(sent[0]))), {
    addresses: [WALKER, US, US, OTHER, OTHER],
    flags: 0b0001_0000,
    identifier: 258,
    extra: '',
  });
  t.deepEqual(oldPuncture(cutUnsigned(defined(sent[1]).packet).body), {
    addresses: [WALKER, WALKER],
    identifier: 258,
    length: 14,
  });
});

test('a response says whether the introduced one supports new style; an old request makes an old puncture-request', (t) => {
  const live = liveOverlay(t);
  ask(live, { from: OTHER, key: otherKey, flags: ADVICE | SUPPORTS_NEW_STYLE });
  takeSent(live);
  ask(live, { from: WALKER, key: walkerKey });
  const sent = takeSent(live);
  t.deepEqual(sent.map(toAndId), [`245 to ${WALKER}`, `250 to ${OTHER}`]);
  t.is(oldResponse(bodyOf(live, defined(sent[0]))).flags, 0b0001_1000);
});

test('who wants no advice is introduced to nobody', (t) => {
  const live = liveOverlay(t);
  ask(live, { from: OTHER, key: otherKey });
  takeSent(live);
  ask(live, { from: WALKER, key: walkerKey, flags: 0 });
  const sent = takeSent(live);
  t.deepEqual(sent.map(toAndId), [`245 to ${WALKER}`]);
  t.deepEqual(oldResponse(bodyOf(live, defined(sent[0]))).addresses.slice(3), [NONE, NONE]);
});

test('one that was only heard of is introduced to nobody', (t) => {
  const live = liveOverlay(t);
  live.community.addCandidate(addressOf(OTHER));
  ask(live, { from: WALKER, key: walkerKey });
  const sent = takeSent(live);
  t.deepEqual(sent.map(toAndId), [`245 to ${WALKER}`]);
  t.deepEqual(oldResponse(bodyOf(live, defined(sent[0]))).addresses.slice(3), [NONE, NONE]);
});

test('a request with the flag of a sync part is answered like any other', (t) => {
  const live = liveOverlay(t);
  ask(live, { from: WALKER, key: walkerKey, flags: ADVICE | SYNC, extra: Buffer.alloc(100, 0xff) });
  t.deepEqual(takeSent(live).map(toAndId), [`245 to ${WALKER}`]);
  t.is(live.dispersy.statistics.successCount, 1);
});

test('a new style request is answered in the new style', (t) => {
  const live = liveOverlay(t);
  ask(live, { from: OTHER, key: otherKey, flags: SUPPORTS_NEW_STYLE });
  takeSent(live);
  askInNewStyle(live, { from: WALKER, key: walkerKey, identifier: 772 });
  const sent = takeSent(live);
  t.deepEqual(sent.map(toAndId), [`233 to ${WALKER}`, `232 to ${OTHER}`]);
  t.deepEqual(newResponse(bodyOf(live, defined(sent[0]))), {
    types: [1, 1, 1, 1, 1],
    addresses: [WALKER, US, US, OTHER, OTHER],
    identifier: 772,
    flags: 0b1000_0000,
    extra: '',
  });
  t.deepEqual(newPuncture(cutUnsigned(defined(sent[1]).packet).body), {
    types: [1, 1],
    addresses: [WALKER, WALKER],
    identifier: 772,
    length: 16,
  });
});

test('an introduced one is asked in the style of the request, whatever it said of itself', (t) => {
  const live = liveOverlay(t);
  ask(live, { from: OTHER, key: otherKey, flags: 0 });
  takeSent(live);
  askInNewStyle(live, { from: WALKER, key: walkerKey, identifier: 772 });
  const sent = takeSent(live);
  t.deepEqual(sent.map(toAndId), [`233 to ${WALKER}`, `232 to ${OTHER}`]);
  t.is(newResponse(bodyOf(live, defined(sent[0]))).flags, 0);
  t.deepEqual(newPuncture(cutUnsigned(defined(sent[1]).packet).body), {
    types: [1, 1],
    addresses: [WALKER, WALKER],
    identifier: 772,
    length: 16,
  });
});

test('a new style request names nobody while nobody is known', (t) => {
  const live = liveOverlay(t);
  askInNewStyle(live, { from: WALKER, key: walkerKey });
  const sent = takeSent(live);
  t.deepEqual(sent.map(toAndId), [`233 to ${WALKER}`]);
  t.deepEqual(newResponse(bodyOf(live, defined(sent[0]))).addresses, [WALKER, US, US, NONE, NONE]);
});

test('who asked in the new style supports it', (t) => {
  const live = liveOverlay(t);
  askInNewStyle(live, { from: OTHER, key: otherKey });
  takeSent(live);
  askInNewStyle(live, { from: WALKER, key: walkerKey });
  t.deepEqual(takeSent(live).map(toAndId), [`233 to ${WALKER}`, `232 to ${OTHER}`]);
});

test('a puncture-request is answered with a puncture to the walker, not to who asked', (t) => {
  const live = liveOverlay(t);
  receive(live, OTHER, unsignedPacket(250, [u64(9n), ipv4(WALKER), ipv4('127.0.0.1:21003'), u16(65_535)]));
  const sent = takeSent(live);
  t.deepEqual(sent.map(toAndId), [`249 to ${WALKER}`]);
  t.deepEqual(oldPuncture(bodyOf(live, defined(sent[0]))), {
    addresses: [US, US],
    identifier: 65_535,
    length: 14,
  });
});

test('a new style puncture-request is answered with a new style puncture', (t) => {
  const live = liveOverlay(t);
  receive(live, OTHER, unsignedPacket(232, [u64(9n), typedIpv4(WALKER), typedIpv4('127.0.0.1:21003'), u16(65_535)]));
  const sent = takeSent(live);
  t.deepEqual(sent.map(toAndId), [`231 to ${WALKER}`]);
  t.deepEqual(newPuncture(bodyOf(live, defined(sent[0]))), {
    types: [1, 1],
    addresses: [US, US],
    identifier: 65_535,
    length: 16,
  });
});

test('a walker behind another WAN host is sent the puncture at its WAN address', (t) => {
  const live = liveOverlay(t);
  receive(live, OTHER, unsignedPacket(250, [u64(1n), ipv4('10.0.0.7:7'), ipv4('9.8.7.6:8'), u16(1)]));
  receive(live, OTHER, unsignedPacket(232, [u64(2n), typedIpv4('10.0.0.7:7'), typedIpv4('9.8.7.6:8'), u16(1)]));
  t.deepEqual(takeSent(live).map(toAndId), ['249 to 9.8.7.6:8', '231 to 9.8.7.6:8']);
});

test('a walker that gives no LAN address is sent the puncture at its WAN address', (t) => {
  const live = liveOverlay(t);
  receive(live, OTHER, unsignedPacket(250, [u64(1n), ipv4(NONE), ipv4(WALKER), u16(1)]));
  t.deepEqual(takeSent(live).map(toAndId), [`249 to ${WALKER}`]);
});

test('answers tell the present global time, and claim none', (t) => {
  const live = liveOverlay(t);
  receive(live, OTHER, signedPacket(otherKey, 3, [u64(1000n), u32(1), u16(0)]));
  ask(live, { from: OTHER, key: otherKey });
  ask(live, { from: WALKER, key: walkerKey });
  const [, response, request] = takeSent(live);
  t.is(cutSigned(defined(response).packet, live.community.myMember.publicKey).globalTime, 1000n);
  t.is(cutUnsigned(defined(request).packet).globalTime, 1000n);
  t.is(live.community.globalTime, 1000n);
});

test('the free bytes of an overlay stand at the end of its requests and responses', (t) => {
  const live = liveOverlay(t);
  live.community.requestBytes = Buffer.from('asked');
  live.community.responseBytes = Buffer.from('answered');
  live.community.createIntroductionRequest(addressOf(WALKER));
  ask(live, { from: WALKER, key: walkerKey });
  askInNewStyle(live, { from: WALKER, key: walkerKey });
  const [request, response, other] = takeSent(live).map((sent) => bodyOf(live, sent));
  t.is(requestOf(defined(request)).extra, 'asked');
  t.is(oldResponse(defined(response)).extra, 'answered');
  t.is(newResponse(defined(other)).extra, 'answered');
});

class SyncingOverlay extends LiveOverlay {
  override readonly enableBloomFilterSync = true;
}

test('a request of ours wants advice, supports new style, and never has a sync part', (t) => {
  for (const communityClass of [LiveOverlay, SyncingOverlay]) {
    const live = liveOverlay(t, communityClass);
    live.community.createIntroductionRequest(addressOf(WALKER), { sync: true });
    const sent = takeSent(live);
    t.deepEqual(sent.map(toAndId), [`246 to ${WALKER}`]);
    t.deepEqual(requestOf(bodyOf(live, defined(sent[0]))), {
      addresses: [WALKER, US, US],
      flags: ADVICE | SUPPORTS_NEW_STYLE,
      identifier: 1,
      extra: '',
    });
  }
});

test('the identifier of a request of ours is its global time modulo 65,536', (t) => {
  const live = liveOverlay(t);
  const identifiers = [0n, 0xfffdn, 0x1_00ffn, 0x1234_5678_9abcn].map((globalTime) => {
    receive(live, OTHER, signedPacket(otherKey, 3, [u64(globalTime), u32(1), u16(0)]));
    return [WALKER, OTHER, '127.0.0.1:21003'].map((to) => {
      live.community.createIntroductionRequest(addressOf(to));
      const { packet } = defined(takeSent(live)[0]);
      const { globalTime: claimed, body } = cutSigned(packet, live.community.myMember.publicKey);
      const { identifier } = requestOf(body);
      t.is(identifier, Number(claimed % 65_536n));
      return identifier;
    });
  });
  t.deepEqual(identifiers, [
    [1, 2, 3],
    [0xfffe, 0xffff, 0],
    [0x100, 0x101, 0x102],
    [0x9abd, 0x9abe, 0x9abf],
  ]);
});

test('an identifier that waits for its answer is not given a second time', (t) => {
  const live = liveOverlay(t);
  const identifiers = [0n, 0x1_0000n].map((globalTime) => {
    receive(live, OTHER, signedPacket(otherKey, 3, [u64(globalTime), u32(1), u16(0)]));
    live.community.createIntroductionRequest(addressOf(WALKER));
    return requestOf(bodyOf(live, defined(takeSent(live)[0]))).identifier;
  });
  t.is(identifiers[0], 1);
  t.not(identifiers[1], 1);
});

test('at the end of time too, the identifier of a request of ours is its global time modulo 65,536', (t) => {
  const live = liveOverlay(t);
  receive(live, OTHER, signedPacket(otherKey, 3, [u64(LATEST), u32(1), u16(0)]));
  live.community.createIntroductionRequest(addressOf(WALKER));
  const { packet } = defined(takeSent(live)[0]);
  const { globalTime, body } = cutSigned(packet, live.community.myMember.publicKey);
  t.is(globalTime, LATEST);
  t.is(requestOf(body).identifier, 65_535);
});

test('a response in either style answers a request of ours, once', (t) => {
  for (const style of ['old', 'new']) {
    const live = liveOverlay(t);
    const { community, dispersy } = live;
    community.createIntroductionRequest(addressOf(WALKER));
    const { identifier } = requestOf(bodyOf(live, defined(takeSent(live)[0])));
    const each = style === 'old' ? ipv4 : typedIpv4;
    const addresses = [US, WALKER, WALKER, NONE, OTHER].map(each);
    const tail = style === 'old' ? [u8(0), u16(identifier)] : [u16(identifier), u8(0)];
    for (const globalTime of [5n, 6n])
      receive(
        live,
        WALKER,
        signedPacket(walkerKey, style === 'old' ? 245 : 233, [u64(globalTime), ...addresses, ...tail]),
      );
    t.deepEqual(
      community.candidatesOf('walk').map(({ key }) => key),
      [WALKER],
    );
    t.deepEqual(
      community.candidatesOf('intro').map(({ key }) => key),
      [OTHER],
    );
    t.deepEqual(dispersy.statistics.drops.toJSON(), { 'unknown identifier': 1 });
  }
});
