import test, { type ExecutionContext } from 'ava';
import { NOT_PERMITTED } from '../../../src/dispersy/store/store.js';
import { GumbyError } from '../../../src/runtime/errors.js';
import { defined } from '../support/defined.js';
import { makeGuardedPair, makeSilentPair } from '../support/guarded-community.js';
import { seededMember } from '../support/seeded-peers.js';
import { askFor, conversionOf } from '../support/inside.js';

const MISSING_MESSAGE = 239;
const MISSING_PROOF = 253;

test('who sent a message can undo it, and it is taken back everywhere', (t) => {
  const { founder, joiner, receive, meet } = makeSilentPair(t);
  const writer = seededMember('writer');
  meet(writer);
  const [kept, message] = [founder.write(founder.open, 'kept', writer), founder.write(founder.open, 'message', writer)];
  const undo = founder.createUndo(message, { member: writer });
  t.is(undo.meta.name, 'undo-own');
  t.deepEqual(founder.standing, ['kept']);
  receive(kept, message, undo);
  t.deepEqual(joiner.happened, ['+kept', '+message', '-message']);
  t.is(joiner.undoneOf(message), undo.globalTime);
  t.is(joiner.undoneOf(kept), 0n);
});

test('who is permitted to undo another’s message does so', (t) => {
  const { founder, founding, joiner, receive, meet } = makeSilentPair(t);
  const writer = seededMember('writer');
  meet(writer);
  const message = founder.write(founder.open, 'message', writer);
  const undo = founder.createUndo(message);
  t.is(undo.meta.name, 'undo-other');
  receive(founding, message, undo);
  t.deepEqual(joiner.happened, ['+message', '-message']);
  t.is(joiner.undoneOf(message), undo.globalTime);
});

for (const order of ['as they were sent', 'the other way round']) {
  test(`undone twice, ${order}, the lower undo counts, and it is taken back once`, (t) => {
    const { founder, founding, joiner, receive, meet } = makeSilentPair(t);
    const writer = seededMember('writer');
    meet(writer);
    const message = founder.write(founder.open, 'message', writer);
    const undos = [founder.createUndo(message), founder.undoAgain(message, writer)] as const;
    receive(founding, message, ...(order === 'as they were sent' ? undos : undos.toReversed()));
    t.deepEqual(joiner.happened, ['+message', '-message']);
    for (const community of [founder, joiner]) t.is(community.undoneOf(message), undos[0].globalTime);
  });
}

for (const undoer of ['its author', 'the founder'] as const)
  test(`undoing by ${undoer} of what is undone already gives back the first undo message, and creates nothing`, (t) => {
    const { founder, meet } = makeSilentPair(t);
    const writer = seededMember('writer');
    meet(writer);
    const message = founder.write(founder.open, 'message', writer);
    const first = founder.createUndo(message);
    const before = { size: founder.store.size, globalTime: founder.globalTime };
    const second = founder.createUndo(message, { member: undoer === 'its author' ? writer : founder.myMember });
    t.deepEqual(second.packet, first.packet);
    t.is(second.globalTime, first.globalTime);
    t.deepEqual({ size: founder.store.size, globalTime: founder.globalTime }, before);
    t.is(founder.sent('undo-own') + founder.sent('undo-other'), 0);
  });

test('a message that stands again can be undone again', (t) => {
  const { founder } = makeSilentPair(t);
  const message = founder.write(founder.open, 'message');
  const writer = seededMember('writer');
  founder.allow(writer, founder.open, ['undo']);
  const first = founder.createUndo(message, { member: writer });
  founder.createUndo(first);
  t.deepEqual(founder.standing, ['message']);
  const second = founder.createUndo(message);
  t.notDeepEqual(second.packet, first.packet);
  t.deepEqual(founder.standing, []);
});

