import test from 'ava';
import fc from 'fast-check';
import { parseTimeSpec } from '../../src/scenario/time-spec.js';

const at = (ms: number) => ({ ok: true, time: { kind: 'at', ms } });

for (const [text, ms] of [
  ['@5', 5_000],
  ['12', 12_000],
  ['@0:30', 30_000],
  ['@1:0', 60_000],
  ['@1:00:02.5', 3_602_500],
  ['0:0:0', 0],
  ['@0:90', 90_000],
  ['@120:00', 7_200_000],
  ['@1.1', 1_100],
  ['@.5', 500],
  ['@5.', 5_000],
] as const)
  test(`${text} is ${ms} ms`, (t) => {
    t.deepEqual(parseTimeSpec(text), at(ms));
  });

test('@! is the start', (t) => {
  t.deepEqual(parseTimeSpec('@!'), { ok: true, time: { kind: 'start' } });
});

for (const [text, fromMs, toMs] of [
  ['@0:10-0:20', 10_000, 20_000],
  ['@0:10-@0:20', 10_000, 20_000],
  ['5-5', 5_000, 5_000],
  ['59.5-1:00:00', 59_500, 3_600_000],
] as const)
  test(`${text} is a window`, (t) => {
    t.deepEqual(parseTimeSpec(text), { ok: true, time: { kind: 'window', fromMs, toMs } });
  });

for (const text of [
  '',
  '@',
  '@-5',
  '-5',
  '5s',
  '@5:',
  '@:5',
  '1:2:3:4',
  '1.5:30',
  '@!5',
  '@!-5',
  '+5',
  '1e3',
  'hello',
  '1-2-3',
  '５',
])
  test(`"${text}" is no time`, (t) => {
    const result = parseTimeSpec(text);
    t.true(!result.ok && result.problem.message === `"${text}" is no time`);
  });

test('the end of a window, and nothing else, is marked when it is wrong', (t) => {
  const result = parseTimeSpec('@0:10-x');
  t.like(result, { ok: false, problem: { offset: 6, length: 1, message: '"x" is no time for the window to end' } });
});

test('a window must not end before it begins', (t) => {
  const result = parseTimeSpec('@0:20-0:10');
  t.like(result, {
    ok: false,
    problem: { message: 'the window @0:20-0:10 ends before it begins', offset: 0, length: 10 },
  });
});

test('a time beyond all measure is refused as such', (t) => {
  const result = parseTimeSpec('@99999:00:00');
  t.like(result, { ok: false, problem: { message: '"@99999:00:00" is later than 10000 hours' } });
});

test('every time up to 10,000 hours is read back as it is printed', (t) => {
  const milliseconds = fc.integer({ min: 0, max: 10_000 * 3_600_000 - 1 });
  fc.assert(
    fc.property(milliseconds, fc.boolean(), (ms, marked) => {
      t.deepEqual(parseTimeSpec((marked ? '@' : '') + print(ms)), at(ms));
    }),
  );
  fc.assert(
    fc.property(milliseconds, milliseconds, (a, b) => {
      const [fromMs, toMs] = a < b ? [a, b] : [b, a];
      const time = { kind: 'window', fromMs, toMs };
      t.deepEqual(parseTimeSpec(`@${print(fromMs)}-${print(toMs)}`), { ok: true, time });
    }),
  );
});

function print(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 3600)}:${Math.floor(seconds / 60) % 60}:${seconds % 60}.${String(ms % 1000).padStart(3, '0')}`;
}
