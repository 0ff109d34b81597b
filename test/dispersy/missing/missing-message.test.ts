import test from 'ava';
import { defined } from '../support/defined.js';
import { makeGuardedPair, makeSilentPair, SOURCE } from '../support/guarded-community.js';

const MISSING_MESSAGE = 239;

test('a message that another one refers to is asked for, and both are accepted in their order', async (t) => {
  const { founder, joiner, settle } = await makeGuardedPair(t);
  const message = founder.community.write(founder.community.open, 'message');
  founder.community.forward(founder.community.writeReply(message, 'reply'), [joiner.address]);
  await settle();
  t.deepEqual(joiner.community.standing, ['message', 'reply']);
  t.is(joiner.community.sent('missing-message'), 1);
  t.is(founder.community.sent('open'), 1);
  t.is(joiner.community.delayedCount, 0);
});

test('of a chain of replies that comes from its end each is asked for', async (t) => {
  const { founder, joiner, settle } = await makeGuardedPair(t);
  const message = founder.community.write(founder.community.open, 'message');
  const reply = founder.community.writeReply(message, 'reply');
  founder.community.forward(founder.community.writeReply(reply, 'reply to the reply'), [joiner.address]);
  await settle();
  t.deepEqual(joiner.community.standing, ['message', 'reply', 'reply to the reply']);
  t.is(joiner.community.sent('missing-message'), 2);
});

test('replies that come out of order are accepted in theirs', (t) => {
  const { founder, joiner, receive, asked } = makeSilentPair(t);
  const message = founder.write(founder.open, 'message');
  const one = founder.writeReply(message, 'one');
  const two = founder.writeReply(one, 'two');
  const three = founder.writeReply(two, 'three');
  receive(three, one, two);
  t.deepEqual(joiner.standing, []);
  t.is(joiner.delayedCount, 3);
  receive(message);
  t.deepEqual(joiner.standing, ['message', 'one', 'two', 'three']);
  t.is(asked(MISSING_MESSAGE).length, 3);
});

test('two that are missing at a time are both asked for, and one that many miss once', async (t) => {
  const { founder, joiner, settle } = await makeGuardedPair(t);
  const [first, second] = ['first', 'second'].map((text) => founder.community.write(founder.community.open, text));
  const replies = [
    founder.community.writeReply(defined(first), 'to the first'),
    founder.community.writeReply(defined(second), 'to the second'),
    founder.community.writeReply(defined(first), 'to the first again'),
  ];
  for (const reply of replies) founder.community.forward(reply, [joiner.address]);
  await settle();
  t.is(joiner.community.standing.length, 5);
  await settle();
  t.is(joiner.community.sent('missing-message'), 2);
  t.is(founder.community.sent('open'), 2);
});

test('one request may name several messages', (t) => {
  const { founder } = makeSilentPair(t);
  const messages = ['one', 'two', 'three'].map((text) => founder.write(founder.open, text));
  const globalTimes = [...messages.map(({ globalTime }) => globalTime), 0n, 2n ** 64n - 1n];
  const { packet } = founder.createMessage(defined(founder.messages.byName('missing-message')).meta, {
    publicKey: founder.myMember.publicKey,
    globalTimes,
  });
  founder.dispersy.receive(SOURCE, packet);
  t.is(founder.sent('open'), 3);
});

test('a message that nobody has is given up after 10 s', (t) => {
  const { clock, founder, joiner, receive, statistics } = makeSilentPair(t);
  receive(founder.writeReply(founder.write(founder.open, 'message'), 'reply'));
  clock.advance(10_000);
  t.is(statistics.delayTimeout, 1);
  t.is(joiner.delayedCount, 0);
  t.deepEqual(joiner.standing, []);
});

test('a key that is none, or of nobody, is not answered', (t) => {
  const { founder } = makeSilentPair(t);
  founder.write(founder.open, 'message');
  const { meta } = defined(founder.messages.byName('missing-message'));
  for (const publicKey of [Buffer.alloc(0), Buffer.alloc(74, 1), founder.dispersy.getNewMember().publicKey]) {
    const { packet } = founder.createMessage(meta, { publicKey, globalTimes: [1n, 2n] });
    founder.dispersy.receive(SOURCE, packet);
  }
  t.is(founder.dispersy.statistics.successCount, 3);
  t.is(founder.sent('open'), 0);
});
