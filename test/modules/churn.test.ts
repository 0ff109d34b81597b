import { setImmediate as turn } from 'node:timers/promises';
import test from 'ava';
import fc from 'fast-check';
import type { Experiment } from '../../src/instance/experiment.js';
import { ManualClock } from '../../src/runtime/manual-clock.js';
import { seededRandom } from '../../src/runtime/random.js';
import { Churn, parsePercentages } from '../../modules/churn.js';

/** As much of an instance as churn needs: its clock, its chance, and a socket that notes what is done with it. */
function makeInstance(id = 1, count = 1, seed = 'seed') {
  const clock = new ManualClock();
  const log: string[] = [];
  const faults: unknown[] = [];
  const socket = {
    address: { host: '127.0.0.1', port: 5000 } as { host: string; port: number } | undefined,
    fails: false,
  };
  const experiment = {
    clock,
    seed,
    myId: id,
    peers: Array.from({ length: count }, (_, index) => index + 1),
    random: seededRandom(seed, 'instance', id),
    endpoint: {
      get address() {
        return socket.address;
      },
      async open({ preferredPort }: { preferredPort: number }) {
        await turn();
        if (socket.fails) throw new Error('no port');
        socket.address = { host: '127.0.0.1', port: preferredPort };
        log.push(`open ${preferredPort}`);
      },
      async close() {
        await turn();
        socket.address = undefined;
        log.push('close');
      },
    },
    statisticsLog: { reserve: () => () => undefined },
    fault: (_what: string, error: unknown) => faults.push(error),
  } as unknown as Experiment;
  return { churn: Churn.of(experiment), experiment, clock, log, faults, socket };
}

/** Lets what was begun come to its end. */
async function settle(): Promise<void> {
  for (let count = 0; count < 8; count++) await turn();
}

/** The lengths of the periods, read off the moments at which the state changes. */
function periodsOf(instance: ReturnType<typeof makeInstance>, stepMs: number, count: number): number[] {
  const periods: number[] = [];
  let sinceMs = instance.clock.nowMs();
  let isOnline = instance.churn.isOnline;
  while (periods.length < count) {
    instance.clock.advance(stepMs);
    if (instance.churn.isOnline === isOnline) continue;
    isOnline = !isOnline;
    periods.push(instance.clock.nowMs() - sinceMs);
    sinceMs = instance.clock.nowMs();
  }
  return periods;
}

test('fixed periods last the mean, or the minimum where that is more', (t) => {
  const one = makeInstance();
  one.churn.alternate('fixed', 7, 5);
  t.deepEqual(periodsOf(one, 1000, 6), [7000, 7000, 7000, 7000, 7000, 7000]);
  const other = makeInstance();
  other.churn.alternate('fixed', 2, 5);
  t.deepEqual(periodsOf(other, 1000, 4), [5000, 5000, 5000, 5000]);
});

test('exponential periods have their mean and their minimum, and are the same for the same seed', (t) => {
  const instance = makeInstance();
  instance.churn.alternate('expon', 100, 5);
  const periods = periodsOf(instance, 100, 4000);
  t.true(Math.min(...periods) >= 5000);
  // The mean of max(5, X) for an exponential X of mean 100 is 5 + 100 e^(-0.05).
  const mean = periods.reduce((sum, each) => sum + each, 0) / periods.length / 1000;
  const expected = 5 + 100 * Math.exp(-0.05);
  t.true(Math.abs(mean - expected) < 0.05 * expected, `${mean}`);
  const again = makeInstance();
  again.churn.alternate('expon', 100, 5);
  t.deepEqual(periodsOf(again, 100, 50), periods.slice(0, 50));
  const another = makeInstance(2);
  another.churn.alternate('expon', 100, 5);
  t.notDeepEqual(periodsOf(another, 100, 50), periods.slice(0, 50));
});

test('the socket closes and opens in turn, at the port that it had', async (t) => {
  const { churn, log, clock } = makeInstance();
  churn.alternate('fixed', 10, 5);
  // Faster than the socket: what was asked for is done one after the other.
  clock.advance(30_000);
  await settle();
  t.deepEqual(log, ['close', 'open 5000', 'close']);
  churn.stop();
  clock.advance(100_000);
  await settle();
  t.is(log.length, 3);
});

test('what is so already is not done again', async (t) => {
  const { churn, log } = makeInstance();
  await churn.online();
  await churn.offline();
  await churn.offline();
  t.deepEqual(log, ['close']);
});

test('a socket that does not open is a fault, and the next switch is tried all the same', async (t) => {
  const { churn, log, faults, clock, socket } = makeInstance();
  socket.fails = true;
  churn.alternate('fixed', 10, 5);
  clock.advance(20_000);
  await settle();
  t.is(faults.length, 1);
  socket.fails = false;
  clock.advance(20_000);
  await settle();
  t.deepEqual(log.slice(-1), ['open 5000']);
});

test('in each interval exactly that percentage of all is online, and as few as possible switch', (t) => {
  const count = 40;
  const instances = Array.from({ length: count }, (_, index) => makeInstance(index + 1, count));
  const percentages = [100, 75, 33.3, 0, 50, 60];
  for (const { churn } of instances) churn.follow(percentages, 60);
  let before = count;
  for (const percentage of [...percentages, 60]) {
    const states = instances.map(({ churn }) => churn.isOnline);
    const online = states.filter(Boolean).length;
    t.is(online, Math.round((percentage / 100) * count));
    for (const { clock } of instances) clock.advance(60_000);
    const switched = instances.filter(({ churn }, index) => churn.isOnline !== states[index]).length;
    const after = instances.filter(({ churn }) => churn.isOnline).length;
    t.is(switched, Math.abs(after - online));
    before = after;
  }
  t.is(before, 24);
});

test('percentages are read, and what is none is named', (t) => {
  t.deepEqual(parsePercentages('100, 50,0'), [100, 50, 0]);
  t.throws(() => parsePercentages('100,x,50'), {
    code: 'PARAMETER_INVALID',
    message: /^"x" in "100,x,50" is no percentage/,
  });
  for (const wrong of ['101', '-1', '', '1,,2', '50%'])
    t.throws(() => parsePercentages(wrong), { code: 'PARAMETER_INVALID' });
  const percentage = fc.double({ min: 0, max: 100, noNaN: true }).map((value) => value + 0);
  fc.assert(
    fc.property(fc.array(percentage, { minLength: 1 }), (list) => {
      t.deepEqual(parsePercentages(list.join(',')), list);
    }),
  );
});
