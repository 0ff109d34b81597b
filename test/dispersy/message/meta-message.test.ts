import test from 'ava';
import { noPayload } from '../../../src/dispersy/codec/struct.js';
import { MetaMessage, type MetaMessageInit } from '../../../src/dispersy/message/meta-message.js';
import {
  type Authentication,
  candidateDestination,
  communityDestination,
  type Destination,
  directDistribution,
  type Distribution,
  doubleMemberAuthentication,
  dynamicResolution,
  fullSyncDistribution,
  lastSyncDistribution,
  linearResolution,
  memberAuthentication,
  nHopCommunityDestination,
  noAuthentication,
  publicResolution,
  type Resolution,
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
  ['half a history', { distribution: lastSyncDistribution(1.5) }, /history size/],
  ['a priority of 256', { distribution: fullSyncDistribution({ priority: 256 }) }, /priority.*from 0 to 255, not 256/],
  ['a priority of -1', { distribution: lastSyncDistribution(1, { priority: -1 }) }, /priority.*from 0 to 255, not -1/],
  [
    'messages that are removed before they are inactive',
    { distribution: fullSyncDistribution({ pruning: { inactiveAfter: 10, removedAfter: 9 } }) },
    /pruning.*not after 10 and 9/,
  ],
  ['no hop', { destination: nHopCommunityDestination(10, 0) }, /depth.*from 1 to 127, not 0/],
  ['128 hops', { destination: nHopCommunityDestination(10, 128) }, /depth.*from 1 to 127, not 128/],
  ['no policy to choose from', { resolution: dynamicResolution() }, /1 to 256 policies, not 0/],
  ['no window', { batch: { maxWindowMs: 0 } }, /batch window.*not 0/],
  ['a window of a minute', { batch: { maxWindowMs: 60_000 } }, /batch window.*not 60000/],
  ['two handlers', { handleBatch: () => {} }, /either a handle or a handleBatch/],
  [
    'a second signature of none',
    { authentication: noAuthentication(), allowSignature: () => undefined },
    /allowSignature cannot go with no authentication; allowed with allowSignature is double member authentication/,
  ],
  [
    'a second signature of one member',
    { allowSignature: () => undefined },
    /allowSignature cannot go with member authentication; allowed with allowSignature is double member/,
  ],
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

const authentications: Readonly<Record<string, Authentication>> = {
  'no authentication': noAuthentication(),
  'member authentication': memberAuthentication(),
  'double member authentication': doubleMemberAuthentication(),
};
const resolutions: Readonly<Record<string, Resolution>> = {
  'public resolution': publicResolution(),
  'linear resolution': linearResolution(),
  'dynamic resolution': dynamicResolution(publicResolution(), linearResolution()),
};
const pruning = { inactiveAfter: 10, removedAfter: 20 };
const distributions: Readonly<Record<string, Distribution>> = {
  'direct distribution': directDistribution(),
  'direct distribution without a global time': directDistribution({ hasGlobalTime: false }),
  'full-sync distribution': fullSyncDistribution({ pruning }),
  'sequence numbers': fullSyncDistribution({ sequenceNumbers: true }),
  'sequence numbers, pruning': fullSyncDistribution({ sequenceNumbers: true, pruning }),
  'last-sync distribution': lastSyncDistribution(5, { pruning }),
};
const destinations: Readonly<Record<string, Destination>> = {
  'candidate destination': candidateDestination(),
  'community destination': communityDestination(10),
  'n-hop community destination': nHopCommunityDestination(10, 2),
};

/** The two policies of a combination that make no sense together; nothing for one that is sensible. */
function clashesOf(authentication: string, resolution: string, distribution: string, destination: string) {
  const isNumbered = distribution.startsWith('sequence numbers');
  const isKept = isNumbered || distribution.includes('sync');
  return [
    [authentication, resolution, authentication.startsWith('no ') && resolution !== 'public resolution'],
    [authentication, isNumbered ? 'full-sync distribution' : distribution, authentication.startsWith('no ') && isKept],
    [authentication, 'sequence numbers', authentication.startsWith('double') && isNumbered],
    ['sequence numbers', 'pruning', distribution === 'sequence numbers, pruning'],
    [isNumbered ? 'full-sync distribution' : distribution, destination, isKept && destination.startsWith('candidate')],
    [
      'direct distribution without a global time',
      resolution,
      distribution.endsWith('without a global time') && resolution !== 'public resolution',
    ],
  ].filter(([, , isNonsense]) => isNonsense === true);
}

for (const [authenticationName, authentication] of Object.entries(authentications)) {
  test(`every combination with ${authenticationName} is sensible, or an error that names two policies`, (t) => {
    for (const [resolutionName, resolution] of Object.entries(resolutions)) {
      for (const [distributionName, distribution] of Object.entries(distributions)) {
        for (const [destinationName, destination] of Object.entries(destinations)) {
          const names = [authenticationName, resolutionName, distributionName, destinationName] as const;
          const clashes = clashesOf(...names);
          const define = () => new MetaMessage({ ...sensible, authentication, resolution, distribution, destination });
          if (clashes.length === 0) {
            t.notThrows(define, names.join(', '));
            continue;
          }
          const error = t.throws(define, { instanceOf: GumbyError }, names.join(', '));
          t.is(error.code, 'MESSAGE_DEFINITION_INVALID');
          const named = clashes.some(([one, other]) =>
            error.message.includes(`${String(one)} cannot go with ${String(other)}`),
          );
          t.true(named, error.message);
          t.regex(error.message, /; allowed (with|without) .+ (is|are) .+/);
        }
      }
    }
  });
}
