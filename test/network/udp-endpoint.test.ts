import test from 'ava';
import { ObservedEndpoint } from '../../src/network/observed/observed-endpoint.js';
import { UdpEndpoint } from '../../src/network/udp-endpoint.js';
import { realClock } from '../../src/runtime/clock.js';
import { GumbyError } from '../../src/runtime/errors.js';
import { createLogger } from '../../src/runtime/logger.js';
import { TimedEvents } from '../../src/runtime/virtual-time/timed-events.js';
import { testEndpointCompliance } from './endpoint-compliance.js';
import { linkedEndpoint } from './linked/linked-endpoint.js';
import { NOBODY_LOOKS } from './nobody-looks.js';
import { until } from './until.js';

const quiet = createLogger('test', () => undefined);

testEndpointCompliance(test, 'UDP', () => ({ create: (logger) => new UdpEndpoint({ logger }), until }));

testEndpointCompliance(test, 'UDP with links', () => {
  const events = new TimedEvents(realClock);
  return { create: (logger) => linkedEndpoint(new UdpEndpoint({ logger }), 1, { events, logger }), until };
});

testEndpointCompliance(test, 'UDP, observed', () => ({
  create: (logger) => new ObservedEndpoint(new UdpEndpoint({ logger }), NOBODY_LOOKS),
  until,
}));

test('an interface that is not ours is an error that names it', async (t) => {
  const endpoint = new UdpEndpoint({ logger: quiet, host: '203.0.113.1' });
  const error = await t.throwsAsync(endpoint.open(), { instanceOf: GumbyError });
  t.is(error.code, 'PORT_UNAVAILABLE');
  t.regex(error.message, /203\.0\.113\.1/);
});

test('a socket has a send queue and a receive buffer, which are told while it is open', async (t) => {
  const endpoint = new UdpEndpoint({ logger: quiet, receiveBufferBytes: 100_000 });
  t.teardown(() => endpoint.close());
  await endpoint.open();
  t.is(endpoint.sendQueueLength, 0);
  t.true((endpoint.receiveBufferBytes ?? 0) >= 100_000);
});
