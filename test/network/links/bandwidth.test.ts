import test from 'ava';
import fc from 'fast-check';
import { Bandwidths } from '../../../src/network/links/bandwidth.js';
import { Bottleneck, HEADER_BYTES } from '../../../src/network/links/bottleneck.js';
import { parseRate, parseSize } from '../../../src/network/links/rate.js';

test('rates and sizes are read with their units', (t) => {
  t.is(parseRate('512kbit'), 512_000);
  t.is(parseRate('1.5Mbit'), 1_500_000);
  t.is(parseRate('none'), Infinity);
  t.is(parseSize('64kB'), 64_000);
  for (const text of ['8', '0mbit', '-1mbit', 'mbit', '8mbyte', '8kB', '', 'constructor', '1constructor'])
    t.is(parseRate(text), undefined, text);
  for (const text of ['64', '64kbit', '0kB', 'none']) t.is(parseSize(text), undefined, text);
});

test('packets leave one after the other at the rate, exactly', (t) => {
  // 1 Mbit/s: 97 bytes and 28 of headers take a millisecond.
  const bottleneck = new Bottleneck(1e6, 64_000);
  t.is(bottleneck.pass(0, 97), 1);
  t.is(bottleneck.pass(0, 97), 2);
  t.is(bottleneck.pass(0.5, 97), 2.5);
  t.is(bottleneck.pass(10, 97), 1, 'nothing waits any more');
});

test('a queue overflows where it must', (t) => {
  const size = 97 + HEADER_BYTES;
  const bottleneck = new Bottleneck(1e6, 4 * size);
  const passed = Array.from({ length: 10 }, () => bottleneck.pass(0, 97));
  // The queue holds four packets, the one on its way among them.
  t.deepEqual(passed.slice(0, 4), [1, 2, 3, 4]);
  t.true(passed.slice(4).every((leftMs) => leftMs === undefined));
  t.is(bottleneck.pass(1, 97), 4, 'one has left');
});

test('what comes through is the rate, within one packet, however much is sent', (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 10_000, max: 10_000_000 }),
      fc.array(
        fc.record({ gapMs: fc.double({ min: 0, max: 1, noNaN: true }), bytes: fc.integer({ min: 1, max: 1472 }) }),
        {
          minLength: 100,
          maxLength: 300,
        },
      ),
      (bitsPerS, packets) => {
        const bottleneck = new Bottleneck(bitsPerS, 1e9);
        let [nowMs, bits, freeMs, busyMs] = [0, 0, 0, 0];
        for (const { gapMs, bytes } of packets) {
          nowMs += gapMs;
          const leftMs = nowMs + (bottleneck.pass(nowMs, bytes) ?? Infinity);
          busyMs += leftMs - Math.max(nowMs, freeMs);
          freeMs = leftMs;
          bits += (bytes + HEADER_BYTES) * 8;
        }
        // All bits went in the time in which the connection was busy: the rate is exact but for rounding.
        t.true(Math.abs(bits / (busyMs / 1000) - bitsPerS) < bitsPerS * 1e-6);
      },
    ),
    { numRuns: 50 },
  );
});

test('instances have connections of their own, which change at any moment; trackers have no limits', (t) => {
  const bandwidths = new Bandwidths({ up: 1e6, down: Infinity, queue: 64_000 });
  t.is(bandwidths.passUp(-1, 0, 97), 0);
  t.is(bandwidths.passDown(1, 0, 97), 0);
  t.is(bandwidths.passUp(1, 0, 97), 1);
  t.is(bandwidths.passUp(2, 0, 97), 1);
  bandwidths.set({ up: 2e6 }, [{ from: 1, to: 1 }]);
  t.is(bandwidths.passUp(1, 0, 97), 1.5, 'after the packet that is on its way');
  bandwidths.set({ up: Infinity }, [{ from: 1, to: 1 }]);
  t.is(bandwidths.passUp(1, 0, 97), 0);
  t.is(bandwidths.passUp(2, 0, 97), 2);
});
