import test from 'ava';
import fc from 'fast-check';
import { originalStretch, substitute, variablesIn } from '../../src/scenario/substitute.js';

const VALUES: Readonly<Record<string, string>> = { a: 'ONE', ab: 'TWO', empty: '', self: '$a', '5': 'five' };
const lookup = (name: string) => VALUES[name];

for (const [original, text] of [
  ['$a', 'ONE'],
  ['$ab', 'TWO'],
  ['$a-$ab', 'ONE-TWO'],
  ['x$a.y', 'xONE.y'],
  ["'$a'", "'ONE'"],
  ['\\$a', '\\ONE'],
  ['$$a', '$ONE'],
  ['[$empty]', '[]'],
  ['$self', '$a'],
  ['$5', 'five'],
  ['$abc $ $- ${a}', '$abc $ $- ${a}'],
] as const)
  test(`${original} becomes ${text}`, (t) => {
    t.is(substitute(original, lookup).text, text);
  });

test('names without a value are told, with their places', (t) => {
  t.deepEqual(substitute('$a $abc $ $x_1', lookup).unbound, [
    { name: 'abc', offset: 3 },
    { name: 'x_1', offset: 10 },
  ]);
});

test('each name is listed once', (t) => {
  t.deepEqual(variablesIn('$a $b$a $ $$c'), ['a', 'b', 'c']);
});

test('a place in the replaced text is found in the original', (t) => {
  const expanded = substitute('echo $a-$ab end', lookup);
  t.is(expanded.text, 'echo ONE-TWO end');
  const original = (offset: number, length: number) => originalStretch(expanded, { offset, length });
  t.deepEqual(original(0, 4), { offset: 0, length: 4 });
  t.deepEqual(original(5, 7), { offset: 5, length: 6 });
  t.deepEqual(original(6, 1), { offset: 5, length: 2 });
  t.deepEqual(original(9, 1), { offset: 8, length: 3 });
  t.deepEqual(original(13, 3), { offset: 12, length: 3 });
});

test('a stretch that no variable touches keeps its text', (t) => {
  const piece = fc.oneof(fc.constantFrom('$a', '$ab', '$empty', '$nothing '), fc.stringMatching(/^ [a-z]{0,4} $/));
  fc.assert(
    fc.property(fc.array(piece), fc.nat(), fc.nat(), (pieces, from, span) => {
      const original = pieces.join('');
      const expanded = substitute(original, lookup);
      const offset = from % (expanded.text.length + 1);
      const length = Math.min(1 + (span % 5), expanded.text.length - offset);
      const stretch = originalStretch(expanded, { offset, length });
      t.true(stretch.offset >= 0 && stretch.length >= 1);
      const written = original.slice(stretch.offset, stretch.offset + stretch.length);
      if (length > 0 && !written.includes('$')) t.is(written, expanded.text.slice(offset, offset + length));
    }),
  );
});

test('a place is found without going through all values before it', (t) => {
  const expanded = substitute('$a '.repeat(500_000), lookup);
  let looks = 0;
  const replacements = new Proxy(expanded.replacements, {
    get(target, key, receiver): unknown {
      looks++;
      return Reflect.get(target, key, receiver);
    },
  });
  const { offset, length } = originalStretch({ ...expanded, replacements }, { offset: 4 * 400_000, length: 3 });
  t.deepEqual([offset, length], [3 * 400_000, 2]);
  t.true(looks < 100, `${looks} looks`);
});
