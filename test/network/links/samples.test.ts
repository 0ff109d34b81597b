import test from 'ava';
import fc from 'fast-check';
import { quantileOf } from '../../../src/network/links/distribution.js';
import { DEFAULT_LINK, parseLinkSetting } from '../../../src/network/links/link-settings.js';
import { LinkTable } from '../../../src/network/links/link-table.js';
import { parseSamples } from '../../../src/network/links/samples.js';

test('measured values are read in any order, and are the values of a link', (t) => {
  const text = '# ping, in ms\n30\n10\n\n20 # twice\n20\n';
  t.deepEqual(parseSamples(text), { ok: true, value: [10, 20, 20, 30] });
  const result = parseLinkSetting('latency', 'file:rtt.txt', (name) => {
    t.is(name, 'rtt.txt');
    return parseSamples(text);
  });
  const latency = result.ok ? result.change.latency : undefined;
  t.deepEqual(latency, { from: 10, to: 30, shape: 'uniform', samples: [10, 20, 20, 30] });
  t.deepEqual(
    [0, 0.24, 0.25, 0.5, 0.74, 0.75, 0.999].map((share) => latency && quantileOf(latency, share)),
    [10, 10, 20, 20, 20, 30, 30],
  );
});

test('what is no file of measured values is an error that says where', (t) => {
  for (const [text, expected] of [
    ['1\nslow\n', /line 2 is "slow"/],
    ['-1', /line 1 is "-1"/],
    ['\n# nothing\n', /there is no number in it/],
    ['Infinity', /line 1 is "Infinity"/],
    ['5\n0\n', /it holds 0: expected milliseconds from 0\.1/],
  ] as const) {
    const result = parseLinkSetting('latency', 'file:x', () => parseSamples(text));
    t.regex(result.ok ? '' : `${result.message}: ${result.hint}`, expected);
  }
  const result = parseLinkSetting('latency', 'file:x');
  t.regex(result.ok ? '' : result.hint, /for configurations and scenarios only/);
});

test('a share of packets is overtaken', (t) => {
  const table = new LinkTable({ ...DEFAULT_LINK, reorder: 0.1 }, 'seed');
  const fates = Array.from({ length: 10_000 }, () => table.fateOf(1, 2, 10, 0));
  const late = fates.filter((fate) => fate === 2).length;
  // 10,000 tries at 0.1: six standard deviations are 180.
  t.true(late > 820 && late < 1180, String(late));
  t.is(late + fates.filter((fate) => fate === 1).length, 10_000);
});

test('jitter changes the order of packets, unless it is kept, and nothing is remembered of what has arrived', (t) => {
  const arrivalsOf = (order: 'free' | 'kept') => {
    const jitter = { from: 0, to: 50, shape: 'uniform' } as const;
    const table = new LinkTable({ ...DEFAULT_LINK, jitter, order }, 'seed');
    return Array.from({ length: 2000 }, (_, sentMs) => sentMs + (table.fateOf(1, 2, 10, sentMs) as number));
  };
  const isOrdered = (times: readonly number[]) => times.every((time, index) => time >= (times[index - 1] ?? 0));
  t.false(isOrdered(arrivalsOf('free')));
  t.true(isOrdered(arrivalsOf('kept')));
  t.true(arrivalsOf('kept').every((timeMs, sentMs) => timeMs >= sentMs + 1 && timeMs <= sentMs + 51));
});

test('any file is values or a complaint', (t) => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9.#a\n-]{0,40}$/), (text) => {
      const result = parseSamples(text);
      t.true(result.ok ? result.value.length > 0 : result.message.length > 0);
    }),
  );
});
