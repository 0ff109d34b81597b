import test from 'ava';
import { ConditionedEndpoint } from '../../src/network/conditions/conditioned-endpoint.js';
import { latency } from '../../src/network/conditions/rules.js';
import { ObservedEndpoint } from '../../src/network/observed/observed-endpoint.js';
import { UdpEndpoint } from '../../src/network/udp-endpoint.js';
import { realClock } from '../../src/runtime/clock.js';
import { GumbyError } from '../../src/runtime/errors.js';
import { createLogger } from '../../src/runtime/logger.js';
import { seededRandom } from '../../src/runtime/random.js';
import { testEndpointCompliance } from './endpoint-compliance.js';
import { NOBODY_LOOKS } from './nobody-looks.js';
import { until } from './until.js';

const quiet = createLogger('test', () => undefined);

testEndpointCompliance(test, 'UDP', () => ({ create: (logger) => new UdpEndpoint({ logger }), until }));

testEndpointCompliance(test, 'UDP behind conditions', () => ({
  create(logger) {
    const endpoint = new ConditionedEndpoint({ endpoint: new UdpEndpoint({ logger }), clock: realClock, logger });
    endpoint.conditions.add(() => 'pass');
    endpoint.conditions.add(latency(seededRandom('UDP'), 2));
    return endpoint;
  },
  until,
}));

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
