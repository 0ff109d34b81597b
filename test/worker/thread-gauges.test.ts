import test from 'ava';
import { ManualClock } from '../../src/runtime/manual-clock.js';
import { InstanceGauges } from '../../src/statistics/instance-gauges.js';
import { ThreadGauges } from '../../src/worker/thread-gauges.js';
import { SilentEndpoint } from '../dispersy/support/silent-endpoint.js';

test('what went through the socket is known a moment later, and is not less after a reset', (t) => {
  const gauges = new InstanceGauges();
  const clock = new ManualClock();
  const thread = new ThreadGauges(gauges, clock);
  const endpoint = new SilentEndpoint();
  thread.watch(endpoint);
  const receive = () => {
    endpoint.statistics.packetsDown++;
    endpoint.emit('packet', endpoint.address, Buffer.alloc(1));
  };
  const counts: number[] = [];
  // A hundred a second; the monitor looks five times.
  for (let count = 1; count <= 100; count++) {
    clock.advance(10);
    receive();
    if (count === 50) endpoint.statistics.reset();
    if (count % 20 === 0) counts.push(gauges.get('datagramsDown'));
  }
  for (const [index, count] of counts.entries())
    t.true(count >= 20 * (index + 1) - 5 && count <= 20 * (index + 1), String(counts));
  thread.look();
  t.is(gauges.get('datagramsDown'), 100);
  t.is(endpoint.statistics.packetsDown, 50);
});
