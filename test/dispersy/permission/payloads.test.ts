import test from 'ava';
import fc from 'fast-check';
import { PERMISSIONS, permissionsFrom, permissionsPayload } from '../../../src/dispersy/permission/permission.js';
import { dynamicSettingsPayload } from '../../../src/dispersy/permission/dynamic-settings.js';
import { GumbyError } from '../../../src/runtime/errors.js';
import { anyBytes, assertBearsHostileBytes, assertRoundTrips, read, write } from '../support/codecs.js';
import { makeSilentPair } from '../support/guarded-community.js';
import { seededMember } from '../support/seeded-peers.js';

const octet = fc.integer({ min: 0, max: 255 });

/** As they are read: each kind of message once, its permissions in their order. */
const permissionsOfMember = fc
  .uniqueArray(fc.tuple(octet, fc.subarray([...PERMISSIONS], { minLength: 1 })), {
    selector: ([messageId]) => messageId,
    minLength: 1,
    maxLength: 255,
  })
  .map((kinds) =>
    kinds.flatMap(([messageId, permissions]) => permissions.map((permission) => ({ messageId, permission }))),
  );
const permissions = fc.array(
  fc.record({ publicKey: anyBytes({ maxLength: 200 }), permissions: permissionsOfMember }, { noNullPrototype: true }),
  { minLength: 1, maxLength: 5 },
);
const settings = fc.array(fc.record({ messageId: octet, index: octet }, { noNullPrototype: true }), {
  minLength: 1,
  maxLength: 300,
});

test('permissions are read as they were written', (t) => {
  assertRoundTrips(t, permissionsPayload, permissions);
});

test('permissions bear hostile bytes', (t) => {
  assertBearsHostileBytes(t, permissionsPayload, permissions);
});

test('dynamic settings are read as they were written', (t) => {
  assertRoundTrips(t, dynamicSettingsPayload, settings);
});

test('dynamic settings bear hostile bytes', (t) => {
  assertBearsHostileBytes(t, dynamicSettingsPayload, settings);
});

test('permissions on the wire: key, number of messages, and a bit for each permission', (t) => {
  const packet = write(permissionsPayload, [
    {
      publicKey: Buffer.from('key'),
      permissions: [
        { messageId: 7, permission: 'undo' },
        { messageId: 1, permission: 'permit' },
        { messageId: 7, permission: 'authorize' },
        { messageId: 2, permission: 'revoke' },
      ],
    },
  ]);
  t.is(packet.toString('hex'), `0003${Buffer.from('key').toString('hex')}03070a01010204`);
});

test('grants are put together by member', (t) => {
  const { founder } = makeSilentPair(t);
  const [one, other] = [seededMember('one'), seededMember('other')];
  t.deepEqual(
    permissionsFrom([
      { member: one, message: founder.open, permission: 'undo' },
      { member: other, message: founder.open, permission: 'undo' },
      { member: one, message: founder.guarded, permission: 'permit' },
    ]),
    [
      {
        publicKey: one.publicKey,
        permissions: [
          { messageId: 1, permission: 'undo' },
          { messageId: 2, permission: 'permit' },
        ],
      },
      { publicKey: other.publicKey, permissions: [{ messageId: 1, permission: 'undo' }] },
    ],
  );
});

for (const [what, hex, failure] of [
  ['nothing', '', 'no permissions'],
  ['a member without permissions', '00016b00', 'a member without permissions'],
  ['no bit', '00016b010100', 'unknown permission'],
  ['a bit that means nothing', '00016b010111', 'unknown permission'],
  ['a message named twice', '00016b0201010102', 'a message named twice'],
  ['half a permission', '00016b0101', 'packet is truncated'],
  ['half a key', '00056b', 'packet is truncated'],
] as const) {
  test(`permissions with ${what} are refused`, (t) => {
    t.is(read(permissionsPayload, Buffer.from(hex, 'hex')).failure, failure);
  });
}

test('a dynamic setting on the wire: message, the letter r, index', (t) => {
  t.is(write(dynamicSettingsPayload, [{ messageId: 3, index: 1 }]).toString('hex'), '037201');
});

for (const [what, hex, failure] of [
  ['nothing', '', 'no policies'],
  ['another letter', '037301', 'unknown kind of policy'],
  ['half a policy', '0372', 'packet is truncated'],
] as const) {
  test(`dynamic settings with ${what} are refused`, (t) => {
    t.is(read(dynamicSettingsPayload, Buffer.from(hex, 'hex')).failure, failure);
  });
}

test('an author who changes nothing is told so', (t) => {
  const { founder } = makeSilentPair(t);
  for (const create of [
    () => founder.createAuthorize([]),
    () => founder.createRevoke([]),
    () => founder.createDynamicSettings([]),
  ]) {
    const error = t.throws(create, { instanceOf: GumbyError });
    t.is(error.code, 'PARAMETER_INVALID');
  }
});

test('a stranger who permits nobody anything is not stored', (t) => {
  const { founder, joiner, receive, meet, statistics } = makeSilentPair(t);
  const stranger = seededMember('stranger');
  meet(stranger);
  const { packet } = founder.createMessage(
    founder.messages.byName('authorize')?.meta ?? founder.open,
    [{ publicKey: stranger.publicKey, permissions: [{ messageId: 2, permission: 'permit' }] }],
    { member: stranger, checkPermission: false },
  );
  const empty = Buffer.concat([packet.subarray(0, packet.length - 64 - 3), Buffer.from([0])]);
  receive({ packet: Buffer.concat([empty, stranger.sign(empty)]) });
  t.is(joiner.store.size, 0);
  t.is(statistics.drops.get('a member without permissions'), 1);
});
