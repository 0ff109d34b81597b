import test from 'ava';
import { makeGuardedPair, makeSilentPair } from '../support/guarded-community.js';
import { seededMember } from '../support/seeded-peers.js';
import { askFor } from '../support/inside.js';

const MISSING_IDENTITY = 247;

test('a member who is not known is asked for, and what it sent meanwhile is accepted then', async (t) => {
  const { founder, joiner, settle } = await makeGuardedPair(t);
  const messages = ['one', 'two', 'three'].map((text) => founder.community.write(founder.community.open, text));
  for (const message of messages) founder.community.forward(message, [joiner.address]);
  await settle();
  t.deepEqual(joiner.community.standing, ['one', 'two', 'three']);
  t.is(joiner.community.sent('missing-identity'), 1);
  t.is(founder.community.sent('identity'), 1);
  t.is(joiner.community.delayedCount, 0);
});

test('asked twice, a member presents itself twice, with the same packet', async (t) => {
  const { founder, joiner, settle } = await makeGuardedPair(t);
  const { mid } = founder.community.myMember;
  const packets: string[] = [];
  founder.community.write(founder.community.open, 'message');
  joiner.endpoint.onPacket((_source, packet) => {
    if (packet[22] === 248) packets.push(packet.toString('hex'));
  });
  for (let count = 0; count < 2; count++) {
    askFor(joiner.community, { what: 'identity', mid }, founder.address);
    await settle();
  }
  t.is(packets.length, 2);
  t.is(new Set(packets).size, 1);
  // That of the master member, with whose signature the community began, and that of the founder.
  t.is(founder.community.messages.byName('identity')?.counters.created, 2);
});

test('an identity that nobody waits for is dropped before it is verified', async (t) => {
  const { founder, joiner, settle } = await makeGuardedPair(t);
  founder.community.write(founder.community.open, 'message');
  const { mid } = founder.community.myMember;
  askFor(joiner.community, { what: 'identity', mid }, founder.address);
  await settle();
  t.is(joiner.dispersy.statistics.drops.get('identity not asked for'), 1);
  t.is(joiner.community.members.byMid(mid), undefined);
});

test('the identity of a third one is handed on by whoever was presented it', async (t) => {
  const { founder, joiner, addPeer, settle } = await makeGuardedPair(t);
  const message = founder.community.write(founder.community.open, 'message');
  founder.community.forward(message, [joiner.address]);
  await settle();
  t.is(joiner.community.standing.length, 1);
  const third = await addPeer('third');
  joiner.community.forward(message, [third.address]);
  await settle();
  t.deepEqual(third.community.standing, ['message']);
  t.is(joiner.community.sent('identity'), 1);
  t.is(founder.community.sent('identity'), 1);
});

test('an author that is known from elsewhere is asked for its identity, so that it can be handed on', async (t) => {
  const { founder, joiner, addPeer, settle } = await makeGuardedPair(t);
  joiner.dispersy.getMember({ publicKey: founder.community.myMember.publicKey });
  const messages = ['one', 'two'].map((text) => founder.community.write(founder.community.open, text));
  for (const message of messages) founder.community.forward(message, [joiner.address]);
  await settle();
  t.deepEqual(joiner.community.standing, ['one', 'two']);
  t.is(joiner.community.sent('missing-identity'), 1);
  const third = await addPeer('third');
  for (const message of messages) joiner.community.forward(message, [third.address]);
  await settle();
  t.deepEqual(third.community.standing, ['one', 'two']);
  t.is(founder.community.sent('identity'), 1);
});

test('other members of ours are presented as well', async (t) => {
  const { founder, joiner, settle } = await makeGuardedPair(t);
  const second = founder.dispersy.getNewMember();
  founder.community.forward(founder.community.write(founder.community.open, 'message', second), [joiner.address]);
  await settle();
  t.deepEqual(joiner.community.standing, ['message']);
});

test('who is asked for somebody that it was never presented says nothing', async (t) => {
  const { founder, joiner, settle } = await makeGuardedPair(t);
  const stranger = seededMember('stranger');
  founder.dispersy.getMember({ publicKey: stranger.publicKey });
  askFor(joiner.community, { what: 'identity', mid: stranger.mid }, founder.address);
  await settle();
  t.is(founder.dispersy.statistics.drops.get('identity is not ours to give'), 1);
  t.is(founder.community.sent('identity'), 0);
});

test('several sources are asked, each once', (t) => {
  const { founder, joiner, receive, asked } = makeSilentPair(t);
  const stranger = seededMember('stranger');
  founder.dispersy.members.add(stranger);
  const messages = ['one', 'two'].map((text) => founder.write(founder.open, text, stranger));
  receive(...messages);
  t.is(asked(MISSING_IDENTITY).length, 1);
  for (const { packet } of messages) joiner.dispersy.receive({ host: '127.0.0.1', port: 8 }, packet);
  t.is(asked(MISSING_IDENTITY).length, 2);
  t.is(joiner.delayedCount, 4);
  // The same packet that came twice counts once.
  joiner.members.add(stranger);
  const { packet } = founder.createMessage(
    founder.messages.byName('identity')?.meta ?? founder.open,
    {},
    {
      member: stranger,
    },
  );
  receive({ packet });
  t.deepEqual(joiner.standing, ['one', 'two']);
  t.is(joiner.delayedCount, 0);
});
