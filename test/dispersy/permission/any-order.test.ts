import test from 'ava';
import type { Message } from '../../../src/dispersy/message/message.js';
import { NOT_PERMITTED } from '../../../src/dispersy/store/store.js';
import { seededRandom } from '../../../src/runtime/random.js';
import { type GuardedCommunity, makeSilentPair } from '../support/guarded-community.js';
import { seededMember } from '../support/seeded-peers.js';

const ORDERS = 150;

/** Everything that permissions, settings and undos can do to each other. */
function makeHistory(founder: GuardedCommunity) {
  const [middle, writer, judge] = [seededMember('middle'), seededMember('writer'), seededMember('judge')];
  for (const member of [middle, writer, judge]) founder.dispersy.members.add(member);
  const { masterMember, guarded, open, switched } = founder;
  const messages: Message[] = [];
  const keep = (message: Message) => {
    messages.push(message);
    return message;
  };
  keep(founder.allow(middle, guarded, ['authorize', 'revoke']));
  keep(founder.allow(writer, guarded, ['permit'], middle));
  keep(founder.allow(judge, open, ['undo']));
  keep(founder.allow(judge, guarded, ['undo'], masterMember));
  const one = keep(founder.write(guarded, 'one', writer));
  const two = keep(founder.write(open, 'two', writer));
  const undo = keep(founder.createUndo(one, { member: judge }));
  keep(founder.createUndo(two));
  keep(founder.undoAgain(two, judge));
  keep(founder.write(guarded, 'three', writer));
  keep(founder.forbid(writer, guarded, ['permit'], middle));
  keep(founder.writeAnyway(guarded, 'four', writer));
  keep(founder.forbid(middle, guarded, ['revoke']));
  const setting = keep(founder.createDynamicSettings([{ messageId: switched.id, index: 1 }]));
  keep(founder.write(switched, 'five'));
  keep(founder.allow(writer, guarded, ['permit'], masterMember));
  keep(founder.write(guarded, 'six', writer));
  keep(founder.createUndo(setting));
  keep(founder.write(switched, 'seven', writer));
  keep(founder.createUndo(keep(founder.allow(middle, open, ['undo']))));
  keep(founder.createUndo(undo));
  keep(founder.forbid(judge, open, ['undo']));
  return { messages, members: [middle, writer, judge] };
}

/** Of each message, what became of it; one that is not permitted may be stored, or wait in vain. */
function stateOf(community: GuardedCommunity, messages: readonly Message[]): string[] {
  return messages.map((message) => {
    const undone = community.undoneOf(message);
    if (undone === undefined || undone === NOT_PERMITTED) return 'not permitted';
    return undone === 0n ? 'stands' : `undone by ${undone}`;
  });
}

test('whatever the order in which messages come, the same ones stand and fall', (t) => {
  const { founder, founding, addJoiner } = makeSilentPair(t);
  const { messages, members } = makeHistory(founder);
  const random = seededRandom('any order');
  const outcomeOf = (order: number) => {
    const { joiner, receive, meet } = addJoiner(`joiner ${order}`);
    meet(...members);
    receive(...(order === 0 ? [founding, ...messages] : random.shuffle([founding, ...messages])));
    return { standing: joiner.standing.toSorted(), states: stateOf(joiner, messages) };
  };
  const inOrder = outcomeOf(0);
  t.deepEqual(inOrder.standing, ['one', 'seven', 'six', 'three']);
  for (let order = 1; order < ORDERS; order++) t.deepEqual(outcomeOf(order), inOrder, `order ${order}`);
});
