import test, { type ExecutionContext } from 'ava';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { NoteCommunity } from '../support/note-community.js';
import { foreignMember, makeSilentDispersy } from '../support/seeded-peers.js';

class StoringCommunity extends NoteCommunity {
  readonly usual = this.note('usual');
  readonly other = this.note('other');
}

const [ONE, OTHER] = [7, 8].map((port) => ({ host: '127.0.0.1', port })) as [Source, Source];
type Source = { readonly host: string; readonly port: number };

function setUp(t: ExecutionContext) {
  const { dispersy } = makeSilentDispersy(t, new ManualClock());
  const community = dispersy.loadCommunity(StoringCommunity);
  const [member, second] = [foreignMember(dispersy, 'member'), foreignMember(dispersy, 'second')];
  return { dispersy, community, member, second, drops: dispersy.statistics.drops };
}

test('the same packet is accepted once, whoever sends it', (t) => {
  const { dispersy, community, member, drops } = setUp(t);
  const packet = community.packetAt(5n, community.usual, 'text', member);
  for (const source of [ONE, ONE, OTHER]) dispersy.receive(source, packet);
  t.deepEqual(community.texts, ['text']);
  t.is(drops.get('duplicate message'), 2);
  t.is(drops.total, 2);
});

test('of two texts of one member and time the higher packet stays, whichever comes first', (t) => {
  const { dispersy, community, member, drops } = setUp(t);
  const packets = ['first', 'second'].map((text) => community.packetAt(5n, community.usual, text, member));
  const [higher] = packets.toSorted((one, other) => other.compare(one));
  for (const packet of [...packets, ...packets]) dispersy.receive(ONE, packet);
  t.deepEqual(
    community.store.between(community.usual.id, 0n, 9n).map(({ packet }) => packet),
    [higher],
  );
  // Once it stays, the other one is refused: the first time, or only when it comes again.
  t.is(drops.get('conflicting message'), packets[0] === higher ? 2 : 1);
  t.is(drops.get('duplicate message'), 1);
  // The kind is the first byte in which these two differ.
  dispersy.receive(OTHER, community.packetAt(5n, community.other, 'of another kind', member));
  t.deepEqual(community.storedTexts(community.usual), []);
  t.deepEqual(community.storedTexts(community.other), ['of another kind']);
});

test('one message with two signatures is handled once, and the higher packet stays', (t) => {
  for (const order of ['lower first', 'higher first'] as const) {
    const { dispersy, community, drops } = setUp(t);
    // Unlike those of curve25519, its signatures are never the same.
    const signer = makeSilentDispersy(t, new ManualClock()).dispersy.getNewMember('very-low');
    dispersy.getMember({ publicKey: signer.publicKey });
    const packets = [1, 2].map(() => community.packetAt(5n, community.usual, 'text', signer));
    packets.sort((one, other) => one.compare(other) * (order === 'lower first' ? 1 : -1));
    const higher = order === 'lower first' ? packets[1] : packets[0];
    t.notDeepEqual(packets[0], packets[1]);
    for (const packet of packets) dispersy.receive(ONE, packet);
    t.deepEqual(community.texts, ['text']);
    t.deepEqual(community.store.get(signer.mid, 5n)?.packet, higher);
    t.is(drops.get(order === 'lower first' ? 'duplicate message' : 'conflicting message'), 1);
  }
});

test('the same text at another time, or by another member, is another message', (t) => {
  const { dispersy, community, member, second, drops } = setUp(t);
  dispersy.receive(ONE, community.packetAt(5n, community.usual, 'text', member));
  dispersy.receive(ONE, community.packetAt(6n, community.usual, 'text', member));
  dispersy.receive(ONE, community.packetAt(5n, community.usual, 'text', second));
  t.is(community.texts.length, 3);
  t.is(community.store.size, 3);
  t.is(drops.total, 0);
});

test('of a message created here a copy is a duplicate', (t) => {
  const { dispersy, community, drops } = setUp(t);
  const { packet } = community.write(community.usual, 'ours');
  dispersy.receive(ONE, packet);
  t.deepEqual(community.texts, ['ours']);
  t.is(drops.get('duplicate message'), 1);
});

test('a forged copy neither replaces a message nor keeps the real one out', (t) => {
  const { dispersy, community, member, drops } = setUp(t);
  const packet = community.packetAt(5n, community.usual, 'real', member);
  const forged = Buffer.from(packet);
  forged.writeUInt8(forged.readUInt8(60) ^ 1, 60);
  dispersy.receive(OTHER, forged);
  t.is(drops.get('invalid signature'), 1);
  dispersy.receive(ONE, packet);
  dispersy.receive(OTHER, forged);
  t.deepEqual(community.texts, ['real']);
  t.is(drops.get('invalid signature'), 2);
});
