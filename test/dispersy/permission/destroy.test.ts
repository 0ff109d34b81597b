import test from 'ava';
import { GumbyError } from '../../../src/runtime/errors.js';
import { defined } from '../support/defined.js';
import { type GuardedCommunity, makeGuardedPair, makeSilentPair, SOURCE } from '../support/guarded-community.js';
import { seededMember } from '../support/seeded-peers.js';
import { archiveOf } from '../support/inside.js';

const DESTROYED = 'community was destroyed';

test('destroyed softly, a community keeps everything and does nothing any more', (t) => {
  const { clock, founder, founding, joiner, receive, statistics, asked } = makeSilentPair(t);
  const degrees: string[] = [];
  joiner.events.on('destroyed', (degree) => degrees.push(degree));
  const message = founder.write(founder.open, 'message');
  const late = founder.write(founder.open, 'too late');
  receive(founding, message, founder.createDestroyCommunity('soft'));
  t.throws(() => founder.write(founder.open, 'no more'), { instanceOf: GumbyError, message: /was destroyed/ });
  t.deepEqual(degrees, ['soft']);
  t.is(joiner.destroyed, 'soft');
  t.is(founder.destroyed, 'soft');
  t.is(joiner.store.size, 3);
  receive(late);
  t.deepEqual(joiner.standing, ['message']);
  t.is(statistics.drops.get(DESTROYED), 1);
  t.is(asked(244).length, 0);
  clock.advance(60_000);
  t.is(asked(246).length, 0);
});

test('destroyed hard, it keeps only the proof, and answers everything with it', async (t) => {
  const { founder, joiner, addPeer, settle } = await makeGuardedPair(t);
  founder.community.write(founder.community.open, 'message');
  joiner.community.createIntroductionRequest(founder.address);
  await settle();
  t.is(joiner.community.standing.length, 1);
  const destroy = founder.community.createDestroyCommunity('hard');
  await settle();
  t.is(joiner.community.destroyed, 'hard');
  // The founding, the end, and who signed them: the master member and the founder.
  const proof = { authorize: 1, 'destroy-community': 1, identity: 2 };
  for (const { community } of [founder, joiner]) {
    t.deepEqual(countsOf(community), proof);
    t.truthy(archiveOf(community).find(founder.community.myMember, destroy.globalTime));
  }
  // One who has not heard of it says anything to one who has.
  const late = await addPeer('late');
  late.community.forward(late.community.write(late.community.open, 'anyone there?'), [joiner.address]);
  await settle();
  t.is(late.community.destroyed, 'hard');
  await settle();
  t.false('open' in countsOf(late.community));
});

/** How many messages of each kind are stored. */
function countsOf({ messages, store }: GuardedCommunity): Readonly<Record<string, number>> {
  return Object.fromEntries(
    [...messages]
      .map(({ meta }) => [meta.name, store.between(meta.id, 0n, 2n ** 53n).length] as const)
      .filter(([, count]) => count > 0),
  );
}

test('whoever hears of the end sends it on', async (t) => {
  const { founder, joiner, addPeer, settle } = await makeGuardedPair(t);
  const far = await addPeer('far');
  // The founder knows the joiner alone, and the joiner the far one.
  joiner.community.createIntroductionRequest(founder.address, { advice: false });
  far.community.createIntroductionRequest(joiner.address, { advice: false });
  await settle();
  t.is(founder.community.verifiedCandidates().length, 1);
  t.is(joiner.community.verifiedCandidates().length, 2);
  t.deepEqual(
    founder.community.verifiedCandidates().map(({ port }) => port),
    [joiner.address.port],
  );
  founder.community.createDestroyCommunity('hard');
  await settle();
  t.is(far.community.destroyed, 'hard');
  await settle();
});

test('the proof is whole also for who knows nothing of what the members numbered before', (t) => {
  const { founder, founding, joiner, receive, meet, addJoiner, asked } = makeSilentPair(t);
  const [first, second] = [seededMember('first'), seededMember('second')];
  // Sequence number 1 of the founder is about others; number 2 permits the one who destroys.
  const messages = [
    founder.allow(first, founder.guarded, ['permit']),
    founder.allow(second, defined(founder.messages.byName('destroy-community')).meta, ['permit']),
  ];
  const destroy = founder.createDestroyCommunity('hard', { member: second });
  meet(second);
  receive(founding, ...messages, destroy);
  t.is(joiner.destroyed, 'hard');
  receive(destroy);
  const late = addJoiner('late');
  late.meet(first, second);
  // Its answers are all that the late one gets, in whatever order.
  for (const packet of [244, 243].flatMap(asked)) late.receive({ packet });
  t.is(late.joiner.destroyed, 'hard');
});

test('who is not permitted to destroy a community does not', (t) => {
  const { clock, founder, founding, joiner, receive, meet } = makeSilentPair(t);
  const stranger = seededMember('stranger');
  meet(stranger);
  const error = t.throws(() => joiner.createDestroyCommunity('hard'), { instanceOf: GumbyError });
  t.is(error.code, 'PERMISSION_MISSING');
  t.is(joiner.destroyed, undefined);
  const { meta } = defined(founder.messages.byName('destroy-community'));
  const forged = founder.createMessage(meta, { degree: 'hard' }, { member: stranger, checkPermission: false });
  receive(founding, founder.write(founder.open, 'message'), forged);
  t.is(joiner.delayedCount, 1);
  clock.advance(10_000);
  t.is(joiner.destroyed, undefined);
  t.is(joiner.store.size, 2);
});

test('a degree that there is none of is dropped', (t) => {
  const { founder, founding, joiner, receive, statistics } = makeSilentPair(t);
  const destroy = founder.createMessage(defined(founder.messages.byName('destroy-community')).meta, { degree: 'hard' });
  const packet = Buffer.from(destroy.packet);
  packet[packet.length - founder.myMember.signatureLength - 1] = 'x'.charCodeAt(0);
  receive(founding, { packet });
  t.is(joiner.destroyed, undefined);
  t.is(statistics.drops.get('unknown degree of destruction'), 1);
});

test('what waited for its batch when a community was destroyed is not handled any more', (t) => {
  const { clock, founder } = makeSilentPair(t);
  founder.write(founder.numbered, 'one');
  const { meta } = defined(founder.messages.byName('missing-sequence'));
  const payload = { mid: founder.myMember.mid, messageId: founder.numbered.id, low: 1, high: 1 };
  founder.dispersy.receive(SOURCE, founder.createMessage(meta, payload).packet);
  founder.createDestroyCommunity('soft');
  clock.advance(1000);
  t.is(founder.sent('numbered'), 0);
});
