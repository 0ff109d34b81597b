import { worldRegions } from '../../../src/network/links/world-regions.js';
import test from 'ava';
import fc from 'fast-check';
import { DEFAULT_LINK } from '../../../src/network/links/link-settings.js';
import { LinkTable } from '../../../src/network/links/link-table.js';
import { parseMatrix, parseRegions } from '../../../src/network/links/regions.js';

const MATRIX = ',north,south\nnorth,1,80\nsouth,70,2\n';

test('a matrix is read with its regions', (t) => {
  const expected = {
    ok: true,
    value: {
      names: ['north', 'south'],
      oneWayMs: [
        [1, 80],
        [70, 2],
      ],
    },
  };
  t.deepEqual(parseMatrix(MATRIX), expected);
  t.deepEqual(parseMatrix(MATRIX.replaceAll('\n', '\r\n')), expected);
});

for (const [text, line, message] of [
  [',north,south\nnorth,1,\nsouth,70,2\n', 2, /the latency to south is ""/],
  [',north,south\nnorth,1,0\nsouth,70,2\n', 2, /the latency to south is "0"/],
  [',north,south\nnorth,1,80\nsouth,x,2\n', 3, /the latency to north is "x"/],
  [',north,south\nnorth,1,80,5\nsouth,70,2\n', 2, /3 latencies for 2 regions/],
  [',north,south\nsouth,1,80\nnorth,70,2\n', 2, /the line is for "south", and not for "north"/],
  [',north,south\nnorth,1,80\n', 2, /the line of "south" is missing/],
  [',north,north\n', 1, /does not name regions, each once/],
  ['', 1, /does not name regions/],
] as const)
  test(`a matrix with a hole is refused: ${JSON.stringify(text)}`, (t) => {
    const result = parseMatrix(text);
    t.false(result.ok);
    if (result.ok) return;
    t.is(result.line, line);
    t.regex(result.message, message);
    t.not(result.hint, '');
  });

test('regions have groups of instances, or instances in turn', (t) => {
  const names = ['north', 'south'];
  t.deepEqual(parseRegions('south {2-3}, north{5}', names, 9), {
    ok: true,
    value: [
      { region: 1, group: [{ from: 2, to: 3 }] },
      { region: 0, group: [{ from: 5, to: 5 }] },
    ],
  });
  for (const [text, message] of [
    ['nort {1}', /there is no region "nort": did you mean "north"\?/],
    ['north {10}', /outside 1\.\.9/],
    ['north {1}, south {1-2}', /instance 1 is in two regions/],
    ['north', /is no list of regions/],
  ] as const) {
    const result = parseRegions(text, names, 9);
    t.true(!result.ok && message.test(result.message), JSON.stringify(result));
  }
});

test('pairs have the latency between their regions, unless a scenario sets another', (t) => {
  const matrix = parseMatrix(MATRIX);
  if (!matrix.ok) throw new Error(matrix.message);
  const table = new LinkTable(DEFAULT_LINK, 'seed', {
    ...matrix.value,
    groups: [{ region: 1, group: [{ from: 3, to: 3 }] }],
  });
  // 1 is in the north, and 2 in the south in turn; 3 was put into the south; the tracker is in the north.
  t.is(table.fateOf(1, 2, 10, 0), 80);
  t.is(table.fateOf(2, 1, 10, 0), 70);
  t.is(table.fateOf(3, 2, 10, 0), 2);
  t.is(table.fateOf(-1, 3, 10, 0), 80);
  const latency = { from: 5, to: 5, shape: 'uniform' } as const;
  table.apply({ type: 'set-link', from: [{ from: 1, to: 1 }], to: undefined, direction: 'both', change: { latency } });
  t.is(table.fateOf(1, 2, 10, 0), 5);
  t.is(table.fateOf(3, 2, 10, 0), 2);
});

test('whatever is read is a matrix or a complaint with its line', (t) => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ab,0-9.\n-]{0,60}$/), (text) => {
      const result = parseMatrix(text);
      t.true(result.ok ? result.value.oneWayMs.length === result.value.names.length : result.line >= 1);
    }),
  );
});

test('the regions of the world have a latency to each other, much the same in both directions', (t) => {
  const { names, oneWayMs } = worldRegions();
  t.is(names.length, 12);
  t.true(oneWayMs.every((row) => row.length === 12));
  for (const [from, row] of oneWayMs.entries())
    for (const [to, ms] of row.entries()) {
      const back = oneWayMs[to]?.[from] ?? 0;
      t.is(ms === 1, from === to, `${names[from]} to ${names[to]}`);
      t.true(ms >= 1 && ms < 200 && Math.abs(ms - back) <= 2.5, `${names[from]} to ${names[to]}: ${ms} and ${back}`);
      // Light in glass needs as long as that at least: no way over a third region is shorter than half of the direct one.
      for (const [over, first] of row.entries())
        if (over !== from && over !== to && from !== to) t.true(first + (oneWayMs[over]?.[to] ?? 0) > ms / 2);
    }
  // Read as a file of one's own it says the same.
  const csv = ['', ...names].join() + names.map((name, row) => `\n${[name, ...(oneWayMs[row] ?? [])].join()}`).join('');
  t.deepEqual(parseMatrix(csv), { ok: true, value: { names, oneWayMs } });
});
