import test from 'ava';
import fc from 'fast-check';
import {
  instancesWithoutStop,
  isBeforeAll,
  type ScheduledEvent,
  scheduleOf,
  timelineJson,
  timelineOf,
} from '../../src/scenario/timeline.js';
import { loadText, timelineText } from './load-text.js';

test('a timeline is in file order, as the JSON that the command line prints', (t) => {
  const scenario = loadText('@1:15 stop\n@! set x 1\n@2.5 extended_hello $x a=b {3}');
  t.deepEqual(
    timelineOf(scenario, 3, 'seed').map((event) => JSON.stringify(timelineJson(event))),
    [
      '{"time":75,"command":"stop","args":[],"kwargs":{},"file":"/project/test.scenario","line":1}',
      '{"time":-1,"command":"set","args":["x","1"],"kwargs":{},"file":"/project/test.scenario","line":2}',
      '{"time":2.5,"command":"extended_hello","args":["1"],"kwargs":{"a":"b"},"file":"/project/test.scenario","line":3}',
    ],
  );
});

test('the schedule is ordered: @! first, then by time, equal times in file order', (t) => {
  const scenario = loadText('@5 a\n@0 b {2}\n@! c\n@! set x 1\n@5 d\n@0:05 e {!2}\n@! f {1}\n@0 g {9}');
  t.deepEqual(
    scheduleOf(scenario, 'seed').map(({ timeMs, peers, event }) => [timeMs, event.command, peers]),
    [
      [0, 'c', [1, 2, 3, 4, 5]],
      [0, 'f', [1]],
      [0, 'b', [2]],
      [5000, 'a', [1, 2, 3, 4, 5]],
      [5000, 'd', [1, 2, 3, 4, 5]],
      [5000, 'e', [1, 3, 4, 5]],
    ],
  );
});

test('every instance has a moment of its own in a window, the same in timeline and schedule', (t) => {
  const scenario = loadText('@10-20 a\n@10-20 b {2}');
  const moments = scheduleOf(scenario, 7).filter(({ event }) => event.command === 'a');
  t.is(new Set(moments.map(({ timeMs }) => timeMs)).size, 5);
  for (const { timeMs, peers, event } of moments) {
    t.is(peers.length, 1);
    const own = timelineOf(scenario, peers[0] ?? 0, 7).find((other) => other.event === event);
    t.is(own?.timeMs, timeMs);
  }
  const [a, b] = timelineOf(scenario, 2, 7).map(({ timeMs }) => timeMs);
  t.not(a, b);
});

test('the moment lies in the window and depends on the seed, the line and the instance alone', (t) => {
  const bound = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(
      bound,
      bound,
      fc.oneof(fc.string(), fc.integer()),
      fc.integer({ min: 1, max: 50 }),
      (a, b, seed, peer) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const text = `@${from / 1000}-${to / 1000} hello`;
        const moment = (others: number) =>
          timelineOf(loadText(text, { instanceCount: others }), peer, seed)[0]?.timeMs ?? -1;
        t.true(moment(50) >= from && moment(50) <= to);
        t.is(moment(50), moment(1000));
      },
    ),
  );
});

test('the moments of many instances fill the window evenly', (t) => {
  const schedule = scheduleOf(loadText('@0-10 hello', { instanceCount: 1000 }), 'seed');
  const tenths = Array.from(
    { length: 10 },
    (_, tenth) => schedule.filter(({ timeMs }) => Math.floor(timeMs / 1000) === tenth).length,
  );
  // 100 each is expected, with a standard deviation below 9.5: five of them on either side.
  t.true(
    tenths.every((count) => count > 52 && count < 148),
    tenths.join(' '),
  );
});

test('a window in a loop has a moment for each round', (t) => {
  const moments = timelineOf(loadText('@0-10 for i in 1 to 5 call hello $i'), 1, 'seed').map(({ timeMs }) => timeMs);
  t.is(new Set(moments).size, 5);
});

test('the schedule and the timelines hold the same, in the order of each instance', (t) => {
  const line = fc.tuple(
    fc.constantFrom('@!', '@0', '@1', '@0:01', '@1-1', '@3'),
    fc.constantFrom('a', 'b'),
    fc.constantFrom('', '{1}', '{2-4}', '{!3}'),
  );
  fc.assert(
    fc.property(fc.array(line), fc.integer({ min: 1, max: 5 }), (lines, peer) => {
      const scenario = loadText(lines.map((parts) => parts.join(' ')).join('\n'));
      const scheduled = scheduleOf(scenario, 1).filter(({ peers }) => peers.includes(peer));
      const rank = (each: ScheduledEvent) => (isBeforeAll(each.event) ? -1 : each.timeMs);
      const expected = timelineOf(scenario, peer, 1).toSorted((x, y) => rank(x) - rank(y));
      t.deepEqual(
        scheduled.map(({ event }) => event.sequence),
        expected.map(({ event }) => event.sequence),
      );
    }),
  );
});

test('the instances that no stop reaches are known', (t) => {
  t.deepEqual(instancesWithoutStop(loadText('@0 hello')), [1, 2, 3, 4, 5]);
  t.deepEqual(instancesWithoutStop(loadText('@0 stop {!3-4}\n@1 stop {3}')), [4]);
  t.deepEqual(instancesWithoutStop(loadText('@0 stop')), []);
});

test('a scenario without instances has an empty schedule', (t) => {
  const scenario = loadText('@0 hello\n@1 hello {1}', { instanceCount: 0 });
  t.deepEqual(scheduleOf(scenario, 1), []);
  t.deepEqual(timelineText(loadText(''), 1), []);
});
