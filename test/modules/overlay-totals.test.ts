import test from 'ava';
import type { Dispersy } from 'gumby';
import { OverlayTotals } from '../../modules/overlay_totals.js';
import { MessageCounters } from '../../src/dispersy/statistics/message-counters.js';

const PREFIX = `0002${'ab'.repeat(20)}`;

function overlayOf(...counters: readonly MessageCounters[]) {
  const messages = counters.map((each, index) => ({ meta: { id: 245 + index, name: `m${index}` }, counters: each }));
  return { conversions: [{ prefix: Buffer.from(PREFIX, 'hex') }], messages };
}

/** As many packets of ten bytes more, up and down. */
function count(counters: MessageCounters, up: number, down: number): void {
  counters.sent += up;
  counters.bytesSent += 10 * up;
  counters.packetsReceived += down;
  counters.bytesReceived += 10 * down;
}

const total = (up: number, down: number) => ({ num_up: up, num_down: down, bytes_up: 10 * up, bytes_down: 10 * down });

function totalsOf(communities: unknown[]) {
  const totals = new OverlayTotals(() => ({ communities }) as unknown as Dispersy);
  return () => {
    totals.look();
    return JSON.parse(JSON.stringify(totals)) as unknown;
  };
}

test('what was before does not count, and a kind of message that never occurred is left out', (t) => {
  const [requests, responses] = [new MessageCounters(), new MessageCounters()];
  count(requests, 5, 5);
  const look = totalsOf([overlayOf(requests, responses)]);
  t.deepEqual(look(), { [PREFIX]: {} });
  count(requests, 3, 1);
  t.deepEqual(look(), { [PREFIX]: { 245: total(3, 1) } });
  count(responses, 0, 2);
  t.deepEqual(look(), { [PREFIX]: { 245: total(3, 1), 246: total(0, 2) } });
});

test('totals never go back: neither when the counters are reset, nor when their overlay goes', (t) => {
  const counters = new MessageCounters();
  const communities: unknown[] = [];
  const look = totalsOf(communities);
  communities.push(overlayOf(counters));
  count(counters, 8, 4);
  t.deepEqual(look(), { [PREFIX]: { 245: total(8, 4) } });
  counters.reset();
  count(counters, 2, 3);
  t.deepEqual(look(), { [PREFIX]: { 245: total(10, 7) } });
  communities.pop();
  t.deepEqual(look(), { [PREFIX]: { 245: total(10, 7) } });
  // Another session's.
  const others = new MessageCounters();
  communities.push(overlayOf(others));
  count(others, 1, 1);
  t.deepEqual(look(), { [PREFIX]: { 245: total(11, 8) } });
});
