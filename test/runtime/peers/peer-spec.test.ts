import test from 'ava';
import fc from 'fast-check';
import { complementOf, includesPeer, intersectionOf, peersIn, peerSetOf } from '../../../src/runtime/peers/peer-set.js';
import type { InstanceRange } from '../../../src/runtime/peers/instance-range.js';
import { parsePeerSpec } from '../../../src/runtime/peers/peer-spec.js';

/** The members among 9 instances; the warnings' places. */
function parse(text: string): { readonly members: readonly number[]; readonly warnings: readonly string[] } | string {
  const result = parsePeerSpec(text, 9);
  if (!result.ok) return `${result.problem.offset}+${result.problem.length}: ${result.problem.message}`;
  const warnings = result.warnings.map(({ message, offset, length }) => `${offset}+${length}: ${message}`);
  return { members: peersIn(result.peers, 9), warnings };
}

const EVERYONE = [1, 2, 3, 4, 5, 6, 7, 8, 9];

for (const [text, members] of [
  ['', EVERYONE],
  ['  ', EVERYONE],
  ['3', [3]],
  ['1,2', [1, 2]],
  ['3-6', [3, 4, 5, 6]],
  ['1, 4-6,9', [1, 4, 5, 6, 9]],
  [' 9 , 2 - 3 , 3', [2, 3, 9]],
  ['5-5', [5]],
  ['!2', [1, 3, 4, 5, 6, 7, 8, 9]],
  ['!1-5,7', [6, 8, 9]],
  ['!1,!2-8', [9]],
  ['!1-9', []],
  ['003', [3]],
] as const)
  test(`{${text}} selects ${members.join(' ') || 'nobody'}`, (t) => {
    t.deepEqual(parse(text), { members, warnings: [] });
  });

test('a number that no instance has is a warning, and selects nobody', (t) => {
  t.deepEqual(parse('0'), { members: [], warnings: ['0+1: instance 0 is outside 1..9'] });
  t.deepEqual(parse('2, 10'), { members: [2], warnings: ['3+2: instance 10 is outside 1..9'] });
  t.deepEqual(parse('8-12'), { members: [8, 9], warnings: ['0+4: the range 8-12 reaches outside 1..9'] });
  t.deepEqual(parse('!10'), { members: EVERYONE, warnings: ['0+3: instance 10 is outside 1..9'] });
});

test('a comma too many is a warning: Gumby overlooks it', (t) => {
  t.deepEqual(parse('1,,2'), { members: [1, 2], warnings: ['2+1: an instance number is missing beside the comma'] });
  t.deepEqual(parse('1,2,'), { members: [1, 2], warnings: ['4+1: an instance number is missing beside the comma'] });
});

for (const [text, problem] of [
  ['6-4', '0+3: the range 6-4 has its ends swapped'],
  ['1, 6-4', '3+3: the range 6-4 has its ends swapped'],
  ['all', '0+3: "all" is no instance number or range'],
  ['1,x,y', '2+1: "x" is no instance number or range'],
  ['-3', '0+2: "-3" is no instance number or range'],
  ['3-', '0+2: "3-" is no instance number or range'],
  ['1.5', '0+3: "1.5" is no instance number or range'],
  ['1 2', '0+3: "1 2" is no instance number or range'],
  ['!', '0+1: "!" is no instance number or range'],
  ['!!2', '0+3: "!!2" is no instance number or range'],
  ['1,!2', '2+2: "!" turns the whole selection round, so it must lead it'],
  [',', '0+1: no instance is selected'],
  ['12345678901', '0+11: "12345678901" is no instance number or range'],
] as const)
  test(`{${text}} is an error`, (t) => {
    t.is(parse(text), problem);
  });

const INSTANCES = 30;
const rangeArbitrary = fc
  .tuple(fc.integer({ min: 1, max: INSTANCES }), fc.integer({ min: 1, max: INSTANCES }))
  .map(([a, b]): InstanceRange => ({ from: Math.min(a, b), to: Math.max(a, b) }));
const rangesArbitrary = fc.array(rangeArbitrary, { minLength: 1, maxLength: 6 });

test('a selection that is printed and parsed selects the same instances', (t) => {
  fc.assert(
    fc.property(rangesArbitrary, fc.boolean(), (ranges, negated) => {
      const text =
        (negated ? '!' : '') + ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
      const result = parsePeerSpec(text, INSTANCES);
      for (let peer = 1; peer <= INSTANCES; peer++) {
        const named = ranges.some(({ from, to }) => from <= peer && peer <= to);
        t.is(result.ok && includesPeer(result.peers, peer), named !== negated);
      }
    }),
  );
});

test('sets of peers are what sets are', (t) => {
  fc.assert(
    fc.property(rangesArbitrary, rangesArbitrary, (rangesA, rangesB) => {
      const [a, b] = [peerSetOf(rangesA, INSTANCES), peerSetOf(rangesB, INSTANCES)];
      const everyone = Array.from({ length: INSTANCES }, (_, index) => index + 1);
      const expected = everyone.filter((peer) => includesPeer(a, peer) && includesPeer(b, peer));
      t.deepEqual(peersIn(intersectionOf(a, b), INSTANCES), expected);
      t.deepEqual(
        peersIn(complementOf(a, INSTANCES), INSTANCES),
        everyone.filter((peer) => !includesPeer(a, peer)),
      );
      t.deepEqual(complementOf(complementOf(a, INSTANCES), INSTANCES), a);
    }),
  );
});

test('any text is either a selection or an error', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('0', '1', '7', '23', '-', ',', '!', ' ', 'x') }), (text) =>
      t.notThrows(() => parsePeerSpec(text, 5)),
    ),
  );
});
