import test from 'ava';
import { NOT_PERMITTED } from '../../../src/dispersy/store/store.js';
import { defined } from '../support/defined.js';
import { makeSilentPair } from '../support/guarded-community.js';
import { seededMember } from '../support/seeded-peers.js';
import { conversionOf, lamportClockOf, timelineOf } from '../support/inside.js';

test('what a permission allowed is taken back when the permission loses a fork', (t) => {
  const { founder, founding, joiner, receive, meet } = makeSilentPair(t);
  const [writer, other] = [seededMember('writer'), seededMember('other')];
  meet(writer, other);
  lamportClockOf(founder).resume(10n);
  const authorize = founder.allow(writer, founder.guarded, ['permit']);
  const message = founder.write(founder.guarded, 'message', writer);
  receive(founding, authorize, message);
  t.deepEqual(joiner.standing, ['message']);
  // The founder signed an earlier one with the same number, in a session that it does not remember.
  const packet = conversionOf(founder).encode(defined(founder.messages.byName('authorize')).meta, {
    members: [founder.myMember],
    globalTime: 5n,
    sequenceNumber: authorize.sequenceNumber,
    payload: [{ publicKey: other.publicKey, permissions: [{ messageId: founder.guarded.id, permission: 'permit' }] }],
  });
  receive({ packet });
  t.deepEqual(joiner.standing, []);
  t.is(joiner.undoneOf(message), NOT_PERMITTED);
  t.is(joiner.undoneOf(authorize), undefined);
  t.is(timelineOf(joiner).entries.length, 2);
  t.true(timelineOf(joiner).isPermitted(other.mid, founder.guarded.id, 'permit', 6n));
});

for (const which of ['lower', 'higher'] as const)
  test(`a message that turned out not to be permitted makes room for the ${which} one of its fork, which is`, (t) => {
    const { founder, founding, joiner, receive, meet } = makeSilentPair(t);
    const writer = seededMember('writer');
    meet(writer);
    const authorize = founder.allow(writer, founder.guarded, ['permit']);
    const revoke = founder.forbid(writer, founder.guarded, ['permit']);
    // The kind is the first byte in which they differ: 2 for guarded messages, 1 or 4 for those that anyone may send.
    const kind = which === 'lower' ? founder.open : founder.final;
    const packetOf = (meta: typeof kind, text: string) => ({
      packet: conversionOf(founder).encode(meta, { members: [writer], globalTime: 20n, payload: { text } }),
    });
    const [refused, open] = [packetOf(founder.guarded, 'refused'), packetOf(kind, 'open')];
    receive(founding, authorize, refused, revoke);
    t.is(joiner.store.get(writer.mid, 20n)?.undone, NOT_PERMITTED);
    receive(open);
    t.deepEqual(joiner.happened, ['+refused', '-refused', '+open']);
    t.is(joiner.store.get(writer.mid, 20n)?.undone, 0n);
  });
