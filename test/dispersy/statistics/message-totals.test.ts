import test from 'ava';
import { changedValues } from '../../../src/output/changed-values.js';
import { type CountingCommunity, MessageTotals } from '../../../src/dispersy/statistics/message-totals.js';

/** A community that has received each message so often. */
function communityOf(received: Record<string, number>): CountingCommunity {
  const none = { sent: 0, dropped: 0, delayed: 0, created: 0, endpoint_recv: 0, endpoint_send: 0 };
  const occurred = () => Object.entries(received).map(([name, count]) => [name, { ...none, received: count }] as const);
  return { statistics: { occurred } };
}

function receivedOf(totals: MessageTotals<'received'>, communities: readonly CountingCommunity[]) {
  return totals.valuesOf(communities).received;
}

test('what a community counted stays counted when it is unloaded, also what it counted last, until a reset', (t) => {
  const totals = new MessageTotals(['received']);
  const first = { ping: 100, pong: 1 };
  const [leaving, staying] = [communityOf(first), communityOf({ ping: 50 })];
  t.deepEqual(receivedOf(totals, [leaving, staying]), { ping: 150, pong: 1 });
  first.ping = 110;
  t.deepEqual(receivedOf(totals, [staying]), { ping: 160, pong: 1 });
  t.deepEqual(receivedOf(totals, [staying, communityOf({ ping: 5 })]), { ping: 165, pong: 1 });
  totals.reset();
  t.deepEqual(receivedOf(totals, [staying]), { ping: 55 });
});

test('messages may be called as something that every object has', (t) => {
  const received = Object.fromEntries([
    ['constructor', 3],
    ['__proto__', 4],
    ['toString', 5],
  ]);
  const counted = receivedOf(new MessageTotals(['received']), [communityOf(received)]);
  t.deepEqual(Object.entries(counted), Object.entries(received));
  t.deepEqual(Object.entries(changedValues({}, counted) ?? {}), Object.entries(received));
  t.is(changedValues(counted, counted), undefined);
});
