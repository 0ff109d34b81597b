import test from 'ava';
import fc from 'fast-check';
import { keyFiguresOf } from '../../src/report/key-figures.js';
import { Spread } from '../../src/report/lines/spread.js';
import { TimeGrid } from '../../src/report/lines/time-grid.js';
import { summaryOf } from '../../src/report/summary.js';
import { handMadeRun } from '../support/hand-made-run.js';

test('a steady rate is steady, however seldom somebody looks', async (t) => {
  for (const [looksS, durationS] of [
    [[-0.3, 4.7, 9.7, 12], 12],
    [[-5, 0, 5, 10, 12], 12],
    [[-0.2, 0.8, 1.8, 4.1, 4.9, 5.8, 6.8, 10.7, 12], 12],
  ] as const) {
    const run = await handMadeRun(t, durationS);
    for (const timeS of looksS)
      run.resources(1, timeS, { datagrams_up: 1000 + 100 * timeS, bytes_up: 5000 * (timeS + 9) });
    t.deepEqual(run.values('datagrams-up'), new Array(durationS).fill(100), String(looksS));
    const data = run.report();
    t.like(summaryOf(data).series['datagrams-up']?.all, { min: 100, median: 100, p95: 100, max: 100 });
    const total = data.series.find(({ name }) => name === 'datagrams-up')?.lines[0]?.total;
    t.is(Math.round(total ?? 0), 100 * durationS);
    t.like(keyFiguresOf(data), [{ name: 'sent', value: 0.06, unit: 'MB' }]);
  }
});

test('the second in which a run ends has its rate, unless too little of it was seen', async (t) => {
  const run = await handMadeRun(t, 3.6, 2);
  for (const timeS of [-1, 0, 1, 2, 3, 3.6]) run.resources(1, timeS, { datagrams_up: 50 * (timeS + 1) });
  for (const timeS of [-1, 0, 1, 2, 2.3]) run.resources(2, timeS, { datagrams_up: 50 * (timeS + 1) });
  t.deepEqual(run.values('datagrams-up'), [50, 50, 50, 50]);
  t.deepEqual(run.values('datagrams-up', '2'), [50, 50, Number.NaN, Number.NaN]);
});

test('a count that shows less than before was reset: no rate is negative, and the total is of all of it', async (t) => {
  const run = await handMadeRun(t, 6);
  for (const [timeS, count] of [
    [0, 0],
    [1, 74],
    [2, 100],
    [3, 0],
    [4, 30],
    [5, 40],
    [6, 40],
  ] as const)
    run.resources(1, timeS, { datagrams_up: count, bytes_up: 1000 * count });
  t.deepEqual(run.values('datagrams-up'), [74, 26, 0, 30, 10, 0]);
  const data = run.report();
  t.is(data.series.find(({ name }) => name === 'datagrams-up')?.lines[0]?.total, 140);
  t.is(keyFiguresOf(data).find(({ name }) => name === 'sent')?.value, 0.14);
  t.is(data.instances[0]?.values['sent (kB)'], 140);
});

test('messages that are counted anew after a reset add up, over all instances', async (t) => {
  const run = await handMadeRun(t, 20, 2);
  const told = (id: number, timeS: number, ping: number) =>
    run.log(id, timeS, 'statistics-successful-messages', { ping });
  told(1, 5, 50);
  told(1, 8, 74);
  told(1, 8, 0);
  told(1, 10, 20);
  // More than before the reset: only the zero tells of it.
  told(1, 15, 200);
  told(2, 15, 10);
  const rates = run.values('messages-received', 'ping');
  t.true(
    rates.every((rate) => rate >= 0),
    String(rates),
  );
  t.deepEqual(rates.slice(0, 10), [10, 10, 10, 10, 10, 8, 8, 8, 10, 10]);
  t.is(run.report().series.find(({ name }) => name === 'messages-received')?.lines[0]?.total, 284);
});

test('whatever is counted, looked at and reset: nothing is negative, nothing lost, nothing invented', async (t) => {
  const steps = fc.array(
    fc.record({ afterS: fc.double({ min: 0.01, max: 7, noNaN: true }), count: fc.nat(1000), isReset: fc.boolean() }),
    { minLength: 1, maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (looks) => {
      const run = await handMadeRun(
        t,
        looks.reduce((sum, { afterS }) => sum + afterS, 0),
      );
      let [timeS, count, total] = [0, 0, 0];
      run.resources(1, 0, { datagrams_up: 0 });
      for (const look of looks) {
        timeS += look.afterS;
        count += look.count;
        total += look.count;
        run.resources(1, timeS, { datagrams_up: count });
        run.log(1, timeS, 'statistics-outgoing-messages', { ping: count });
        if (!look.isReset) continue;
        count = 0;
        run.resources(1, timeS, { datagrams_up: 0 });
        run.log(1, timeS, 'statistics-outgoing-messages', { ping: 0 });
      }
      const { series } = run.report();
      for (const name of ['datagrams-up', 'messages-sent']) {
        const line = series.find((each) => each.name === name)?.lines[0];
        t.true(Array.from(line?.values ?? []).every((value) => !(value < 0)));
        t.true(Math.abs((line?.total ?? 0) - total) < 1e-6 * (total + 1), name);
      }
    }),
    { numRuns: 40 },
  );
});

