import test, { type ExecutionContext } from 'ava';
import { Dispersy } from '../../../src/dispersy/dispersy.js';
import { MemoryStore } from '../../../src/dispersy/store/memory-store.js';
import { createLogger } from '../../../src/runtime/logger.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { seededRandom } from '../../../src/runtime/random.js';
import { GuardedCommunity } from '../support/guarded-community.js';
import { seededMember } from '../support/seeded-peers.js';
import { SilentEndpoint } from '../support/silent-endpoint.js';

/** A session that finds what the earlier ones left in the store. */
function makeSession(t: ExecutionContext, store: MemoryStore): Dispersy {
  const dispersy = new Dispersy({
    endpoint: new SilentEndpoint(),
    clock: new ManualClock(),
    random: seededRandom(t.title),
    logger: createLogger('session', (_level, line) => t.log(line)),
    openStore: () => store,
  });
  dispersy.start();
  t.teardown(() => dispersy.stop());
  return dispersy;
}

function makeSessions(t: ExecutionContext) {
  const store = new MemoryStore();
  const earlier = makeSession(t, store);
  const founder = GuardedCommunity.createCommunity<GuardedCommunity>(earlier, seededMember('founder'));
  const resume = (): GuardedCommunity => {
    const later = makeSession(t, store);
    for (const name of ['writer', 'judge']) later.members.add(seededMember(name));
    return later.loadCommunity(GuardedCommunity, { masterMember: founder.masterMember, myMember: founder.myMember });
  };
  const [writer, judge] = [seededMember('writer'), seededMember('judge')];
  for (const member of [writer, judge]) earlier.members.add(member);
  return { founder, resume, writer, judge };
}

test('a later session goes on with time, sequence numbers, permissions and policies', (t) => {
  const { founder, resume, writer } = makeSessions(t);
  founder.allow(writer, founder.guarded, ['permit']);
  founder.createDynamicSettings([{ messageId: founder.switched.id, index: 1 }]);
  founder.write(founder.guarded, 'earlier', writer);
  const resumed = resume();
  t.is(resumed.globalTime, founder.globalTime);
  t.is(resumed.write(resumed.guarded, 'later', writer).globalTime, founder.globalTime + 1n);
  t.is(resumed.write(resumed.switched, 'later').policyIndex, 1);
  t.is(resumed.allow(writer, resumed.switched, ['permit']).sequenceNumber, 2);
});

test('a later session knows what was undone, by whom, and can give it back', (t) => {
  const { founder, resume, writer, judge } = makeSessions(t);
  founder.allow(judge, founder.open, ['undo']);
  const message = founder.write(founder.open, 'message', writer);
  const undo = founder.createUndo(message, { member: judge });
  const resumed = resume();
  t.is(resumed.undoneOf(message), undo.globalTime);
  resumed.createUndo(undo);
  t.is(resumed.undoneOf(message), 0n);
  t.deepEqual(resumed.standing, ['message']);
});

test('a later session gives no effect to permissions that were undone', (t) => {
  const { founder, resume, writer } = makeSessions(t);
  founder.createUndo(founder.allow(writer, founder.guarded, ['permit']));
  const resumed = resume();
  t.throws(() => resumed.write(resumed.guarded, 'not permitted', writer));
});

for (const degree of ['soft', 'hard'] as const) {
  test(`a later session knows of a ${degree} end`, (t) => {
    const { founder, resume } = makeSessions(t);
    founder.write(founder.open, 'message');
    const destroy = founder.createDestroyCommunity(degree);
    const resumed = resume();
    t.is(resumed.destroyed, degree);
    // The founding, the message, the end, and the identities of the master member and the founder; or what proves the end.
    t.is(resumed.store.size, degree === 'soft' ? 5 : 4);
    t.is(resumed.undoneOf(destroy), 0n);
  });
}
