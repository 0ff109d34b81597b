import test from 'ava';
import { SocketMeter } from '../../src/host/socket-meter.js';
import { Fabric } from '../../src/network/fabric.js';
import { MemoryEndpoint } from '../../src/network/memory-endpoint.js';
import { createLogger } from '../../src/runtime/logger.js';
import { ManualClock } from '../../src/runtime/manual-clock.js';
import { InstanceGauges } from '../../src/statistics/instance-gauges.js';

const logger = createLogger('endpoint', () => undefined);

test('what went through the socket is known a moment later', async (t) => {
  const gauges = new InstanceGauges();
  const clock = new ManualClock();
  const endpoint = new MemoryEndpoint({ carrier: new Fabric(clock), logger });
  const address = await endpoint.open();
  const sockets = new SocketMeter(gauges, [endpoint], clock);
  endpoint.onPacket(() => sockets.countNowAndThen());
  const counts: number[] = [];
  // A hundred a second; the monitor looks five times.
  for (let count = 1; count <= 100; count++) {
    endpoint.send(address, Buffer.alloc(7));
    clock.advance(10);
    if (count % 20 === 0) counts.push(gauges.get('datagramsDown'));
  }
  for (const [index, count] of counts.entries())
    t.true(count >= 20 * (index + 1) - 5 && count <= 20 * (index + 1), String(counts));
  sockets.note();
  const names = ['datagramsUp', 'datagramsDown', 'bytesUp', 'bytesDown', 'sendErrors'] as const;
  t.deepEqual(
    names.map((name) => gauges.get(name)),
    [100, 100, 700, 700, 0],
  );
});

test('what several sockets come to together is told when each of them can be measured, and only then', (t) => {
  const gauges = new InstanceGauges();
  const { counts } = new MemoryEndpoint({ carrier: new Fabric(new ManualClock()), logger });
  const one = { counts, sendQueueLength: 3 as number | undefined, receiveBufferBytes: 2000 as number | undefined };
  const other = { counts, sendQueueLength: 0, receiveBufferBytes: 1000 };
  const sockets = new SocketMeter(gauges, [one, other], new ManualClock());
  const figures = () => {
    sockets.note();
    return [gauges.measured('sendQueue'), gauges.measured('receiveBufferBytes')];
  };
  t.deepEqual(figures(), [3, 1000]);
  one.sendQueueLength = undefined;
  t.deepEqual(figures(), [undefined, 1000]);
  one.receiveBufferBytes = undefined;
  t.deepEqual(figures(), [undefined, undefined]);
});
