import test from 'ava';
import { DELAYED_PACKETS_MAX, DELAYED_PACKETS_PER_SOURCE_MAX } from '../../src/dispersy/receiving/delayed-packets.js';
import { CANDIDATES_MAX } from '../../src/dispersy/candidate/candidate-table.js';
import { Dispersy } from '../../src/dispersy/dispersy.js';
import { MEMBERS_MAX } from '../../src/dispersy/identity/member-cache.js';
import { Tracker } from '../../src/dispersy/tracker.js';
import { UdpEndpoint } from '../../src/network/udp-endpoint.js';
import { createLogger } from '../../src/runtime/logger.js';
import { ManualClock } from '../../src/runtime/manual-clock.js';
import { seededRandom } from '../../src/runtime/random.js';
import { until } from '../network/until.js';
import { defined } from './support/defined.js';
import { hostilePackets } from './support/hostile-packets.js';
import { ipv8Packets } from './support/ipv8-packets.js';
import { makePeer } from './support/peers.js';
import { PingCommunity, SecondPingCommunity } from './support/ping-community.js';
import { SilentEndpoint } from './support/silent-endpoint.js';

/** For a member of communities; a tracker gets half as many. */
const PACKETS = 1_000_000;
const clock = new ManualClock();
const random = seededRandom('hostile');

function makeSilentDispersy() {
  const logged: string[] = [];
  const logger = createLogger('hostile', (_level, line) => logged.push(line));
  const endpoint = new SilentEndpoint();
  const init = { endpoint, clock, random: random.derive('dispersy'), logger };
  return { init, endpoint, logged };
}

/** Good packets of every kind, in both versions of a community, and the keys of those who signed them. */
function goodPackets(): { readonly packets: Buffer[]; readonly publicKeys: Buffer[] } {
  const packets: Buffer[] = [];
  const publicKeys: Buffer[] = [];
  for (const communityClass of [PingCommunity, SecondPingCommunity]) {
    const { init, endpoint } = makeSilentDispersy();
    const dispersy = new Dispersy(init);
    dispersy.start();
    const community = dispersy.loadCommunity(communityClass);
    const peer = { host: '127.0.0.1', port: 30_000 };
    for (let count = 0; count < 3; count++) community.createIntroductionRequest(peer);
    publicKeys.push(community.myMember.publicKey);
    community.createPing(peer, 1, 'a ping');
    community.send(community.shout, { text: 'a shout' }, [peer]);
    for (const { packet } of [...endpoint.sent]) packets.push(packet);
    const other = new Dispersy(makeSilentDispersy().init);
    other.start();
    const answering = other.loadCommunity(communityClass, { myMember: community.myMember });
    for (const name of ['introduction-response', 'puncture-request', 'puncture', 'identity', 'missing-identity']) {
      const { meta } = defined(answering.messages.byName(name));
      const none = { host: '127.0.0.1', port: 30_001 };
      const payload = { destination: none, sourceLan: none, sourceWan: none, introducedLan: none, introducedWan: none };
      const walker = { walkerLan: none, walkerWan: none, identifier: 5, mid: community.myMember.mid };
      packets.push(
        answering.createMessage(meta, { ...payload, ...walker, connectionType: 'unknown', extraBytes: Buffer.alloc(0) })
          .packet,
      );
    }
  }
  return { packets, publicKeys };
}

test('a million hostile packets: nothing is thrown or logged, each is counted, every table stays bounded', async (t) => {
  const { packets, publicKeys } = goodPackets();
  const next = hostilePackets(random.derive('community'), packets);
  const { init, logged } = makeSilentDispersy();
  const dispersy = new Dispersy(init);
  dispersy.start();
  // Known members: or nothing of version 1 would get as far as its signature.
  for (const publicKey of publicKeys) dispersy.getMember({ publicKey });
  const communities = [dispersy.loadCommunity(PingCommunity), dispersy.loadCommunity(SecondPingCommunity)];
  for (let count = 0; count < PACKETS; count++) {
    dispersy.receive({ host: `10.0.${count % 7}.9`, port: 1 + (count % 5000) }, next());
    if (count % 1000 === 0) clock.advance(100);
  }
  const { statistics } = dispersy;
  const waiting = communities.reduce((sum, each) => sum + each.delayedCount + each.batchedCount, 0);
  t.is(statistics.receivedCount, PACKETS);
  t.is(statistics.successCount + statistics.drops.total + waiting, PACKETS);
  t.deepEqual(logged, []);
  t.true(dispersy.members.size <= MEMBERS_MAX);
  for (const community of communities) {
    t.true(community.candidates.size <= CANDIDATES_MAX);
    t.true(community.delayedCount <= DELAYED_PACKETS_MAX);
  }
  t.true(statistics.drops.get('invalid signature') > 1000);
  t.true(statistics.drops.get('packet is truncated') > 1000);
  t.true(statistics.successCount > 0);
  await dispersy.stop();
  t.is(statistics.successCount + statistics.drops.total, PACKETS);
});

