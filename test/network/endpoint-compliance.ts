import type { ExecutionContext, TestFn } from 'ava';
import { type Address, sameAddress } from '../../src/network/address.js';
import type { Endpoint } from '../../src/network/endpoint.js';
import { until } from './until.js';

/** What every implementation of `Endpoint` owes its users. @param create - a closed endpoint. */
export function testEndpointCompliance(test: TestFn, name: string, create: () => Endpoint): void {
  const open = async (t: ExecutionContext): Promise<{ endpoint: Endpoint; address: Address; received: string[] }> => {
    const endpoint = create();
    t.teardown(() => endpoint.close());
    const received: string[] = [];
    const address = await endpoint.open();
    endpoint.on('packet', (_source, packet) => received.push(packet.toString('latin1')));
    return { endpoint, address, received };
  };

  test(`${name}: a packet arrives whole, with the sender's address, and both sides count it`, async (t) => {
    const [one, other] = [await open(t), await open(t)];
    const sources: Address[] = [];
    other.endpoint.on('packet', (source) => sources.push(source));
    one.endpoint.send(other.address, Buffer.from('hello'));
    await until(() => other.received.length === 1);
    t.deepEqual(other.received, ['hello']);
    t.true(sameAddress(sources[0] as Address, one.address));
    t.is(one.endpoint.statistics.packetsUp, 1);
    t.is(one.endpoint.statistics.bytesUp, 5);
    t.is(other.endpoint.statistics.packetsDown, 1);
    t.is(other.endpoint.statistics.bytesDown, 5);
  });

  test(`${name}: a reset sets its counts back, and not its totals`, async (t) => {
    const [one, other] = [await open(t), await open(t)];
    for (const text of ['first', 'second']) {
      one.endpoint.send(other.address, Buffer.from(text));
      await until(() => other.received.includes(text));
      for (const { endpoint } of [one, other]) endpoint.statistics.reset();
    }
    one.endpoint.send(other.address, Buffer.from('third'));
    await until(() => other.received.includes('third'));
    t.like(one.endpoint.statistics, { packetsUp: 1, bytesUp: 5 });
    t.like(other.endpoint.statistics, { packetsDown: 1, bytesDown: 5 });
    t.deepEqual([one.endpoint.statistics.totalOf('packetsUp'), one.endpoint.statistics.totalOf('bytesUp')], [3, 16]);
    t.deepEqual(
      [other.endpoint.statistics.totalOf('packetsDown'), other.endpoint.statistics.totalOf('bytesDown')],
      [3, 16],
    );
  });

  test(`${name}: its address is there while it is open, and only then`, async (t) => {
    const endpoint = create();
    t.is(endpoint.address, undefined);
    const address = await endpoint.open();
    t.deepEqual(endpoint.address, address);
    t.deepEqual(await endpoint.open(), address);
    await endpoint.close();
    t.is(endpoint.address, undefined);
  });

  test(`${name}: closing twice, or before opening, does no harm`, async (t) => {
    const endpoint = create();
    await endpoint.close();
    const opening = endpoint.open();
    await Promise.all([endpoint.close(), endpoint.close()]);
    await opening;
    t.is(endpoint.address, undefined);
  });

  test(`${name}: after reopening it sends and receives again`, async (t) => {
    const [one, other] = [await open(t), await open(t)];
    await one.endpoint.close();
    other.endpoint.send(one.address, Buffer.from('lost'));
    const address = await one.endpoint.open({ preferredPort: one.address.port });
    other.endpoint.send(address, Buffer.from('again'));
    await until(() => one.received.length > 0);
    t.deepEqual(one.received, ['again']);
  });

  test(`${name}: what cannot be sent is counted by its reason and never throws`, async (t) => {
    const { endpoint, address } = await open(t);
    endpoint.send(address, Buffer.alloc(70_000));
    endpoint.send({ host: '127.0.0.1', port: 0 }, Buffer.alloc(1));
    endpoint.send({ host: '127.0.0.1', port: 65_536 }, Buffer.alloc(1));
    await endpoint.close();
    endpoint.send(address, Buffer.alloc(1));
    t.deepEqual(endpoint.statistics.dropped, { 'packet too long': 1, 'invalid address': 2, 'endpoint is closed': 1 });
    t.is(endpoint.statistics.packetsUp, 0);
    endpoint.statistics.reset();
    t.deepEqual(endpoint.statistics.dropped, { 'packet too long': 0, 'invalid address': 0, 'endpoint is closed': 0 });
  });

  test(`${name}: a listener that throws is counted, and later packets still arrive`, async (t) => {
    const [one, other] = [await open(t), await open(t)];
    other.endpoint.on('packet', () => {
      throw new Error('a listener of the test');
    });
    one.endpoint.send(other.address, Buffer.from('first'));
    one.endpoint.send(other.address, Buffer.from('second'));
    await until(() => other.received.length === 2);
    t.is(other.endpoint.statistics.listenerErrors, 2);
  });
}