test('amounts that are spread stay as large as they were', (t) => {
  const stretches = fc.array(fc.tuple(fc.double({ min: 0, max: 30, noNaN: true }), fc.nat(500)), { maxLength: 20 });
  fc.assert(
    fc.property(stretches, (given) => {
      const grid = new TimeGrid(12.5, 1);
      const spread = new Spread(grid);
      const times = given.map(([timeS]) => timeS).sort((one, other) => one - other);
      let total = 0;
      for (const [index, timeS] of times.entries()) {
        const amount = given[index]?.[1] ?? 0;
        spread.add(times[index - 1] ?? 0, timeS, amount);
        total += amount;
      }
      t.true(Math.abs(spread.total - total) < 1e-6);
      t.is(spread.rates().length, 13);
    }),
  );
});

test('a counter that stood still did not grow slowly', async (t) => {
  const run = await handMadeRun(t, 10);
  run.log(1, 0.5, 'metric', { name: 'sent', kind: 'counter', unit: 'pings', description: '' });
  run.metrics(1, 1, { sent: 5 });
  run.metrics(1, 8, { sent: 5 });
  run.metrics(1, 9, { sent: 105 });
  run.metrics(1, 10, { sent: 205 });
  t.deepEqual(run.values('sent'), [10, 0, 0, 0, 0, 0, 0, 0, 100, 100]);
});

test('a counter of an instance that lives and does not count stays at zero, also when it counted for a moment only', async (t) => {
  const run = await handMadeRun(t, 6, 2);
  for (const timeS of [0, 1, 2, 3, 4, 5]) run.resources(1, timeS, {});
  for (const timeS of [0, 1, 2, 3]) run.resources(2, timeS, {});
  for (const id of [1, 2]) {
    run.log(id, 1.2, 'metric', { name: 'sent', kind: 'counter', unit: 'pings', description: '' });
    run.metrics(id, 1.4, { sent: 8 });
  }
  t.deepEqual(run.values('sent'), [Number.NaN, 10, 0, 0, 0, Number.NaN]);
  t.deepEqual(run.values('sent', '2'), [Number.NaN, 10, 0, Number.NaN, Number.NaN, Number.NaN]);
});

test('messages of a stack that was idle are of the interval in which it was not', async (t) => {
  const run = await handMadeRun(t, 60);
  run.log(1, 5, 'statistics-created-messages', { ping: 1 });
  run.log(1, 50, 'statistics-created-messages', { ping: 51 });
  run.log(1, 50, 'statistics', { communities: { abc: { classification: 'TestCommunity', sync_bloom_new: 10 } } });
  run.log(1, 55, 'statistics', { communities: { abc: { sync_bloom_new: 15 } } });
  run.log(1, 60, 'statistics', { communities: { abc: { sync_bloom_new: 5 } } });
  const rates = run.values('messages-created', 'ping');
  t.deepEqual(rates.slice(6, 44), new Array(38).fill(0));
  t.deepEqual(rates.slice(45, 50), new Array(5).fill(10));
  t.deepEqual(rates.slice(50), new Array(10).fill(0));
  const filters = run.values('test-community-sync-bloom-new');
  t.deepEqual(filters.slice(45, 50), new Array(5).fill(2));
  t.deepEqual(filters.slice(50), new Array(10).fill(1));
});

test('a process that ended and was waited for later uses nothing twice', async (t) => {
  const run = await handMadeRun(t, 5);
  run.append('commands.csv', 'time,command,processes,user_s,system_s,rss_bytes,read_bytes,write_bytes');
  for (const [timeS, userS] of [
    [0, 0],
    [1, 0.9],
    [2, 0.1],
    [3, 1.1],
    [4, 1.6],
    [5, 1.6],
  ] as const)
    run.append('commands.csv', `${1_800_000_000 + timeS},00001,1,${userS},0,1000000,0,0`);
  t.deepEqual(run.values('commands-cpu', '00001'), [90, 0, 20, 50, 0]);
});
