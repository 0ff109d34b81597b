import test from 'ava';
import fc from 'fast-check';
import { formatIdRanges, parseIdRanges } from '../../src/output/id-ranges.js';

test('ids in a row are written by their first and last', (t) => {
  t.is(formatIdRanges([1, 2, 3, 7, 9, 10]), '1-3 7 9-10');
  t.is(formatIdRanges([]), '');
  t.is(formatIdRanges(Array.from({ length: 5000 }, (_, index) => 5001 + index)), '5001-10000');
});

test('property: what was written is read again, in ascending order', (t) => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 200 })), (ids) => {
      t.deepEqual(
        parseIdRanges(formatIdRanges(ids)),
        [...ids].sort((one, other) => one - other),
      );
    }),
  );
});

test('property: nothing makes reading it fail', (t) => {
  fc.assert(fc.property(fc.string(), (text) => t.true(Array.isArray(parseIdRanges(text)))));
  t.deepEqual(parseIdRanges('5-3 x 2 -1 1e3'), [2]);
});
