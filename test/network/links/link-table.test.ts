import test from 'ava';
import { constant } from '../../../src/network/links/distribution.js';
import { DEFAULT_LINK, type LinkSettings } from '../../../src/network/links/link-settings.js';
import { LinkTable, lookaheadMsOf } from '../../../src/network/links/link-table.js';

/** After how many milliseconds a short packet arrives; undefined when it is lost. */
function delayOf(table: LinkTable, source: number, target: number): number | undefined {
  const fate = table.fateOf(source, target, 100, 0);
  return typeof fate === 'number' ? fate : undefined;
}

const group = (from: number, to = from) => [{ from, to }];
const tableOf = (settings: Partial<LinkSettings> = {}, seed = 'links') =>
  new LinkTable({ ...DEFAULT_LINK, ...settings }, seed);

test('a pair has one latency, in both directions, that follows from seed and pair alone', (t) => {
  const latency = { from: 20, to: 80, shape: 'uniform' } as const;
  const [one, other] = [tableOf({ latency }), tableOf({ latency })];
  const asked = [delayOf(one, 3, 9), delayOf(one, 9, 3), delayOf(one, 3, 9)];
  // The other is asked for something else before.
  for (let target = 10; target < 100; target++) delayOf(other, 3, target);
  t.deepEqual(new Set([...asked, delayOf(other, 3, 9)]).size, 1);
  t.not(delayOf(tableOf({ latency }, 'another seed'), 3, 9), asked[0]);
  t.not(delayOf(one, 3, 10), asked[0]);
});

test('latencies of many pairs are distributed as they were asked for', (t) => {
  const table = tableOf({ latency: { from: 20, to: 80, shape: 'uniform' } });
  const values: number[] = [];
  for (let source = 1; source <= 200; source++)
    for (let target = source + 1; target <= 201; target++) values.push(delayOf(table, source, target) as number);
  values.sort((a, b) => a - b);
  const count = values.length;
  // The standard error of the mean of 20,100 uniform values between 20 and 80 is 60 / √12 / √20,100 = 0.12 ms; 0.6 is five of it.
  t.true(Math.abs(values.reduce((sum, value) => sum + value, 0) / count - 50) < 0.6);
  // Of a share q it is 60 √(q (1 - q) / 20,100) ≤ 0.21 ms.
  for (const q of [0.1, 0.25, 0.5, 0.75, 0.9])
    t.true(Math.abs((values[Math.floor(q * count)] as number) - (20 + 60 * q)) < 1.1, String(q));
});

test('loss is within binomial bounds, and no two senders lose the same packets', (t) => {
  const table = tableOf({ loss: 0.05 });
  const fates = (source: number) => Array.from({ length: 20_000 }, () => delayOf(table, source, 5) === undefined);
  const [one, other] = [fates(1), fates(2)];
  // The standard deviation of 20,000 packets at 5 % is √(20,000 · 0.05 · 0.95) = 30.8; 154 is five of it.
  for (const lost of [one, other]) t.true(Math.abs(lost.filter(Boolean).length - 1000) < 154);
  const both = one.filter((isLost, index) => isLost && other[index]).length;
  t.true(both < 100, `${both} of 50 expected`);
  t.deepEqual(
    Array.from({ length: 50 }, () => delayOf(tableOf({ loss: 1 }), 1, 2)),
    Array(50).fill(undefined),
  );
});

test('jitter is drawn for each packet', (t) => {
  const table = tableOf({ jitter: { from: 0, to: 10, shape: 'uniform' } });
  const values = Array.from({ length: 1000 }, () => delayOf(table, 1, 2) as number);
  t.true(values.every((value) => value >= 1 && value <= 11));
  t.true(new Set(values).size > 990);
});

test('the last setting that concerns a pair counts, field by field', (t) => {
  const table = tableOf();
  table.apply({
    type: 'set-link',
    from: group(1, 10),
    to: undefined,
    direction: 'both',
    change: { latency: constant(50) },
  });
  t.is(delayOf(table, 1, 99), 50);
  t.is(delayOf(table, 99, 1), 50);
  t.is(delayOf(table, 98, 99), 1);
  table.apply({ type: 'set-link', from: group(1), to: group(2), direction: 'one-way', change: { loss: 1 } });
  t.is(delayOf(table, 1, 2), undefined);
  t.is(delayOf(table, 2, 1), 50);
  table.apply({
    type: 'set-link',
    from: undefined,
    to: undefined,
    direction: 'both',
    change: { latency: constant(7) },
  });
  t.is(delayOf(table, 2, 1), 7);
  t.is(delayOf(table, -1, 98), 7);
  t.is(delayOf(table, 1, 2), undefined);
});

