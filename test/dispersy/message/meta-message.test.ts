import test from 'ava';
import { noPayload } from '../../../src/dispersy/codec/struct.js';
import { MetaMessage, type MetaMessageInit } from '../../../src/dispersy/message/meta-message.js';
import {
  type Authentication,
  communityDestination,
  directDistribution,
  lastSyncDistribution,
  memberAuthentication,
  noAuthentication,
  publicResolution,
} from '../../../src/dispersy/message/policies.js';
import type { NoPayload } from '../../../src/dispersy/codec/struct.js';
import { GumbyError } from '../../../src/runtime/errors.js';

type Definition = MetaMessageInit<NoPayload, Authentication>;

const sensible: Definition = {
  id: 7,
  name: 'seven',
  authentication: memberAuthentication(),
  resolution: publicResolution(),
  distribution: directDistribution(),
  destination: communityDestination(10),
  payload: noPayload,
  handle: () => {},
};

const nonsense: readonly [string, Partial<Definition>, RegExp][] = [
  ['an id of 0', { id: 0 }, /from 1 to 254/],
  ['an id of 255', { id: 255 }, /from 1 to 254/],
  ['half an id', { id: 1.5 }, /from 1 to 254/],
  [
    'an unsigned message of which the newest of a member is kept',
    { authentication: noAuthentication(), distribution: lastSyncDistribution(1) },
    /no authentication.*last-sync.*allowed with no authentication is direct distribution/,
  ],
  ['no history', { distribution: lastSyncDistribution(0) }, /history size/],
  ['a negative node count', { destination: communityDestination(-1) }, /node count/],
];

for (const [what, change, message] of nonsense) {
  test(`a definition with ${what} is refused`, (t) => {
    const error = t.throws(() => new MetaMessage({ ...sensible, ...change }), { instanceOf: GumbyError, message });
    t.is(error.code, 'MESSAGE_DEFINITION_INVALID');
    t.regex(error.message, /"seven"/);
  });
}

test('a sensible definition is accepted', (t) => {
  t.is(new MetaMessage(sensible).name, 'seven');
});
