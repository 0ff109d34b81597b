import test from 'ava';
import fc from 'fast-check';
import { applyWordChanges, WordReporter } from '../../src/statistics/word-changes.js';

const WORDS = 6;
/** Holds the largest value since it was taken. */
const LARGEST = 5;
const TAKEN = new Set([LARGEST]);
const memory = () => new SharedArrayBuffer(8 * WORDS);

test('property: after each telling the reader has what the writer has, whatever changes in between', (t) => {
  const value = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, 0, -0, Infinity));
  const step = fc.array(fc.tuple(fc.integer({ min: 0, max: WORDS - 2 }), value), { maxLength: 8 });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      const [written, read] = [memory(), memory()];
      const reporter = new WordReporter(written);
      for (const changes of steps) {
        for (const [index, number] of changes) new Float64Array(written)[index] = number;
        applyWordChanges(read, structuredClone(reporter.take()));
        t.deepEqual([...new Float64Array(read)], [...new Float64Array(written)]);
        t.deepEqual(reporter.take(), [], 'nothing is told twice');
      }
    }),
  );
});

test('of what holds the largest value since it was taken, the reader has the largest until it takes it', (t) => {
  const [written, read] = [memory(), memory()];
  const [writer, reader] = [new Float64Array(written), new Float64Array(read)];
  const reporter = new WordReporter(written, TAKEN);
  const tell = (value: number) => {
    if (value > (writer[LARGEST] ?? 0)) writer[LARGEST] = value;
    applyWordChanges(read, reporter.take(), TAKEN);
  };
  for (const value of [3, 9, 4]) tell(value);
  t.is(reader[LARGEST], 9);
  reader[LARGEST] = 0;
  tell(2);
  t.is(reader[LARGEST], 2, 'what was before the reader took it is over');
});

test('a change of a word that is not there is passed over', (t) => {
  const read = memory();
  applyWordChanges(read, [
    [WORDS, 1],
    [2 ** 40, 1],
    [0, 7],
  ]);
  t.deepEqual([...new Float64Array(read)], [7, 0, 0, 0, 0, 0]);
});
