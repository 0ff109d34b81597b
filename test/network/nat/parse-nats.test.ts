import test from 'ava';
import fc from 'fast-check';
import { parseNats } from '../../../src/network/nat/parse-nats.js';

test('NATs are read with their groups', (t) => {
  t.deepEqual(parseNats('port-restricted {1-4, 9}, symmetric{5-6} shared,none {7}', 10), {
    ok: true,
    value: [
      {
        type: 'port-restricted',
        group: [
          { from: 1, to: 4 },
          { from: 9, to: 9 },
        ],
        isShared: false,
      },
      { type: 'symmetric', group: [{ from: 5, to: 6 }], isShared: true },
      { type: 'none', group: [{ from: 7, to: 7 }], isShared: false },
    ],
  });
  t.deepEqual(parseNats('firewall', 3), {
    ok: true,
    value: [{ type: 'firewall', group: [{ from: 1, to: 3 }], isShared: false }],
  });
  t.deepEqual(parseNats('', 3), { ok: true, value: [] });
});

const WRONG: readonly (readonly [string, RegExp, RegExp])[] = [
  ['port-restrikted {1}', /no NAT "port-restrikted": did you mean "port-restricted"\?/, /expected none, full-cone/],
  ['symmetric {11}', /instance 11 is outside 1\.\.10/, /from 1 to 10/],
  ['symmetric {1-3}, restricted {3}', /instance 3 is in two groups/, /one NAT/],
  ['symmetric {1-3', /is no list of NATs/, /write port-restricted/],
  ['symmetric {x}', /"x" is no instance number/, /expected instance numbers/],
  ['symmetric {1-3} alone', /"alone" is not "shared"/, /write port-restricted/],
  ['firewall {1-3} shared', /"firewall" cannot be shared/, /only NATs/],
  ['symmetric {1} {2}', /is no list of NATs/, /write/],
];

for (const [text, message, hint] of WRONG)
  test(`"${text}" is refused`, (t) => {
    const result = parseNats(text, 10);
    t.false(result.ok);
    if (result.ok) return;
    t.regex(result.message, message);
    t.regex(result.hint, hint);
  });

test('a NAT has ports for a number of instances', (t) => {
  const result = parseNats('symmetric shared', 2000);
  t.true(!result.ok && /2000 instances share a NAT/.test(result.message) && /1008 at most/.test(result.hint));
});

test('whatever is read is a list or a complaint', (t) => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z{},0-9 -]{0,40}$/), (text) => {
      const result = parseNats(text, 10);
      t.true(result.ok ? Array.isArray(result.value) : result.message !== '' && result.hint !== '');
    }),
  );
});
