import test, { type ExecutionContext } from 'ava';
import { CANDIDATES_MAX } from '../../../src/dispersy/candidate/candidate-table.js';
import { addressKey, NO_ADDRESS } from '../../../src/network/address.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { defined } from '../support/defined.js';
import { receiveRequest, receiveResponse, sentBy } from '../support/introductions.js';
import { NoteCommunity } from '../support/note-community.js';
import { makeSilentDispersy } from '../support/seeded-peers.js';
import { mark } from '../support/inside.js';

class NatCommunity extends NoteCommunity {}

const LAN = { host: '192.168.1.5', port: 7759 };
const WAN = { host: '5.6.7.8', port: 1000 };
const at = (host: string, port = 7759) => ({ host, port });

function setUp(t: ExecutionContext) {
  const clock = new ManualClock();
  const { dispersy, endpoint } = makeSilentDispersy(t, clock, LAN);
  const community = dispersy.loadCommunity(NatCommunity);
  const keys = () => [...community.candidates].map(addressKey);
  return { clock, dispersy, endpoint, community, keys, own: dispersy.ownAddresses };
}

test('requests and responses are votes for our address, and we tell what they say', (t) => {
  const { community, endpoint, own } = setUp(t);
  receiveRequest(community, { source: at('1.2.3.4'), destination: WAN });
  t.deepEqual(own.wan, WAN);
  community.createIntroductionRequest(at('1.2.3.5'));
  const [request] = sentBy(community, endpoint, 'introduction-request');
  t.deepEqual(request?.payload.sourceWan, WAN);
  t.deepEqual(request?.payload.sourceLan, LAN);
  t.is(request?.payload.connectionType, 'unknown');
  const identifier = request?.payload.identifier ?? 0;
  receiveResponse(community, { source: at('1.2.3.5'), destination: { ...WAN, port: 1001 }, identifier });
  receiveRequest(community, { source: at('1.2.3.4'), destination: WAN });
  const answers = sentBy(community, endpoint, 'introduction-response');
  t.is(answers.at(-1)?.payload.connectionType, 'symmetric-NAT');
});

test('a request from inside the LAN is no vote', (t) => {
  const { community, own } = setUp(t);
  receiveRequest(community, { source: at('192.168.1.7'), destination: at('9.9.9.9') });
  t.deepEqual(own.wan, LAN);
  t.is(community.verifiedCandidates().length, 1);
});

test('a forged request is no vote', (t) => {
  const { community, dispersy, own } = setUp(t);
  const impostor = dispersy.getNewMember();
  const sign = impostor.sign.bind(impostor);
  impostor.sign = (data) => sign(Buffer.concat([data, Buffer.from('x')]));
  receiveRequest(community, { source: at('1.2.3.4'), destination: at('9.9.9.9'), member: impostor });
  t.is(dispersy.statistics.drops.get('invalid signature'), 1);
  t.deepEqual(own.wan, LAN);
});

test('a peer that comes from a new port of its NAT takes over what was known of it', (t) => {
  const { clock, community, keys } = setUp(t);
  const sourceLan = at('10.0.0.9', 5000);
  receiveRequest(community, { source: at('1.2.3.4', 1000), sourceLan });
  const first = community.candidates.at(at('1.2.3.4', 1000));
  mark(community, first, 'walk');
  clock.advance(1_000);
  receiveRequest(community, { source: at('1.2.3.4', 1001), sourceLan });
  t.deepEqual(keys(), ['1.2.3.4:1001']);
  const [merged] = community.verifiedCandidates();
  t.is(merged?.categoryAt(clock.nowMs()), 'walk');
  t.is(merged?.markedMs('walk'), 0);
  t.is(merged?.markedMs('stumble'), 1_000);
});