test('who undoes one thing twice is sent its first undo message', (t) => {
  const { founder, founding, joiner, receive, meet, sentOf } = makeSilentPair(t);
  const writer = seededMember('writer');
  meet(writer);
  const message = founder.write(founder.open, 'message', writer);
  const undos = [founder.undoAnyway(message, writer), founder.undoAnyway(message, writer)] as const;
  // They are numbered, as they are not stored where they were created: the first one has to come first.
  receive(founding, message, undos[0]);
  t.deepEqual(sentOf('undo-own'), []);
  receive(undos[1]);
  t.deepEqual(sentOf('undo-own'), [undos[0].packet]);
  t.is(joiner.undoneOf(message), undos[0].globalTime);
  // Both are kept, or the next one of this member would wait for ever.
  t.deepEqual(
    undos.map((undo) => joiner.undoneOf(undo)),
    [0n, 0n],
  );
});

test('an undo of a message that is not there asks for it, and undoes it', async (t) => {
  const { founder, joiner, settle } = await makeGuardedPair(t);
  const message = founder.community.write(founder.community.open, 'message');
  founder.community.forward(founder.community.createUndo(message), [joiner.address]);
  await settle();
  t.true(joiner.community.undoneOf(message) !== undefined);
  await settle();
  t.deepEqual(joiner.community.happened, ['+message', '-message']);
  t.is(joiner.community.sent('missing-message'), 1);
  t.is(joiner.community.delayedCount, 0);
});

test('an undo of another’s message that is not there waits for it, and then for its own proof', (t) => {
  const { founder, founding, joiner, receive, meet, asked } = makeSilentPair(t);
  const writer = seededMember('writer');
  meet(writer);
  const message = founder.write(founder.open, 'message', writer);
  receive(founder.createUndo(message));
  t.is(asked(MISSING_MESSAGE).length, 1);
  receive(message);
  t.is(asked(MISSING_PROOF).length, 1);
  t.deepEqual(joiner.standing, ['message']);
  receive(founding);
  t.deepEqual(joiner.standing, []);
});

test('an undo of another’s message needs the permission for its kind, which is asked for and not found', (t) => {
  const { clock, founder, founding, joiner, receive, meet, asked, statistics } = makeSilentPair(t);
  const [writer, stranger] = [seededMember('writer'), seededMember('stranger')];
  meet(writer, stranger);
  const message = founder.write(founder.open, 'message', writer);
  const error = t.throws(() => founder.createUndo(message, { member: stranger }), { instanceOf: GumbyError });
  t.is(error.code, 'PERMISSION_MISSING');
  // The permission to undo another kind is worth nothing.
  const authorize = founder.allow(stranger, founder.guarded, ['undo', 'permit']);
  receive(founding, authorize, message, founder.undoAnyway(message, stranger));
  t.is(joiner.delayedCount, 1);
  t.is(asked(MISSING_PROOF).length, 1);
  clock.advance(10_000);
  t.is(statistics.delayTimeout, 1);
  t.deepEqual(joiner.happened, ['+message']);
});

test('a message of a kind without undo cannot be undone', (t) => {
  const { founder, founding, joiner, receive, statistics } = makeSilentPair(t);
  const message = founder.write(founder.final, 'message');
  const error = t.throws(() => founder.createUndo(message), { instanceOf: GumbyError });
  t.is(error.code, 'PARAMETER_INVALID');
  receive(founding, message, founder.undoAnyway(message));
  t.deepEqual(joiner.happened, ['+message']);
  t.is(statistics.drops.get('message cannot be undone'), 1);
});

test('a message cannot be undone before it was sent', (t) => {
  const { founder, joiner, receive, statistics } = makeSilentPair(t);
  const meta = defined(founder.messages.byName('undo-own')).meta;
  const { packet } = founder.createMessage(meta, { globalTime: 5000n });
  receive({ packet });
  t.is(joiner.delayedCount, 0);
  t.is(statistics.drops.get('undone before it was sent'), 1);
});

test('an undo falls with its permission, and what it undid stands again', (t) => {
  const { founder, founding, joiner, receive, meet } = makeSilentPair(t);
  const [writer, judge] = [seededMember('writer'), seededMember('judge')];
  meet(writer, judge);
  const authorize = founder.allow(judge, founder.open, ['undo']);
  const message = founder.write(founder.open, 'message', writer);
  const revoke = founder.forbid(judge, founder.open, ['undo']);
  const restored = founder.allow(judge, founder.open, ['undo'], founder.masterMember);
  const undo = founder.createUndo(message, { member: judge });
  receive(founding, authorize, message, undo);
  t.deepEqual(joiner.standing, []);
  receive(revoke);
  t.deepEqual(joiner.standing, ['message']);
  t.is(joiner.undoneOf(message), 0n);
  t.is(joiner.undoneOf(undo), NOT_PERMITTED);
  receive(restored);
  t.deepEqual(joiner.happened, ['+message', '-message', '+message', '-message']);
  t.is(joiner.undoneOf(message), undo.globalTime);
});

