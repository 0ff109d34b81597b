import test from 'ava';
import { NOT_PERMITTED } from '../../../src/dispersy/store/store.js';
import { GumbyError } from '../../../src/runtime/errors.js';
import { type GuardedCommunity, makeGuardedPair, makeSilentPair } from '../support/guarded-community.js';
import { seededMember } from '../support/seeded-peers.js';
import { conversionOf, timelineOf } from '../support/inside.js';

const PUBLIC = 0;
const LINEAR = 1;
const DYNAMIC_SETTINGS = 236;
const MISSING_PROOF = 253;

function switchTo(community: GuardedCommunity, index: number) {
  return community.createDynamicSettings([{ messageId: community.switched.id, index }]);
}

test('a message follows the first of its policies until a setting switches it', (t) => {
  const { founder, founding, joiner, receive, meet } = makeSilentPair(t);
  const anyone = seededMember('anyone');
  meet(anyone);
  const before = founder.write(founder.switched, 'before', anyone);
  const setting = switchTo(founder, LINEAR);
  const error = t.throws(() => founder.write(founder.switched, 'refused', anyone), { instanceOf: GumbyError });
  t.is(error.code, 'PERMISSION_MISSING');
  const permitted = founder.write(founder.switched, 'permitted');
  const setBack = switchTo(founder, PUBLIC);
  const after = founder.write(founder.switched, 'after', anyone);
  t.deepEqual(
    [before, permitted, after].map(({ policyIndex }) => policyIndex),
    [PUBLIC, LINEAR, PUBLIC],
  );
  receive(founding, before, setting, permitted, setBack, after);
  t.deepEqual(joiner.standing, ['before', 'permitted', 'after']);
  t.is(joiner.delayedCount, 0);
});

test('under the linear policy, who is not permitted waits in vain', (t) => {
  const { clock, founder, founding, joiner, receive, meet, statistics } = makeSilentPair(t);
  const anyone = seededMember('anyone');
  meet(anyone);
  const setting = switchTo(founder, LINEAR);
  receive(founding, setting, founder.writeAnyway(founder.switched, 'refused', anyone));
  t.is(joiner.delayedCount, 1);
  clock.advance(10_000);
  t.is(statistics.delayTimeout, 1);
  t.deepEqual(joiner.happened, []);
});

test('a message under the wrong policy waits, and its sender is sent the setting', (t) => {
  const { clock, founder, founding, joiner, receive, meet, asked } = makeSilentPair(t);
  const ignorant = seededMember('ignorant');
  meet(ignorant);
  const setting = switchTo(founder, LINEAR);
  receive(founding, setting);
  // Its sender does not know of the setting.
  const packet = conversionOf(founder).encode(founder.switched, {
    members: [ignorant],
    globalTime: founder.claimGlobalTime(),
    policyIndex: PUBLIC,
    payload: { text: 'wrong policy' },
  });
  receive({ packet });
  t.deepEqual(joiner.standing, []);
  t.is(joiner.delayedCount, 1);
  t.deepEqual(asked(DYNAMIC_SETTINGS), [setting.packet]);
  clock.advance(10_000);
  t.is(joiner.delayedCount, 0);
});

test('a setting that the receiver does not know is asked for as a proof', async (t) => {
  const { founder, joiner, settle } = await makeGuardedPair(t);
  switchTo(founder.community, LINEAR);
  founder.community.forward(founder.community.write(founder.community.switched, 'permitted'), [joiner.address]);
  await settle();
  t.is(joiner.community.standing.length, 1);
  t.is(timelineOf(joiner.community).policyIndexAt(founder.community.switched.id, 1000n), LINEAR);
  t.is(joiner.community.delayedCount, 0);
});

test('a setting that arrives late takes back what was sent under the wrong policy', (t) => {
  const { founder, founding, joiner, receive, meet } = makeSilentPair(t);
  const anyone = seededMember('anyone');
  meet(anyone);
  const setting = switchTo(founder, LINEAR);
  const packet = conversionOf(founder).encode(founder.switched, {
    members: [anyone],
    globalTime: founder.claimGlobalTime(),
    policyIndex: PUBLIC,
    payload: { text: 'too open' },
  });
  receive(founding, { packet });
  t.deepEqual(joiner.standing, ['too open']);
  receive(setting);
  t.deepEqual(joiner.happened, ['+too open', '-too open']);
});

test('a setting that is undone was never in force', (t) => {
  const { founder, founding, joiner, receive } = makeSilentPair(t);
  const setting = switchTo(founder, LINEAR);
  const message = founder.write(founder.switched, 'under the setting');
  const undo = founder.createUndo(setting);
  receive(founding, setting, message);
  t.deepEqual(joiner.standing, ['under the setting']);
  receive(undo);
  for (const community of [founder, joiner]) {
    t.is(timelineOf(community).policyIndexAt(founder.switched.id, 1000n), PUBLIC);
    t.deepEqual(community.standing, []);
    t.is(community.undoneOf(message), NOT_PERMITTED);
  }
  const after = founder.write(founder.switched, 'after');
  t.is(after.policyIndex, PUBLIC);
  receive(after);
  t.deepEqual(joiner.standing, ['after']);
});

test('who is not permitted to switch policies switches none', (t) => {
  const { clock, founder, founding, joiner, receive, meet, asked } = makeSilentPair(t);
  const stranger = seededMember('stranger');
  meet(stranger);
  const error = t.throws(() => switchTo(joiner, LINEAR), { instanceOf: GumbyError });
  t.is(error.code, 'PERMISSION_MISSING');
  const meta = founder.messages.byName('dynamic-settings')?.meta ?? founder.open;
  const setting = founder.createMessage(meta, [{ messageId: founder.switched.id, index: LINEAR }], {
    member: stranger,
    checkPermission: false,
  });
  receive(founding, setting);
  t.is(asked(MISSING_PROOF).length, 1);
  clock.advance(10_000);
  t.is(timelineOf(joiner).policyIndexAt(founder.switched.id, 1000n), PUBLIC);
});

for (const [what, messageId, index] of [
  ['a message that is not known', 99, 0],
  ['a message of a fixed policy', 1, 0],
  ['a policy that the message does not have', 3, 2],
] as const) {
  test(`a setting of ${what} is dropped`, (t) => {
    const { founder, founding, joiner, receive, statistics } = makeSilentPair(t);
    const meta = founder.messages.byName('dynamic-settings')?.meta ?? founder.open;
    receive(founding, founder.createMessage(meta, [{ messageId, index }]));
    t.is(statistics.drops.get('invalid dynamic settings'), 1);
    t.is(timelineOf(joiner).entries.length, 1);
  });
}

test('an author who switches to a policy that a message does not have is told so', (t) => {
  const { founder } = makeSilentPair(t);
  const error = t.throws(() => switchTo(founder, 2), { instanceOf: GumbyError });
  t.is(error.code, 'PARAMETER_INVALID');
});