test('peers that differ in their LAN address or their host are not one', (t) => {
  const { community, keys } = setUp(t);
  receiveRequest(community, { source: at('1.2.3.4', 1000), sourceLan: at('10.0.0.9', 5000) });
  receiveRequest(community, { source: at('1.2.3.4', 1001), sourceLan: at('10.0.0.9', 5001) });
  receiveRequest(community, { source: at('1.2.3.5', 1000), sourceLan: at('10.0.0.9', 5000) });
  receiveRequest(community, { source: at('1.2.3.4', 1002), sourceLan: NO_ADDRESS });
  receiveRequest(community, { source: at('1.2.3.4', 1003), sourceLan: NO_ADDRESS });
  t.is(keys().length, 5);
});

test('peers of our own LAN are told apart by their address, whatever they say', (t) => {
  const { community, keys } = setUp(t);
  for (const port of [1, 2]) receiveRequest(community, { source: at('192.168.1.7', port), sourceLan: at('10.0.0.9') });
  t.is(keys().length, 2);
});

test('a tracker is not merged', (t) => {
  const { community, keys } = setUp(t);
  community.candidates.addTracker(at('1.2.3.4', 6421));
  receiveRequest(community, { source: at('1.2.3.4', 6421), sourceLan: at('10.0.0.9', 5000) });
  receiveRequest(community, { source: at('1.2.3.4', 1001), sourceLan: at('10.0.0.9', 5000) });
  t.deepEqual(keys(), ['1.2.3.4:6421', '1.2.3.4:1001']);
});

test('an introduced peer behind our own NAT is met inside', (t) => {
  const { community, endpoint, keys } = setUp(t);
  receiveRequest(community, { source: at('1.2.3.4'), destination: WAN });
  const introduce = (lan: string, wan: string) => {
    community.createIntroductionRequest(at('1.2.3.4'));
    const request = sentBy(community, endpoint, 'introduction-request').at(-1);
    const identifier = request?.payload.identifier ?? 0;
    receiveResponse(community, {
      source: at('1.2.3.4'),
      destination: WAN,
      introducedLan: at(lan),
      introducedWan: at(wan),
      identifier,
    });
  };
  introduce('192.168.1.9', '5.6.7.8');
  introduce('192.168.1.9', '6.6.6.6');
  t.deepEqual(keys(), ['1.2.3.4:7759', '192.168.1.9:7759', '6.6.6.6:7759']);
});

test('who is introduced is told where the requester is, and never that requester itself', (t) => {
  const { community, endpoint } = setUp(t);
  const peers = ['1.1.1.1', '2.2.2.2', '3.3.3.3', '4.4.4.4'].map((host) => at(host));
  const lanOf = (host: string) => at(`10.0.0.${host.slice(0, 1)}`);
  const request = (index: number) => {
    const source = peers[index] ?? NO_ADDRESS;
    receiveRequest(community, { source, sourceLan: lanOf(source.host) });
    return sentBy(community, endpoint, 'introduction-response').at(-1)?.payload;
  };
  t.deepEqual(request(0)?.introducedWan, NO_ADDRESS);
  t.deepEqual(request(1)?.introducedWan, peers[0]);
  request(2);
  request(3);
  const introduced = Array.from({ length: 9 }, () => request(3)?.introducedWan.host ?? '');
  // In turn.
  t.deepEqual(new Set(introduced.slice(0, 3)), new Set(['1.1.1.1', '2.2.2.2', '3.3.3.3']));
  t.deepEqual(introduced.slice(3, 6), introduced.slice(0, 3));
  t.deepEqual(introduced.slice(6, 9), introduced.slice(0, 3));
  const punctures = sentBy(community, endpoint, 'puncture-request');
  t.is(punctures.length, 3 + 9);
  t.deepEqual(
    punctures.slice(3).map(({ address }) => address.host),
    introduced,
  );
  for (const { payload } of punctures.slice(3)) {
    t.deepEqual(payload.walkerWan, peers[3]);
    t.deepEqual(payload.walkerLan, lanOf('4.4.4.4'));
  }
});