test('a revoke that falls gives its permission back to an undo, and then to another one', (t) => {
  const { founder, founding, joiner, receive, meet } = makeSilentPair(t);
  const [writer, judge] = [seededMember('writer'), seededMember('judge')];
  meet(writer, judge);
  const authorize = founder.allow(judge, founder.open, ['undo']);
  const message = founder.write(founder.open, 'message', writer);
  const undo = founder.createUndo(message, { member: judge });
  const again = founder.undoAgain(message);
  receive(founding, authorize, message, again, undo);
  t.is(joiner.undoneOf(message), undo.globalTime);
  // Late, so that its global time has to be given.
  const meta = defined(founder.messages.byName('revoke')).meta;
  const packet = conversionOf(founder).encode(meta, {
    members: [founder.masterMember],
    globalTime: authorize.globalTime,
    sequenceNumber: 1,
    payload: [{ publicKey: judge.publicKey, permissions: [{ messageId: founder.open.id, permission: 'undo' }] }],
  });
  receive({ packet });
  // It came at the same global time as the permission; the order of the members decides, the same for all.
  t.is(
    joiner.undoneOf(message),
    founder.myMember.mid.compare(founder.masterMember.mid) < 0 ? again.globalTime : undo.globalTime,
  );
});

test('the permission itself can be undone, with all that follows from it', (t) => {
  const { founder, founding, joiner, receive, meet } = makeSilentPair(t);
  const writer = seededMember('writer');
  meet(writer);
  const authorize = founder.allow(writer, founder.guarded, ['permit']);
  const message = founder.write(founder.guarded, 'message', writer);
  const undo = founder.createUndo(authorize);
  receive(founding, authorize, message, undo);
  for (const community of [founder, joiner]) {
    t.deepEqual(community.standing, []);
    t.is(community.undoneOf(message), NOT_PERMITTED);
    t.is(community.undoneOf(authorize), undo.globalTime);
  }
});

test('what was undone while it was not permitted stays undone when it would be permitted', (t) => {
  const { founder, founding, joiner, receive, meet } = makeSilentPair(t);
  const [middle, writer] = [seededMember('middle'), seededMember('writer')];
  meet(middle, writer);
  const authorize = founder.allow(middle, founder.guarded, ['authorize']);
  const revoke = founder.forbid(middle, founder.guarded, ['authorize']);
  const restored = founder.allow(middle, founder.guarded, ['authorize'], founder.masterMember);
  const authorizeWriter = founder.allow(writer, founder.guarded, ['permit'], middle);
  const message = founder.write(founder.guarded, 'message', writer);
  const undo = founder.createUndo(authorizeWriter, { member: middle });
  receive(founding, authorize, authorizeWriter, message, revoke, undo);
  t.is(joiner.undoneOf(authorizeWriter), undo.globalTime);
  receive(restored);
  t.deepEqual(joiner.standing, []);
  t.is(joiner.undoneOf(message), NOT_PERMITTED);
});

test('an undo of an undo lets the message stand again', (t) => {
  const { founder, founding, joiner, receive, meet } = makeSilentPair(t);
  const writer = seededMember('writer');
  meet(writer);
  const message = founder.write(founder.open, 'message', writer);
  const undo = founder.createUndo(message);
  receive(founding, message, undo, founder.createUndo(undo));
  t.deepEqual(joiner.happened, ['+message', '-message', '+message']);
  t.is(joiner.undoneOf(message), 0n);
});

