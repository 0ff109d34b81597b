import test from 'ava';
import fc from 'fast-check';
import { inOrder } from '../../src/output/in-order.js';

interface Entry {
  readonly key: number;
  readonly sequence: number;
}

const comesBefore = (one: Entry, other: Entry) => one.key < other.key;

test('sequences that are in order become one that is, and equal values come in the order of the sequences', (t) => {
  const keys = fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 20 }), { maxLength: 9 });
  fc.assert(
    fc.property(keys, (lists) => {
      const sequences = lists.map((list, sequence) =>
        [...list].sort((one, other) => one - other).map((key): Entry => ({ key, sequence })),
      );
      // Sorting is stable: what stands first stays first.
      const expected = sequences.flat().sort((one, other) => one.key - other.key);
      t.deepEqual([...inOrder(sequences, comesBefore)], expected);
    }),
  );
});

test('who wants no more of them lets go of all sequences', (t) => {
  const released: number[] = [];
  function* counting(from: number) {
    try {
      for (let key = from; ; key += 3) yield { key, sequence: from };
    } finally {
      released.push(from);
    }
  }
  const taken: number[] = [];
  for (const { key } of inOrder([counting(0), counting(1), counting(2)], comesBefore))
    if (taken.push(key) === 4) break;
  t.deepEqual(taken, [0, 1, 2, 3]);
  t.deepEqual(released.sort(), [0, 1, 2]);
});
