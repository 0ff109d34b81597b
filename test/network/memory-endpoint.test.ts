import test from 'ava';
import { Fabric } from '../../src/network/fabric.js';
import { MemoryEndpoint } from '../../src/network/memory-endpoint.js';
import { observedCarrier } from '../../src/network/observed/observed-carrier.js';
import { ObservedEndpoint } from '../../src/network/observed/observed-endpoint.js';
import type { MeteredEndpoint } from '../../src/network/socket-figures.js';
import { realClock } from '../../src/runtime/clock.js';
import { GumbyError } from '../../src/runtime/errors.js';
import type { Logger } from '../../src/runtime/logger.js';
import { createLogger } from '../../src/runtime/logger.js';
import { ManualClock } from '../../src/runtime/manual-clock.js';
import { TimedEvents } from '../../src/runtime/virtual-time/timed-events.js';
import { type NetworkUnderTest, testEndpointCompliance } from './endpoint-compliance.js';
import { linkedEndpoint } from './linked/linked-endpoint.js';
import { NOBODY_LOOKS } from './nobody-looks.js';
import { settle } from './settle.js';
import { until } from './until.js';

const quiet = createLogger('test', () => undefined);

/** A network whose time the test moves on, a millisecond at a time. */
function manualNetwork(wrap: (endpoint: MeteredEndpoint, clock: ManualClock, logger: Logger) => MeteredEndpoint) {
  const clock = new ManualClock();
  const fabric = new Fabric(clock);
  return {
    create: (logger: Logger) => wrap(new MemoryEndpoint({ carrier: fabric, logger }), clock, logger),
    async until(condition: () => boolean) {
      for (let waitedMs = 0; !condition(); waitedMs++) {
        if (waitedMs > 1000) throw new Error(`not within ${waitedMs} ms: ${condition.toString()}`);
        await settle(clock, fabric);
        clock.advance(1);
      }
    },
  } satisfies NetworkUnderTest;
}

testEndpointCompliance(test, 'memory', () => manualNetwork((endpoint) => endpoint));

testEndpointCompliance(test, 'memory in real time', () => {
  const fabric = new Fabric(realClock);
  return { create: (logger) => new MemoryEndpoint({ carrier: fabric, logger }), until };
});

testEndpointCompliance(test, 'memory with links', () =>
  manualNetwork((endpoint, clock, logger) => linkedEndpoint(endpoint, 1, { events: new TimedEvents(clock), logger })),
);

testEndpointCompliance(test, 'memory, observed', () =>
  manualNetwork((endpoint) => new ObservedEndpoint(endpoint, NOBODY_LOOKS)),
);

testEndpointCompliance(test, 'memory on an observed network', () => {
  const carrier = observedCarrier(new Fabric(realClock), NOBODY_LOOKS);
  return { create: (logger) => new MemoryEndpoint({ carrier, logger }), until };
});

test('a fabric counts everything it was given: delivered, in flight, or to nobody', async (t) => {
  const clock = new ManualClock();
  const fabric = new Fabric(clock);
  const [one, other] = [
    new MemoryEndpoint({ carrier: fabric, logger: quiet }),
    new MemoryEndpoint({ carrier: fabric, logger: quiet }),
  ];
  await one.open();
  const address = await other.open();
  for (let count = 0; count < 3; count++) one.send(address, Buffer.from('x'));
  one.send({ host: '10.0.0.9', port: 1 }, Buffer.from('x'));
  t.deepEqual(fabric.counts, { carried: 4, delivered: 0, toNobody: 1, inFlight: 3 });
  other.onPacket(() => void other.close());
  clock.turn();
  t.deepEqual(fabric.counts, { carried: 4, delivered: 1, toNobody: 3, inFlight: 0 });
});

test('who binds an address gets nothing that was sent to the one before', async (t) => {
  const clock = new ManualClock();
  const fabric = new Fabric(clock);
  const [one, other] = [
    new MemoryEndpoint({ carrier: fabric, logger: quiet }),
    new MemoryEndpoint({ carrier: fabric, logger: quiet }),
  ];
  await one.open();
  const address = await other.open();
  one.send(address, Buffer.from('for the first'));
  await other.close();
  await other.open({ preferredPort: address.port });
  clock.turn();
  t.is(other.counts.packetsDown, 0);
  t.is(fabric.counts.toNobody, 1);
});

test('an endpoint is open, and sees what is sent, as soon as it was told to open', (t) => {
  const clock = new ManualClock();
  const fabric = new Fabric(clock);
  const endpoint = new MemoryEndpoint({ carrier: fabric, logger: quiet, host: '10.1.2.3' });
  void endpoint.open({ preferredPort: 6421 });
  t.deepEqual(endpoint.address, { host: '10.1.2.3', port: 6421 });
  endpoint.send({ host: '10.1.2.3', port: 6421 }, Buffer.from('x'));
  t.is(endpoint.counts.packetsDown, 0);
  clock.turn();
  t.is(endpoint.counts.packetsDown, 1);
});

test('all of a host can be filled, its ports are chosen in order, and the one too many is an error that says so', (t) => {
  const fabric = new Fabric(new ManualClock());
  const bind = (host: string, port = 0) => fabric.bind(host, port, () => undefined);
  t.is(bind('10.0.0.1', 49_153).address.port, 49_153);
  const ports = Array.from({ length: 16_383 }, () => bind('10.0.0.1').address.port);
  t.deepEqual(ports.slice(0, 3), [49_152, 49_154, 49_155]);
  t.is(new Set(ports).size, ports.length);
  const error = t.throws(() => bind('10.0.0.1'), { instanceOf: GumbyError });
  t.is(error.code, 'PORT_UNAVAILABLE');
  t.regex(error.message, /10\.0\.0\.1.*all ports/);
  t.is(bind('10.0.0.2').address.port, 49_152);
});

for (const host of ['localhost', '::1', '0.0.0.0', '10.0.0.256', '']) {
  test(`a host that is none of the emulated network is an error that names it: "${host}"`, async (t) => {
    const endpoint = new MemoryEndpoint({ carrier: new Fabric(new ManualClock()), logger: quiet, host });
    const error = await t.throwsAsync(endpoint.open(), { instanceOf: GumbyError });
    t.is(error.code, 'PORT_UNAVAILABLE');
    t.true(error.message.includes(host), error.message);
    t.is(endpoint.address, undefined);
  });
}