test('undone messages are not synced, but given to whoever asks for them by name', async (t) => {
  const { founder, joiner, settle } = await makeGuardedPair(t);
  const message = founder.community.write(founder.community.open, 'message');
  const standing = founder.community.write(founder.community.open, 'standing');
  // As if nobody had heard of the undo.
  founder.community.store.setUndone(founder.community.myMember.mid, message.globalTime, NOT_PERMITTED);
  joiner.community.createIntroductionRequest(founder.address);
  await settle();
  t.true(joiner.community.standing.length > 0);
  await settle();
  t.deepEqual(joiner.community.standing, ['standing']);
  t.is(joiner.community.undoneOf(standing), 0n);
  askFor(
    joiner.community,
    { what: 'message', member: founder.community.myMember, globalTime: message.globalTime },
    founder.address,
  );
  await settle();
  t.deepEqual(joiner.community.standing, ['standing', 'message']);
});

/** A judge may undo messages that nobody permitted; the founder has stored one of them, with its undo and another undo. */
function makeJudged(t: ExecutionContext) {
  const pair = makeSilentPair(t);
  const { founder, meet } = pair;
  const [writer, judge] = [seededMember('writer'), seededMember('judge')];
  meet(writer, judge);
  const authorize = founder.createAuthorize([
    { member: judge, message: founder.guarded, permission: 'undo' },
    { member: judge, message: founder.open, permission: 'undo' },
  ]);
  const refused = founder.writeAnyway(founder.guarded, 'refused', writer);
  const message = founder.write(founder.open, 'message', writer);
  const undos = [
    founder.createUndo(refused, { member: judge }),
    founder.createUndo(message, { member: judge }),
  ] as const;
  return { ...pair, authorize, refused, message, undos };
}

for (const order of ['comes before', 'comes after'] as const)
  test(`a message that was never permitted, and ${order} its undo, does not hold up later undos of that member`, (t) => {
    const { clock, founding, joiner, receive, authorize, refused, message, undos, statistics } = makeJudged(t);
    if (order === 'comes before') receive(founding, authorize, refused, message, ...undos);
    else receive(founding, authorize, message, ...undos, refused);
    t.deepEqual(joiner.standing, []);
    t.deepEqual(joiner.happened, ['+message', '-message']);
    t.is(joiner.undoneOf(refused), undos[0].globalTime);
    t.is(joiner.delayedCount, 0);
    t.is(statistics.drops.get('undone before it was permitted'), 1);
    clock.advance(10_000);
    t.is(statistics.successCount + statistics.drops.total, statistics.receivedCount);
  });

test('a message that was undone before it was permitted does not stand, but when its undo is taken back and it is permitted', (t) => {
  const { founder, founding, joiner, receive, authorize, refused, message, undos } = makeJudged(t);
  receive(founding, authorize, refused, message, ...undos);
  receive(founder.createUndo(undos[0]));
  t.is(joiner.undoneOf(refused), NOT_PERMITTED);
  t.deepEqual(joiner.standing, []);
});

test('who may not undo a message that waits for its permission waits, too', (t) => {
  const { clock, founder, founding, joiner, receive, meet, statistics } = makeSilentPair(t);
  const [writer, stranger] = [seededMember('writer'), seededMember('stranger')];
  meet(writer, stranger);
  const refused = founder.writeAnyway(founder.guarded, 'refused', writer);
  receive(founding, refused, founder.undoAnyway(refused, stranger), founder.undoAnyway(refused, writer));
  t.is(joiner.delayedCount, 3);
  const { size } = joiner.store;
  clock.advance(10_000);
  t.is(statistics.delayTimeout, 3);
  // Nobody can have us store what nobody may see.
  t.is(joiner.store.size, size);
  t.is(joiner.undoneOf(refused), undefined);
});

test('whose permission was revoked undoes what it had sent by then, also for those who never saw it permitted', (t) => {
  const { founder, founding, joiner, receive, meet } = makeSilentPair(t);
  const writer = seededMember('writer');
  meet(writer);
  const authorize = founder.allow(writer, founder.guarded, ['permit']);
  const revoke = founder.forbid(writer, founder.guarded, ['permit']);
  // It did not know of the revocation.
  const refused = founder.writeAnyway(founder.guarded, 'refused', writer);
  const message = founder.write(founder.open, 'message', writer);
  const undos = [refused, message].map((each) => founder.createUndo(each, { member: writer }));
  receive(founding, authorize, revoke, refused, message, ...undos);
  t.deepEqual(joiner.happened, ['+message', '-message']);
  t.is(joiner.delayedCount, 0);
});