test('partitions, cuts and pulled plugs lose packets until they are over', (t) => {
  const table = tableOf();
  const reaches = (source: number, target: number) => delayOf(table, source, target) !== undefined;
  table.apply({ type: 'partition', groups: [group(1, 5), group(6, 10)] });
  t.deepEqual(
    [reaches(1, 6), reaches(6, 1), reaches(1, 5), reaches(1, 11), reaches(11, 6), reaches(1, -1)],
    [false, false, true, true, true, true],
  );
  table.apply({ type: 'partition', groups: [group(1), group(2)] });
  t.false(reaches(1, 2));
  table.apply({ type: 'heal' });
  t.true(reaches(1, 6) && reaches(1, 2));
  table.apply({ type: 'cut', from: group(1), to: group(2) });
  t.deepEqual([reaches(1, 2), reaches(2, 1)], [false, true]);
  table.apply({ type: 'restore' });
  t.true(reaches(1, 2));
  table.apply({ type: 'disconnect', group: group(3, 7) });
  t.deepEqual([reaches(3, 1), reaches(1, 7), reaches(3, -1), reaches(5, 5)], [false, false, false, true]);
  table.apply({ type: 'reconnect', group: group(5) });
  t.deepEqual([reaches(5, 1), reaches(4, 1), reaches(6, 1)], [true, false, false]);
});

test('the lookahead is the smallest latency that any packet can ever have', (t) => {
  t.is(lookaheadMsOf(DEFAULT_LINK, []), 1);
  const change = (settings: Partial<LinkSettings>) =>
    ({ type: 'set-link', from: undefined, to: undefined, direction: 'both', change: settings }) as const;
  t.is(lookaheadMsOf({ ...DEFAULT_LINK, latency: constant(20) }, [change({ loss: 0.5 })]), 20);
  t.is(
    lookaheadMsOf({ ...DEFAULT_LINK, latency: constant(20) }, [
      change({ latency: { from: 5, to: 90, shape: 'pareto' } }),
    ]),
    5,
  );
  t.is(
    lookaheadMsOf({ ...DEFAULT_LINK, latency: constant(20), jitter: constant(3) }, [change({ jitter: constant(2) })]),
    22,
  );
});

test('a million pairs leave nothing behind, and a plain link costs little', (t) => {
  const plain = tableOf();
  let sum = 0;
  for (let source = 1; source <= 1000; source++)
    for (let target = 1; target <= 1000; target++) sum += delayOf(plain, source, target) ?? 0;
  t.is(sum, 1_000_000);
});

/** The fates of many packets from 1 to 2. */
function fatesOf(settings: Partial<LinkSettings>, bytes = 100, count = 100_000) {
  const table = new LinkTable({ ...DEFAULT_LINK, ...settings }, 'fates');
  return Array.from({ length: count }, () => table.fateOf(1, 2, bytes, 0));
}

test('losses come in bursts of the length that was asked for, and are the share that was asked for', (t) => {
  for (const [loss, burst] of [
    [0.05, 1],
    [0.05, 10],
    [0.5, 4],
    [0.9, 2],
  ] as const) {
    const lost = fatesOf({ loss, burst }).map((fate) => fate === 'lost');
    const share = lost.filter(Boolean).length / lost.length;
    const bursts = lost.filter((each, index) => each && lost[index - 1] !== true).length;
    const length = (share * lost.length) / bursts;
    // Bursts make shares vary as so many independent packets would; four standard deviations, and the length likewise.
    const expected = burst === 1 ? 1 / (1 - loss) : Math.max(burst, loss / (1 - loss));
    t.true(
      Math.abs(share - loss) < 4 * Math.sqrt((2 * expected * loss * (1 - loss)) / lost.length),
      `${loss}: ${share}`,
    );
    t.true(Math.abs(length - expected) < (4 * expected) / Math.sqrt(bursts), `${burst}: ${length}`);
  }
});

test('shares of packets arrive twice, or with one wrong bit, and the rest is as it was sent', (t) => {
  const fates = fatesOf({ duplicate: 0.02, corrupt: 0.03 });
  const special = fates.flatMap((fate) => (typeof fate === 'object' ? [fate] : []));
  t.is(special.length, fates.length);
  const twice = special.filter(({ copyDelayMs }) => copyDelayMs !== undefined).length / fates.length;
  const bits = special.flatMap(({ flippedBit }) => flippedBit ?? []);
  // Four standard deviations of binomial shares.
  t.true(Math.abs(twice - 0.02) < 4 * Math.sqrt((0.02 * 0.98) / fates.length), String(twice));
  t.true(Math.abs(bits.length / fates.length - 0.03) < 4 * Math.sqrt((0.03 * 0.97) / fates.length));
  t.true(bits.every((bit) => bit >= 0 && bit < 800));
  t.true(new Set(bits).size > 700);
});

test('a link carries packets up to its MTU, headers included', (t) => {
  const table = new LinkTable({ ...DEFAULT_LINK, mtu: 1500 }, 'mtu');
  t.is(table.fateOf(1, 2, 1472, 0), 1);
  t.is(table.fateOf(1, 2, 1473, 0), 'too-long');
});
