import test from 'ava';
import { GumbyError } from '../../../src/runtime/errors.js';
import { makeGuardedPair, makeSilentPair } from '../support/guarded-community.js';
import { seededMember } from '../support/seeded-peers.js';
import { askFor, timelineOf } from '../support/inside.js';

const MISSING_PROOF = 253;

test('what a member was permitted to send is accepted', (t) => {
  const { founder, founding, joiner, receive, statistics } = makeSilentPair(t);
  receive(founding, founder.write(founder.guarded, 'permitted'));
  t.deepEqual(joiner.standing, ['permitted']);
  t.is(joiner.delayedCount, 0);
  t.is(statistics.drops.total, 0);
});

test('the founder of a community may do everything in it', (t) => {
  const { founder } = makeSilentPair(t);
  for (const meta of [founder.guarded, founder.guardedDirect])
    for (const permission of ['permit', 'authorize', 'revoke', 'undo'] as const)
      t.is(
        timelineOf(founder).isPermitted(founder.myMember.mid, meta.id, permission, 2n),
        permission !== 'undo' || meta.canBeUndone,
      );
  t.notThrows(() => founder.write(founder.guarded, 'fine'));
});

test('a message waits for the proof, asks for it, and is accepted when it comes', async (t) => {
  const { founder, joiner, settle } = await makeGuardedPair(t);
  founder.community.forward(founder.community.write(founder.community.guarded, 'permitted'), [joiner.address]);
  await settle();
  t.is(joiner.community.standing.length, 1);
  t.deepEqual(joiner.community.standing, ['permitted']);
  t.is(joiner.community.sent('missing-proof'), 1);
  // From now on the proof is known.
  founder.community.forward(founder.community.write(founder.community.guarded, 'another'), [joiner.address]);
  await settle();
  t.deepEqual(joiner.community.standing, ['permitted', 'another']);
  t.is(joiner.community.sent('missing-proof'), 1);
});

test('a proof of two is asked for, when its own proof is missing', async (t) => {
  const { founder, joiner, addPeer, settle } = await makeGuardedPair(t);
  const writer = await addPeer('writer');
  const middle = founder.dispersy.getNewMember();
  founder.community.allow(middle, founder.community.guarded, ['authorize']);
  founder.community.allow(writer.community.myMember, founder.community.guarded, ['permit'], middle);
  writer.community.createIntroductionRequest(founder.address);
  await settle();
  t.is(timelineOf(writer.community).entries.length, 3);
  writer.community.forward(writer.community.write(writer.community.guarded, 'permitted'), [joiner.address]);
  await settle();
  t.is(joiner.community.standing.length, 1);
  t.is(joiner.community.delayedCount, 0);
  t.is(joiner.dispersy.statistics.drops.total, 0);
  const timeline = timelineOf(joiner.community);
  t.is(timeline.entries.filter((event) => timeline.stands(event)).length, 3);
});

test('an authorize message that comes before its own proof waits for it', (t) => {
  const { founder, founding, joiner, receive, meet, asked } = makeSilentPair(t);
  const writer = seededMember('writer');
  meet(writer);
  const authorize = founder.allow(writer, founder.guarded, ['permit']);
  receive(founder.write(founder.guarded, 'permitted', writer));
  receive(authorize);
  t.is(joiner.delayedCount, 2);
  t.true(asked(MISSING_PROOF).length >= 1);
  receive(founding);
  t.is(joiner.delayedCount, 0);
  t.deepEqual(joiner.standing, ['permitted']);
});

test('without any proof a message is dropped after 10 s', (t) => {
  const { clock, founder, joiner, receive, meet, statistics } = makeSilentPair(t);
  const stranger = seededMember('stranger');
  meet(stranger);
  receive(founder.writeAnyway(founder.guarded, 'not permitted', stranger));
  t.is(joiner.delayedCount, 1);
  clock.advance(9_999);
  t.is(joiner.delayedCount, 1);
  clock.advance(1);
  t.is(joiner.delayedCount, 0);
  t.is(statistics.delayTimeout, 1);
  t.is(statistics.drops.get('what it waited for did not come'), 1);
  t.deepEqual(joiner.happened, []);
  t.is(joiner.store.size, 0);
});

test('a message with the permission of a later time is not accepted', (t) => {
  const { founder, founding, joiner, receive, meet } = makeSilentPair(t);
  const hasty = seededMember('hasty');
  meet(hasty);
  const message = founder.writeAnyway(founder.guarded, 'too early', hasty);
  const authorize = founder.allow(hasty, founder.guarded, ['permit']);
  receive(founding, message, authorize);
  t.deepEqual(joiner.standing, []);
  t.is(joiner.delayedCount, 1);
  receive(founder.write(founder.guarded, 'in time', hasty));
  t.deepEqual(joiner.standing, ['in time']);
});

test('who is not permitted cannot create a message, unless nobody asks', (t) => {
  const { founder, joiner } = makeSilentPair(t);
  const error = t.throws(() => joiner.write(joiner.guarded, 'not permitted'), { instanceOf: GumbyError });
  t.is(error.code, 'PERMISSION_MISSING');
  t.regex(error.message, /"guarded"/);
  t.is(joiner.store.size, 0);
  t.notThrows(() => joiner.createMessage(joiner.guarded, { text: 'anyway' }, { checkPermission: false }));
  const other = t.throws(() => joiner.allow(joiner.myMember, joiner.guarded, ['permit']), { instanceOf: GumbyError });
  t.is(other.code, 'PERMISSION_MISSING');
  t.notThrows(() => founder.allow(joiner.myMember, founder.guarded, ['permit']));
});

test('a sequence number of a message that could not be created is given to the next one', (t) => {
  const { founder, joiner } = makeSilentPair(t);
  t.throws(() => joiner.allow(joiner.myMember, joiner.guarded, ['permit']), { instanceOf: GumbyError });
  const rights = founder.allow(joiner.myMember, founder.guarded, ['permit', 'authorize']);
  t.is(rights.sequenceNumber, 1);
});

test('of a message that is never stored the proof is given too', async (t) => {
  const { founder, joiner, settle } = await makeGuardedPair(t);
  founder.community.send(founder.community.guardedDirect, { text: 'permitted' }, [joiner.address]);
  await settle();
  t.deepEqual(joiner.community.standing, ['permitted']);
});

test('a request for the proof of what was never sent is not answered', async (t) => {
  const { founder, joiner, settle } = await makeGuardedPair(t);
  const stranger = joiner.dispersy.getNewMember();
  for (const globalTime of [0n, 1n, 99n, 2n ** 64n - 1n])
    askFor(joiner.community, { what: 'proof', member: stranger, globalTime, of: stranger }, founder.address);
  await settle();
  t.is(founder.dispersy.statistics.successCount, 4);
  t.is(founder.community.sent('authorize'), 0);
});

test('two members wait for a proof: each one’s is asked for, also when the other has none', (t) => {
  const { founder, joiner, receive, meet, asked } = makeSilentPair(t);
  const [permitted, stranger] = [seededMember('permitted'), seededMember('stranger')];
  meet(permitted, stranger);
  founder.allow(permitted, founder.guarded, ['permit']);
  receive(founder.writeAnyway(founder.guarded, 'not permitted', stranger));
  receive(founder.write(founder.guarded, 'permitted', permitted));
  t.is(joiner.delayedCount, 2);
  t.is(asked(MISSING_PROOF).length, 2);
});
