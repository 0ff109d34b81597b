import test, { type ExecutionContext } from 'ava';
import { communityDestination, directDistribution } from '../../../src/dispersy/message/policies.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { addressKey } from '../../../src/network/address.js';
import { NoteCommunity } from '../support/note-community.js';
import { makeSilentDispersy } from '../support/seeded-peers.js';
import { mark } from '../support/inside.js';

const NODE_COUNTS = Array.from({ length: 21 }, (_, index) => index);
const distribution = directDistribution();

class SpreadingCommunity extends NoteCommunity {
  readonly to = NODE_COUNTS.map((nodeCount) =>
    this.note(`to ${nodeCount}`, { distribution, destination: communityDestination(nodeCount) }),
  );
  readonly stored = this.note('stored', { destination: communityDestination(3) });
}

function setUp(t: ExecutionContext, candidateCount: number) {
  const clock = new ManualClock();
  const { dispersy, endpoint } = makeSilentDispersy(t, clock);
  const community = dispersy.loadCommunity(SpreadingCommunity);
  const addresses = Array.from({ length: candidateCount }, (_, index) => ({ host: '127.0.0.1', port: index + 1 }));
  for (const [index, address] of addresses.entries())
    mark(community, community.candidates.at(address), index % 2 === 0 ? 'walk' : 'stumble');
  /** Who is sent what `send` sends. */
  const receivers = (send: () => void) => {
    const before = endpoint.sent.length;
    send();
    return endpoint.sent.slice(before).map(({ address }) => addressKey(address));
  };
  const spread = (nodeCount: number) => {
    const meta = community.to[nodeCount];
    return meta === undefined ? [] : receivers(() => community.create(meta, { text: 'text' }));
  };
  return { clock, community, dispersy, addresses, receivers, spread };
}

for (const candidateCount of [0, 1, 10, 20, 30])
  test(`of ${candidateCount} candidates as many as wanted are sent a message, once each`, (t) => {
    const { spread } = setUp(t, candidateCount);
    for (const nodeCount of NODE_COUNTS) {
      const sentTo = spread(nodeCount);
      t.is(sentTo.length, Math.min(nodeCount, candidateCount));
      t.is(new Set(sentTo).size, sentTo.length);
    }
  });

test('all candidates are chosen equally often', (t) => {
  const { spread } = setUp(t, 10);
  const counts = new Map<string, number>();
  const tries = 600;
  for (let count = 0; count < tries / 2; count++)
    for (const key of spread(2)) counts.set(key, (counts.get(key) ?? 0) + 1);
  t.is(counts.size, 10);
  // Four standard deviations of 60 in 300 are 28.
  for (const count of counts.values()) t.true(Math.abs(count - tries / 10) < 28, String(count));
});

test('candidates that are only introduced or discovered, and trackers, are sent nothing', (t) => {
  const { community, spread } = setUp(t, 2);
  mark(community, community.candidates.at({ host: '127.0.0.1', port: 100 }), 'intro');
  community.addCandidate({ host: '127.0.0.1', port: 101 });
  community.candidates.addTracker({ host: '127.0.0.1', port: 102 });
  t.deepEqual(spread(20).toSorted(), ['127.0.0.1:1', '127.0.0.1:2']);
});

test('candidates that were not heard of for long are sent nothing', (t) => {
  const { clock, spread } = setUp(t, 2);
  t.is(spread(20).length, 2);
  clock.advance(57_500);
  t.is(spread(20).length, 0);
});

test('targets that are named are sent it instead', (t) => {
  const { community, receivers, addresses } = setUp(t, 10);
  const target = { host: '127.0.0.1', port: 1000 };
  const [first] = addresses;
  const targets = first === undefined ? [target] : [target, first];
  t.deepEqual(
    receivers(() => community.send(community.stored, { text: 'text' }, targets)),
    targets.map(addressKey),
  );
});

test('what is received is not sent on', (t) => {
  const { community, dispersy, receivers } = setUp(t, 10);
  const packet = community.packetAt(5n, community.stored, 'text', dispersy.getNewMember());
  t.deepEqual(
    receivers(() => dispersy.receive({ host: '127.0.0.1', port: 1 }, packet)),
    [],
  );
  t.deepEqual(community.texts, ['text']);
});

test('storing, handling and sending can each be left out', (t) => {
  const { community, receivers } = setUp(t, 10);
  const create = (options: { store?: boolean; update?: boolean; forward?: boolean }) =>
    receivers(() => community.create(community.stored, { text: Object.keys(options).join() }, options)).length;
  t.is(create({}), 3);
  t.is(create({ store: false }), 3);
  t.is(create({ update: false }), 3);
  t.is(create({ forward: false }), 0);
  t.deepEqual(community.texts, ['', 'store', 'forward']);
  t.deepEqual(community.storedTexts(community.stored), ['', 'update', 'forward']);
});
