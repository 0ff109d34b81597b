import { Bench } from 'tinybench';
import { Candidate } from '../src/dispersy/candidate/candidate.js';
import { bytes, uint32, utf8 } from '../src/dispersy/codec/fields.js';
import { struct } from '../src/dispersy/codec/struct.js';
import { ECCrypto } from '../src/dispersy/identity/ec-crypto.js';
import { MemberCache } from '../src/dispersy/identity/member-cache.js';
import { Member } from '../src/dispersy/identity/member.js';
import { DefaultConversion } from '../src/dispersy/message/default-conversion.js';
import { MessageRegistry } from '../src/dispersy/message/message-registry.js';
import { MetaMessage } from '../src/dispersy/message/meta-message.js';
import {
  communityDestination,
  fullSyncDistribution,
  memberAuthentication,
  publicResolution,
} from '../src/dispersy/message/policies.js';
import { type Figure, medianUsOf, ratioFigure } from './figure.js';

/** The time of one decoding, in microseconds, if one core does as many a second as it should. */
const TARGET_US = 1e6 / 300_000;

/** Compares decoding a packet – all but its signature – with reading the same fields by hand, without a single check. */
export async function benchDecoding(small: boolean): Promise<readonly Figure[]> {
  const crypto = new ECCrypto();
  const member = new Member(crypto.generateKey('curve25519'));
  const members = new MemberCache(crypto);
  members.add(member);
  const messages = new MessageRegistry();
  const meta = new MetaMessage({
    id: 1,
    name: 'torrent',
    authentication: memberAuthentication('bin'),
    resolution: publicResolution(),
    distribution: fullSyncDistribution(),
    destination: communityDestination(10),
    payload: struct({ infohash: bytes(20), sizeBytes: uint32, title: utf8 }),
    handle: () => {},
  });
  messages.add(meta);
  const conversion = new DefaultConversion({ cid: Buffer.alloc(20, 1), messages, members });
  const payload = { infohash: Buffer.alloc(20, 2), sizeBytes: 3, title: 'a title of some length' };
  const packet = conversion.encode(meta, { members: [member], globalTime: 12n, payload });
  const candidate = new Candidate({ host: '127.0.0.1', port: 1 });
  if (conversion.decode(candidate, packet).kind !== 'message') throw new Error('the packet cannot be decoded');
  const known = new Map([[member.publicKey.toString('latin1'), member]]);

  const bench = new Bench({ time: small ? 50 : 2000, warmupTime: small ? 20 : 500 });
  bench
    .add('decode', () => void conversion.decode(candidate, packet))
    .add('by hand', () => void readByHand(packet, known));
  await bench.run();
  const [us, floorUs] = [medianUsOf(bench, 'decode'), medianUsOf(bench, 'by hand')];
  return [
    {
      ...ratioFigure('decoding, without signature', 'µs', us, floorUs, Infinity),
      target: `≤ ${TARGET_US.toFixed(1)} µs`,
      met: us <= TARGET_US,
    },
  ];
}

function readByHand(packet: Buffer, members: ReadonlyMap<string, Member>): unknown {
  const keyLength = packet.readUInt16BE(23);
  let at = 25 + keyLength;
  const member = members.get(packet.toString('latin1', 25, at));
  const globalTime = packet.readBigUInt64BE(at);
  const infohash = packet.subarray(at + 8, at + 28);
  const sizeBytes = packet.readUInt32BE(at + 28);
  at += 34;
  const title = packet.toString('utf8', at, at + packet.readUInt16BE(at - 2));
  return { member, globalTime, payload: { infohash, sizeBytes, title } };
}
