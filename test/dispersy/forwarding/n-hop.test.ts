import test, { type ExecutionContext } from 'ava';
import {
  directDistribution,
  fullSyncDistribution,
  nHopCommunityDestination,
} from '../../../src/dispersy/message/policies.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { NoteCommunity } from '../support/note-community.js';
import { pass } from '../support/peers.js';
import { makeSeededPeer, makeSilentDispersy, seededMember } from '../support/seeded-peers.js';
import { mark } from '../support/inside.js';

const DEPTHS = [1, 2, 3] as const;
const direct = directDistribution();

class HoppingCommunity extends NoteCommunity {
  readonly direct = DEPTHS.map((depth) =>
    this.note(`direct ${depth}`, { distribution: direct, destination: nHopCommunityDestination(5, depth) }),
  );
  readonly stored = DEPTHS.map((depth) =>
    this.note(`stored ${depth}`, {
      distribution: fullSyncDistribution(),
      destination: nHopCommunityDestination(5, depth),
    }),
  );
  readonly narrow = this.note('narrow', { distribution: direct, destination: nHopCommunityDestination(1, 3) });
}

/** Peers that know each other as the links say, by their indexes. */
async function makePeersWith(t: ExecutionContext, count: number, links: readonly (readonly [number, number])[]) {
  const clock = new ManualClock();
  const peers = await Promise.all(
    Array.from({ length: count }, (_, index) => makeSeededPeer(t, clock, `peer ${index}`)),
  );
  const communities = peers.map(({ dispersy }, index) =>
    dispersy.loadCommunity(HoppingCommunity, { myMember: seededMember(`peer ${index}`) }),
  );
  const know = (from: number, to: number) => {
    const [community, peer] = [communities[from], peers[to]];
    if (community !== undefined && peer !== undefined)
      mark(community, community.candidates.at(peer.address), 'stumble');
  };
  for (const [one, other] of links) {
    know(one, other);
    know(other, one);
  }
  const texts = () => communities.map((community) => community.texts.join());
  const drops = () => peers.map(({ dispersy }) => dispersy.statistics.drops.toJSON());
  return { communities, texts, drops, settle: () => pass(clock, 1) };
}

const LINE = [
  [0, 1],
  [1, 2],
  [2, 3],
  [3, 4],
] as const;

for (const [index, depth] of DEPTHS.entries())
  for (const kind of ['direct', 'stored'] as const)
    test(`a ${kind} message of depth ${depth} gets exactly as many hops far`, async (t) => {
      const { communities, texts, drops, settle } = await makePeersWith(t, 5, LINE);
      const [sender] = communities;
      const meta = sender?.[kind][index];
      if (sender === undefined || meta === undefined) return t.fail();
      sender.create(meta, { text: 'text' });
      await settle();
      const others = [1, 2, 3, 4].map((distance) => (distance <= depth ? 'text' : ''));
      t.deepEqual(texts(), [kind === 'stored' ? 'text' : '', ...others]);
      // It is not sent back to where it came from.
      t.deepEqual(drops(), [{}, {}, {}, {}, {}]);
    });

test('one that is stored goes on by sync, and is the same to all', async (t) => {
  const { communities, settle } = await makePeersWith(t, 3, [[0, 1]]);
  const [sender, middle, last] = communities;
  const meta = sender?.stored[0];
  if (sender === undefined || middle === undefined || last === undefined || meta === undefined) return t.fail();
  const { globalTime } = sender.create(meta, { text: 'text' });
  await settle();
  last.createIntroductionRequest(middle.dispersy.ownAddresses.lan);
  await settle();
  t.deepEqual(last.texts, ['text']);
  const packets = communities.map(({ store }) => store.get(sender.myMember.mid, globalTime)?.packet.toString('hex'));
  t.is(new Set(packets).size, 1);
  t.not(packets[0], undefined);
});

test('in a ring everyone gets it once, and it comes to an end', async (t) => {
  const { communities, texts, settle } = await makePeersWith(t, 5, [...LINE, [4, 0]]);
  const [sender] = communities;
  const meta = sender?.direct[2];
  if (sender === undefined || meta === undefined) return t.fail();
  sender.create(meta, { text: 'text' });
  await settle();
  t.deepEqual(texts().slice(1), ['text', 'text', 'text', 'text']);
  const sent = communities.map(({ messages }) => messages.byName('direct 3')?.counters.sent ?? 0);
  t.true(sent.reduce((sum, each) => sum + each, 0) < 12, sent.join());
});

