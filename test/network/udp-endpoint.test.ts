import test from 'ava';
import { UdpEndpoint } from '../../src/network/udp-endpoint.js';
import { GumbyError } from '../../src/runtime/errors.js';
import { createLogger, type Logger } from '../../src/runtime/logger.js';
import { until } from './until.js';
import { testEndpointCompliance } from './endpoint-compliance.js';

const quiet = createLogger('test', () => undefined);

testEndpointCompliance(test, 'UDP', () => new UdpEndpoint({ logger: quiet }));

test('the preferred port is taken when it is free', async (t) => {
  const first = new UdpEndpoint({ logger: quiet });
  const { port } = await first.open();
  await first.close();
  const second = new UdpEndpoint({ logger: quiet });
  t.teardown(() => second.close());
  t.deepEqual(await second.open({ preferredPort: port }), { host: '127.0.0.1', port });
});

test('another port is found when the preferred one is taken', async (t) => {
  const [holder, late] = [new UdpEndpoint({ logger: quiet }), new UdpEndpoint({ logger: quiet })];
  t.teardown(() => Promise.all([holder.close(), late.close()]));
  const { port } = await holder.open();
  const address = await late.open({ preferredPort: port });
  t.not(address.port, port);
  t.true(address.port > 0);
});

test('an interface that is not ours is an error that names it', async (t) => {
  const endpoint = new UdpEndpoint({ logger: quiet, host: '203.0.113.1' });
  const error = await t.throwsAsync(endpoint.open(), { instanceOf: GumbyError });
  t.is(error.code, 'PORT_UNAVAILABLE');
  t.regex(error.message, /203\.0\.113\.1/);
});

test('a host name is not looked up: it is a send error', async (t) => {
  const endpoint = new UdpEndpoint({ logger: quiet });
  t.teardown(() => endpoint.close());
  await endpoint.open();
  endpoint.send({ host: 'localhost', port: 9 }, Buffer.from('x'));
  await until(() => endpoint.statistics.sendErrors === 1);
  t.pass();
});

test('listeners that throw are logged once, not once a packet', async (t) => {
  const lines: string[] = [];
  const logger: Logger = createLogger('udp', (_level, line) => lines.push(line));
  const endpoint = new UdpEndpoint({ logger });
  t.teardown(() => endpoint.close());
  const address = await endpoint.open();
  endpoint.on('packet', () => {
    throw new Error('boom');
  });
  for (let count = 0; count < 5; count++) endpoint.send(address, Buffer.from('x'));
  await until(() => endpoint.statistics.listenerErrors === 5);
  t.is(lines.length, 1);
  t.regex(lines[0] as string, /boom/);
});