test('half a million hostile packets do a tracker no harm', async (t) => {
  const next = hostilePackets(random.derive('tracker'), goodPackets().packets);
  const { init, logged } = makeSilentDispersy();
  const tracker = new Tracker(init);
  tracker.start();
  for (let count = 0; count < PACKETS / 2; count++) {
    tracker.dispersy.receive({ host: `10.0.${count % 7}.9`, port: 1 + (count % 5000) }, next());
    if (count % 1000 === 0) clock.advance(100);
  }
  t.true(tracker.communityCount <= 1100);
  await tracker.stop();
  const { statistics } = tracker.dispersy;
  t.is(statistics.receivedCount, PACKETS / 2);
  t.is(statistics.successCount + statistics.drops.total, PACKETS / 2);
  t.deepEqual(logged, []);
});

test('a flood over real UDP: all that arrives is counted, and an honest peer is still served', async (t) => {
  const logger = createLogger('udp', () => undefined);
  const overUdp = () => makePeer(t, new ManualClock(), { endpoint: new UdpEndpoint({ logger }) });
  const [victim, honest, attacker] = [await overUdp(), await overUdp(), await overUdp()];
  const theirs = victim.dispersy.loadCommunity(PingCommunity);
  const mine = honest.dispersy.loadCommunity(PingCommunity);
  const next = hostilePackets(random.derive('udp'), goodPackets().packets);
  for (let sent = 0; sent < 5_000;) {
    // A few at a time: the system drops what does not fit the socket's buffer.
    for (let batch = 0; batch < 50; batch++, sent++) attacker.endpoint.send(victim.address, next());
    await new Promise((resolve) => setImmediate(resolve));
  }
  mine.createPing(victim.address, 42);
  mine.createIntroductionRequest(victim.address);
  await until(() => theirs.pings.some(({ nonce }) => nonce === 42) && mine.verifiedCandidates().length === 1);
  const { statistics } = victim.dispersy;
  t.is(statistics.receivedCount, victim.endpoint.counts.packetsDown);
  t.is(
    statistics.successCount + statistics.drops.total + theirs.delayedCount + theirs.batchedCount,
    statistics.receivedCount,
  );
  t.is(victim.endpoint.counts.listenerErrors, 0);
  t.deepEqual(victim.logged, []);
});

test('packets of unknown members: few wait for one source, a bounded number in all', async (t) => {
  const peer = await makePeer(t, new ManualClock());
  const community = peer.dispersy.loadCommunity(PingCommunity);
  const packet = (mid: number) => {
    const forged = Buffer.alloc(200, mid & 0xff);
    defined(community.conversions[0]).prefix.copy(forged);
    forged[22] = community.ping.id;
    forged.writeUInt32BE(mid, 23);
    return forged;
  };
  for (let mid = 0; mid < 100; mid++) peer.dispersy.receive({ host: '127.0.0.1', port: 9 }, packet(mid));
  t.is(community.delayedCount, DELAYED_PACKETS_PER_SOURCE_MAX);
  for (let mid = 0; mid < 2000; mid++) peer.dispersy.receive({ host: '127.0.0.1', port: 10 + mid }, packet(mid));
  t.is(community.delayedCount, DELAYED_PACKETS_MAX);
  t.is(peer.dispersy.statistics.drops.get('too many delayed packets'), 2100 - DELAYED_PACKETS_MAX);
});

test('puncture-requests, which anyone can forge, make us send only so much', async (t) => {
  const { init, endpoint } = makeSilentDispersy();
  const dispersy = new Dispersy(init);
  dispersy.start();
  const community = dispersy.loadCommunity(PingCommunity);
  const { meta } = defined(community.messages.byName('puncture-request'));
  const walker = { host: '127.0.0.1', port: 30_002 };
  const { packet } = community.createMessage(meta, { walkerLan: walker, walkerWan: walker, identifier: 1 });
  for (let count = 0; count < 1000; count++) dispersy.receive(walker, packet);
  // 129 bytes each. The 24th did not fit, and those after it were not even read to the end.
  t.is(endpoint.sent.length, 23);
  t.is(dispersy.statistics.answersWithheld, 1);
  t.is(dispersy.statistics.drops.get('too many puncture requests'), 1000 - 24);
  await dispersy.stop();
});

for (const { name, hex, expect } of ipv8Packets.must_reject) {
  test(`rejected as it must be: ${name}`, async (t) => {
    const { init } = makeSilentDispersy();
    const dispersy = new Dispersy(init);
    dispersy.start();
    class SameIdCommunity extends SecondPingCommunity {
      override get cid(): Buffer {
        return Buffer.from(ipv8Packets.community_id, 'hex');
      }
    }
    const community = dispersy.loadCommunity(SameIdCommunity);
    const packet = Buffer.from(hex, 'hex');
    // IPv8's ping has no global time: eight of its bytes are read as one, which leaves too few.
    dispersy.receive({ host: '127.0.0.1', port: 21_022 }, packet);
    t.is(community.pings.length, 0);
    t.is(dispersy.statistics.drops.total, 1);
    const signed = packet.subarray(0, -64);
    const member = dispersy.members.byPublicKey(packet.subarray(25, 25 + 74));
    t.is(member?.verify(signed, packet.subarray(-64)), expect !== 'invalid signature');
    await dispersy.stop();
  });
}