test('who sent it is not handed it when it comes back', async (t) => {
  const { communities, texts, settle } = await makePeersWith(t, 3, [
    [0, 1],
    [1, 2],
    [2, 0],
  ]);
  const [sender] = communities;
  if (sender === undefined) throw new Error('the test made it');
  // To one peer, from there to the other one, and from there back.
  sender.create(sender.narrow, { text: 'text' });
  await settle();
  t.deepEqual(texts(), ['', 'text', 'text']);
});

test('every hop sends it to as many as its definition says', async (t) => {
  const { communities, settle } = await makePeersWith(t, 5, [
    [0, 1],
    [0, 2],
    [1, 3],
    [1, 4],
    [2, 3],
    [2, 4],
  ]);
  const [sender] = communities;
  if (sender === undefined) return t.fail();
  sender.create(sender.narrow, { text: 'text' });
  await settle();
  t.deepEqual(communities.map(({ messages }) => messages.byName('narrow')?.counters.sent).toSorted(), [0, 0, 1, 1, 1]);
});

const SOURCE = { host: '127.0.0.1', port: 7 };

function setUpSilent(t: ExecutionContext) {
  const { dispersy, endpoint } = makeSilentDispersy(t, new ManualClock());
  const community = dispersy.loadCommunity(HoppingCommunity);
  for (const port of [7, 8, 9]) mark(community, community.candidates.at({ host: '127.0.0.1', port }), 'stumble');
  const [, , deep] = community.direct;
  if (deep === undefined) throw new Error('the test defines it');
  const packet = community.packetAt(5n, deep, 'text', dispersy.getNewMember());
  // After prefix, message id and mid.
  const depthAt = 22 + 1 + 20;
  const withDepth = (depth: number) => {
    const copy = Buffer.from(packet);
    copy.writeInt8(depth, depthAt);
    return copy;
  };
  return { dispersy, endpoint, community, packet, depthAt, withDepth };
}

test('it is sent on one hop less deep, to all but its sender', (t) => {
  const { dispersy, endpoint, community, withDepth, depthAt } = setUpSilent(t);
  dispersy.receive(SOURCE, withDepth(2));
  t.deepEqual(community.texts, ['text']);
  t.deepEqual(endpoint.sent.map(({ address }) => address.port).toSorted(), [8, 9]);
  for (const { packet } of endpoint.sent) t.deepEqual(packet, withDepth(1));
  t.is(withDepth(1).readInt8(depthAt), 1);
});

test('at depth 0 it is handled, and not sent on', (t) => {
  const { dispersy, endpoint, community, withDepth } = setUpSilent(t);
  dispersy.receive(SOURCE, withDepth(0));
  t.deepEqual(community.texts, ['text']);
  t.is(endpoint.sent.length, 0);
});

test('a depth beyond that of its definition, or below 0, is dropped', (t) => {
  const { dispersy, endpoint, community, withDepth } = setUpSilent(t);
  for (const depth of [4, 127, -1, -128]) dispersy.receive(SOURCE, withDepth(depth));
  t.deepEqual(community.texts, []);
  t.is(dispersy.statistics.drops.get('depth out of range'), 4);
  t.is(endpoint.sent.length, 0);
});

test('a copy whose depth was raised again is a duplicate', (t) => {
  const { dispersy, endpoint, community, withDepth } = setUpSilent(t);
  dispersy.receive(SOURCE, withDepth(0));
  for (const depth of [3, 2, 1, 0]) dispersy.receive({ host: '127.0.0.1', port: 8 }, withDepth(depth));
  t.deepEqual(community.texts, ['text']);
  t.is(dispersy.statistics.drops.get('duplicate message'), 4);
  t.is(endpoint.sent.length, 0);
});

test('its signature covers everything but the depth', (t) => {
  const { dispersy, community, withDepth, depthAt } = setUpSilent(t);
  const packet = withDepth(1);
  // Global time and text.
  for (const at of [depthAt + 8, depthAt + 12, packet.length - 1]) {
    const forged = Buffer.from(packet);
    forged.writeUInt8(forged.readUInt8(at) ^ 1, at);
    dispersy.receive(SOURCE, forged);
  }
  t.is(dispersy.statistics.drops.get('invalid signature'), 3);
  dispersy.receive(SOURCE, packet);
  t.deepEqual(community.texts, ['text']);
});