test('without advice nobody is introduced', (t) => {
  const { community, endpoint } = setUp(t);
  receiveRequest(community, { source: at('1.1.1.1') });
  receiveRequest(community, { source: at('2.2.2.2'), advice: false });
  const answers = sentBy(community, endpoint, 'introduction-response');
  t.deepEqual(
    answers.map(({ payload }) => payload.introducedWan),
    [NO_ADDRESS, NO_ADDRESS],
  );
});

test('two symmetric NATs are not introduced to each other', (t) => {
  const { community, endpoint } = setUp(t);
  for (const host of ['1.1.1.1', '2.2.2.2'])
    receiveRequest(community, { source: at(host), connectionType: 'symmetric-NAT' });
  receiveRequest(community, { source: at('3.3.3.3') });
  const answers = sentBy(community, endpoint, 'introduction-response');
  t.deepEqual(answers[1]?.payload.introducedWan, NO_ADDRESS);
  t.notDeepEqual(answers[2]?.payload.introducedWan, NO_ADDRESS);
});

class SecondNatCommunity extends NatCommunity {}

const SEEN = [1000, 1001].map((port) => at('5.6.7.8', port));

/** Two peers that see us at two ports: a symmetric NAT. */
function seenTwice(community: NatCommunity): void {
  for (const [index, destination] of SEEN.entries())
    receiveRequest(community, {
      source: at('1.2.3.4', 100 + index),
      sourceLan: at('10.0.0.9', 1 + index),
      destination,
    });
}

test('the votes of candidates that are forgotten go, and what they made of our connection', (t) => {
  const { clock, community, own } = setUp(t);
  seenTwice(community);
  t.deepEqual([own.wan, own.connectionType], [SEEN[0], 'symmetric-NAT']);
  clock.advance(180_000);
  t.is(community.candidates.size, 0);
  t.deepEqual([own.wan, own.connectionType], [LAN, 'unknown']);
  // Others see us at one port.
  for (const host of ['140.0.0.3', '140.0.0.4']) receiveRequest(community, { source: at(host), destination: WAN });
  t.deepEqual([own.wan, own.connectionType], [WAN, 'unknown']);
});

test('a vote lasts as long as any community knows its voter', (t) => {
  const { clock, dispersy, community, own } = setUp(t);
  const second = dispersy.loadCommunity(SecondNatCommunity);
  seenTwice(community);
  clock.advance(100_000);
  receiveRequest(second, { source: at('1.2.3.4', 101), destination: defined(SEEN[1]) });
  clock.advance(80_000);
  t.is(community.candidates.size, 0);
  t.deepEqual([own.wan, own.connectionType], [SEEN[1], 'unknown']);
  // 180 s after the second request; they are looked for once a minute.
  clock.advance(120_000);
  t.deepEqual(own.wan, LAN);
});

test('the votes end when the community is left', async (t) => {
  const { community, own } = setUp(t);
  seenTwice(community);
  await community.unloadCommunity();
  t.deepEqual([own.wan, own.connectionType], [LAN, 'unknown']);
});

test('a peer that comes from a new port of its NAT has one vote', (t) => {
  const { community, own } = setUp(t);
  for (const port of [100, 101])
    receiveRequest(community, { source: at('1.2.3.4', port), sourceLan: at('10.0.0.9'), destination: WAN });
  receiveRequest(community, { source: at('1.2.3.5'), destination: defined(SEEN[1]) });
  receiveRequest(community, { source: at('1.2.3.6'), destination: defined(SEEN[1]) });
  t.deepEqual(own.wan, SEEN[1]);
});

test('whom we cannot remember has no vote', (t) => {
  const { clock, community, own } = setUp(t);
  for (let port = 1; port <= CANDIDATES_MAX; port++)
    community.candidates.mark(community.candidates.at(at('9.9.9.9', port)), 'walk', clock.nowMs());
  receiveRequest(community, { source: at('1.2.3.4'), destination: WAN });
  t.deepEqual(own.wan, LAN);
});
