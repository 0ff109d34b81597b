import test from 'ava';
import { NOT_PERMITTED } from '../../../src/dispersy/store/store.js';
import { makeSilentPair } from '../support/guarded-community.js';
import { seededMember } from '../support/seeded-peers.js';

test('a revoke that arrives late takes back what was sent after it, and that only', (t) => {
  const { founder, founding, joiner, receive, meet } = makeSilentPair(t);
  const writer = seededMember('writer');
  meet(writer);
  const authorize = founder.allow(writer, founder.guarded, ['permit']);
  const before = founder.write(founder.guarded, 'before', writer);
  const revoke = founder.forbid(writer, founder.guarded, ['permit']);
  const after = founder.writeAnyway(founder.guarded, 'after', writer);
  const open = founder.write(founder.open, 'open', writer);
  receive(founding, authorize, before, after, open);
  t.deepEqual(joiner.standing, ['before', 'after', 'open']);
  receive(revoke);
  t.deepEqual(joiner.standing, ['before', 'open']);
  t.deepEqual(joiner.happened, ['+before', '+after', '+open', '-after']);
  t.is(joiner.undoneOf(after), NOT_PERMITTED);
  t.is(joiner.undoneOf(before), 0n);
});

test('a permission that arrives later still restores it', (t) => {
  const { founder, founding, joiner, receive, meet } = makeSilentPair(t);
  const writer = seededMember('writer');
  meet(writer);
  const authorize = founder.allow(writer, founder.guarded, ['permit']);
  const revoke = founder.forbid(writer, founder.guarded, ['permit']);
  const again = founder.createAuthorize([{ member: writer, message: founder.guarded, permission: 'permit' }], {
    member: founder.masterMember,
  });
  const message = founder.write(founder.guarded, 'message', writer);
  receive(founding, authorize, message, revoke);
  t.deepEqual(joiner.standing, []);
  receive(again);
  t.deepEqual(joiner.happened, ['+message', '-message', '+message']);
  t.is(joiner.undoneOf(message), 0n);
});

test('what follows from a permission falls with it, and rises with it', (t) => {
  const { founder, founding, joiner, receive, meet } = makeSilentPair(t);
  const [middle, writer] = [seededMember('middle'), seededMember('writer')];
  meet(middle, writer);
  const authorize = founder.allow(middle, founder.guarded, ['authorize']);
  const revoke = founder.forbid(middle, founder.guarded, ['authorize'], founder.masterMember);
  const restored = founder.allow(middle, founder.guarded, ['authorize'], founder.masterMember);
  const authorizeWriter = founder.allow(writer, founder.guarded, ['permit'], middle);
  const message = founder.write(founder.guarded, 'message', writer);
  receive(founding, authorize, authorizeWriter, message);
  t.deepEqual(joiner.standing, ['message']);
  receive(revoke);
  t.deepEqual(joiner.standing, []);
  t.is(joiner.undoneOf(authorizeWriter), NOT_PERMITTED);
  t.is(joiner.undoneOf(message), NOT_PERMITTED);
  receive(restored);
  t.deepEqual(joiner.standing, ['message']);
  t.is(joiner.undoneOf(authorizeWriter), 0n);
  t.is(joiner.undoneOf(message), 0n);
});

test('a revoke whose own permission falls has no effect any more', (t) => {
  const { founder, founding, joiner, receive, meet } = makeSilentPair(t);
  const [guard, writer] = [seededMember('guard'), seededMember('writer')];
  meet(guard, writer);
  const rights = founder.createAuthorize([
    { member: guard, message: founder.guarded, permission: 'revoke' },
    { member: writer, message: founder.guarded, permission: 'permit' },
  ]);
  const disarm = founder.forbid(guard, founder.guarded, ['revoke']);
  const revoke = founder.createMessage(
    founder.messages.byName('revoke')?.meta ?? founder.guarded,
    [{ publicKey: writer.publicKey, permissions: [{ messageId: founder.guarded.id, permission: 'permit' }] }],
    { member: guard, checkPermission: false },
  );
  const message = founder.writeAnyway(founder.guarded, 'message', writer);
  const waiting = founder.writeAnyway(founder.guarded, 'waiting', writer);
  receive(founding, rights, message, revoke, waiting);
  t.deepEqual(joiner.standing, []);
  t.is(joiner.delayedCount, 1);
  // Now what the revoke took back stands again, and what waited for a permission has it.
  receive(disarm);
  t.deepEqual(joiner.standing, ['message', 'waiting']);
  t.is(joiner.delayedCount, 0);
});

test('messages in any order end the same', (t) => {
  const { founder, founding, addJoiner } = makeSilentPair(t);
  const [middle, writer] = [seededMember('middle'), seededMember('writer')];
  const messages = [
    founding,
    founder.allow(middle, founder.guarded, ['authorize', 'revoke']),
    founder.allow(writer, founder.guarded, ['permit'], middle),
    founder.write(founder.guarded, 'one', writer),
    founder.forbid(writer, founder.guarded, ['permit'], middle),
    founder.writeAnyway(founder.guarded, 'two', writer),
    founder.allow(writer, founder.guarded, ['permit'], founder.masterMember),
    founder.write(founder.guarded, 'three', writer),
    founder.forbid(middle, founder.guarded, ['authorize', 'revoke']),
  ];
  for (let order = 0; order < 40; order++) {
    const { joiner, receive, meet } = addJoiner(`joiner ${order}`);
    meet(middle, writer);
    // As many orders as there are numbers, each of them well mixed.
    const mixed = messages
      .map((message, index) => ({ message, key: ((index + 1) * (order * 7 + 3) * 7919) % 10_007 }))
      .sort((one, other) => one.key - other.key);
    for (const { message } of mixed) receive(message);
    t.deepEqual(joiner.standing.toSorted(), ['one', 'three'], `order ${order}`);
  }
});
