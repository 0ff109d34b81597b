import type { ExecutionContext, TestFn } from 'ava';
import { type Address, sameAddress } from '../../src/network/address.js';
import type { MeteredEndpoint } from '../../src/network/socket-figures.js';
import { GumbyError } from '../../src/runtime/errors.js';
import { createLogger, type Logger } from '../../src/runtime/logger.js';

/** A network to try endpoints on. */
export interface NetworkUnderTest {
  /** @returns a closed endpoint */
  create(logger: Logger): MeteredEndpoint;
  /** Lets the network work until `condition` holds; fails when it never does. */
  until(condition: () => boolean): Promise<void>;
}

interface Opened {
  readonly endpoint: MeteredEndpoint;
  readonly address: Address;
  readonly received: string[];
}

/** What every implementation of `Endpoint` owes its users. @param makeNetwork - a network of its own for each test */
export function testEndpointCompliance(test: TestFn, name: string, makeNetwork: () => NetworkUnderTest): void {
  const law = (title: string, check: (t: ExecutionContext, world: World) => Promise<void>) =>
    test(`${name}: ${title}`, (t) => check(t, new World(t, makeNetwork())));

  law('a packet arrives whole, with the sender’s address, and both sides count it', async (t, world) => {
    const [one, other] = await world.openTwo();
    const sources: Address[] = [];
    other.endpoint.onPacket((source) => sources.push(source));
    one.endpoint.send(other.address, Buffer.from('hello'));
    await world.until(() => other.received.length === 1);
    t.deepEqual(other.received, ['hello']);
    t.true(sameAddress(sources[0] as Address, one.address));
    t.like(one.endpoint.counts, { packetsUp: 1, bytesUp: 5, packetsDown: 0, bytesDown: 0 });
    t.like(other.endpoint.counts, { packetsUp: 0, bytesUp: 0, packetsDown: 1, bytesDown: 5 });
  });

  law('packets from one endpoint to another arrive in the order in which they were sent', async (t, world) => {
    const [one, other] = await world.openTwo();
    const texts = Array.from({ length: 50 }, (_, index) => `packet ${index}`);
    for (const text of texts) one.endpoint.send(other.address, Buffer.from(text));
    await world.until(() => other.received.length === texts.length);
    t.deepEqual(other.received, texts);
  });

  law('nothing arrives before the sender’s turn is over, not even what it sends to itself', async (t, world) => {
    const [one, other] = await world.openTwo();
    one.endpoint.send(other.address, Buffer.from('to the other'));
    one.endpoint.send(one.address, Buffer.from('to itself'));
    await Promise.resolve();
    t.deepEqual([...one.received, ...other.received], []);
    await world.until(() => one.received.length + other.received.length === 2);
    t.deepEqual([one.received, other.received], [['to itself'], ['to the other']]);
  });

  law('an answer that is sent from within a listener arrives', async (t, world) => {
    const [one, other] = await world.openTwo();
    other.endpoint.onPacket((source) => other.endpoint.send(source, Buffer.from('answer')));
    one.endpoint.send(other.address, Buffer.from('question'));
    await world.until(() => one.received.length === 1);
    t.deepEqual(one.received, ['answer']);
  });

  law('a packet may be empty, and as long as a datagram can be', async (t, world) => {
    const [one, other] = await world.openTwo();
    const longest = Buffer.alloc(65_507, 'x');
    one.endpoint.send(other.address, Buffer.alloc(0));
    one.endpoint.send(other.address, longest);
    await world.until(() => other.received.length === 2);
    t.deepEqual(
      other.received.map(({ length }) => length),
      [0, 65_507],
    );
    t.is(other.received[1], longest.toString('latin1'));
  });

  law('sender and receivers share no bytes', async (t, world) => {
    const [one, other, third] = [await world.open(), await world.open(), await world.open()];
    for (const { endpoint } of [other, third]) endpoint.onPacket((_source, packet) => packet.fill('!'));
    const packet = Buffer.from('hello');
    for (const { address } of [other, third]) one.endpoint.send(address, packet);
    await world.until(() => other.received.length === 1 && third.received.length === 1);
    t.deepEqual([packet.toString(), ...other.received, ...third.received], ['hello', 'hello', 'hello']);
  });

  law('a packet to nobody is lost without a word', async (t, world) => {
    const [one, other] = await world.openTwo();
    const { address, endpoint } = await world.open();
    await endpoint.close();
    one.endpoint.send(address, Buffer.from('lost'));
    one.endpoint.send(other.address, Buffer.from('after'));
    await world.until(() => other.received.length === 1);
    t.like(one.endpoint.counts, { packetsUp: 2, sendErrors: 0 });
    t.deepEqual(world.logged, []);
  });

  law('its address is there while it is open, and only then', async (t, world) => {
    const endpoint = world.create();
    t.is(endpoint.address, undefined);
    const address = await endpoint.open();
    t.deepEqual(endpoint.address, address);
    t.is(address.host, '127.0.0.1');
    t.true(address.port > 0 && address.port <= 0xffff);
    await endpoint.close();
    t.is(endpoint.address, undefined);
  });

  law('opening what is open, or being opened, answers with the same address', async (t, world) => {
    const endpoint = world.create();
    const [first, second] = await Promise.all([endpoint.open(), endpoint.open()]);
    t.deepEqual(second, first);
    t.deepEqual(await endpoint.open({ preferredPort: first.port === 50_000 ? 50_001 : 50_000 }), first);
  });

  law('two endpoints never have the same address', async (t, world) => {
    const opened = await Promise.all(Array.from({ length: 20 }, () => world.open()));
    t.is(new Set(opened.map(({ address }) => address.port)).size, 20);
  });

  law('the preferred port is taken when it is free, and another one when it is not', async (t, world) => {
    const holder = await world.open();
    const late = world.create();
    t.not((await late.open({ preferredPort: holder.address.port })).port, holder.address.port);
    await Promise.all([late.close(), holder.endpoint.close()]);
    t.deepEqual(await late.open({ preferredPort: holder.address.port }), holder.address);
  });

  law('a number that is no port is an error that names it, and leaves it closed', async (t, world) => {
    for (const preferredPort of [-1, 65_536, 1.5, Number.NaN]) {
      const endpoint = world.create();
      const error = await t.throwsAsync(endpoint.open({ preferredPort }), { instanceOf: GumbyError });
      t.is(error.code, 'PORT_UNAVAILABLE');
      t.true(error.message.includes(String(preferredPort)), error.message);
      t.is(endpoint.address, undefined);
      t.truthy(await endpoint.open());
    }
  });

  law('closing twice, before opening, or while it opens, does no harm', async (t, world) => {
    const endpoint = world.create();
    await endpoint.close();
    const opening = endpoint.open();
    await Promise.all([endpoint.close(), endpoint.close()]);
    await opening;
    t.is(endpoint.address, undefined);
    await endpoint.close();
    t.truthy(await endpoint.open());
  });

  law(
    'after reopening it sends and receives again, for the same listeners, and gets nothing from before',
    async (t, world) => {
      const [one, other] = await world.openTwo();
      await one.endpoint.close();
      const third = await world.open();
      other.endpoint.send(one.address, Buffer.from('lost'));
      other.endpoint.send(third.address, Buffer.from('behind it'));
      // What was sent first has arrived first, and found nobody.
      await world.until(() => third.received.length === 1);
      const address = await one.endpoint.open({ preferredPort: one.address.port });
      t.deepEqual(address, one.address);
      other.endpoint.send(address, Buffer.from('again'));
      await world.until(() => one.received.length > 0);
      t.deepEqual(one.received, ['again']);
      one.endpoint.send(other.address, Buffer.from('back'));
      await world.until(() => other.received.length > 0);
      t.deepEqual(other.received, ['back']);
    },
  );

  law('what is closed within a listener gets no further packet, and sends none', async (t, world) => {
    const [one, other] = await world.openTwo();
    const third = await world.open();
    let closing: Promise<void> | undefined;
    other.endpoint.onPacket(() => {
      closing ??= other.endpoint.close();
      t.is(other.endpoint.address, undefined);
      other.endpoint.send(third.address, Buffer.from('from the closed'));
    });
    for (let count = 0; count < 20; count++) one.endpoint.send(other.address, Buffer.from(String(count)));
    await world.until(() => closing !== undefined);
    await closing;
    one.endpoint.send(third.address, Buffer.from('last'));
    await world.until(() => third.received.length > 0);
    t.deepEqual(other.received, ['0']);
    t.deepEqual(third.received, ['last']);
    t.is(other.endpoint.counts.dropped['endpoint is closed'], 1);
  });

  law('what cannot be sent is counted by its reason, and never throws', async (t, world) => {
    const endpoint = world.create();
    const target = await world.open();
    endpoint.send(target.address, Buffer.alloc(1));
    const address = await endpoint.open();
    endpoint.send(address, Buffer.alloc(65_508));
    for (const port of [0, -1, 65_536, 1.5, Number.NaN]) endpoint.send({ host: '127.0.0.1', port }, Buffer.alloc(1));
    endpoint.send({ host: '', port: address.port }, Buffer.alloc(1));
    await endpoint.close();
    endpoint.send(address, Buffer.alloc(70_000));
    t.deepEqual(endpoint.counts.dropped, { 'packet too long': 1, 'invalid address': 6, 'endpoint is closed': 2 });
    t.is(endpoint.counts.packetsUp, 0);
    t.is(target.endpoint.counts.packetsDown, 0);
  });

  law('a host name is not looked up: it is a send error', async (t, world) => {
    const { endpoint, address } = await world.open();
    for (const host of ['localhost', '::1', '127.0.0.256', '127.0.0.01'])
      endpoint.send({ ...address, host }, Buffer.from('x'));
    await world.until(() => endpoint.counts.sendErrors === 4);
    t.is(endpoint.counts.packetsUp, 4);
    t.is(endpoint.counts.packetsDown, 0);
  });

  law('all who listen get every packet, until they stop listening', async (t, world) => {
    const [one, other] = await world.openTwo();
    const heard: string[] = [];
    const listener = (_source: Address, packet: Buffer) => void heard.push(packet.toString());
    const stops = [other.endpoint.onPacket(listener), other.endpoint.onPacket(listener)];
    for (const text of ['both', 'one', 'none']) {
      one.endpoint.send(other.address, Buffer.from(text));
      await world.until(() => other.received.includes(text));
      const stop = stops.pop();
      stop?.();
      // Once more ends no other listening.
      stop?.();
    }
    t.deepEqual(heard, ['both', 'both', 'one']);
  });

  law('a listener that throws is counted and logged once, and disturbs nobody', async (t, world) => {
    const [one, other] = [await world.open(), world.create()];
    other.onPacket(() => {
      throw new Error('a listener of the test');
    });
    const behind: string[] = [];
    other.onPacket((_source, packet) => behind.push(packet.toString()));
    const address = await other.open();
    for (const text of ['first', 'second', 'third']) one.endpoint.send(address, Buffer.from(text));
    await world.until(() => behind.length === 3);
    t.deepEqual(behind, ['first', 'second', 'third']);
    t.is(other.counts.listenerErrors, 3);
    t.is(world.logged.length, 1);
    t.regex(world.logged[0] as string, /a listener of the test/);
  });

  law('what cannot be measured while it is closed is undefined', async (t, world) => {
    const endpoint = world.create();
    const figures = () => [endpoint.sendQueueLength, endpoint.receiveBufferBytes];
    t.deepEqual(figures(), [undefined, undefined]);
    await endpoint.open();
    t.true(figures().every((figure) => figure === undefined || (Number.isInteger(figure) && figure >= 0)));
    await endpoint.close();
    t.deepEqual(figures(), [undefined, undefined]);
  });
}

/** A network under test, with everything that is to be closed after it. */
class World {
  readonly logged: string[] = [];
  readonly #network: NetworkUnderTest;
  readonly #endpoints: MeteredEndpoint[] = [];

  constructor(t: ExecutionContext, network: NetworkUnderTest) {
    this.#network = network;
    t.teardown(() => Promise.all(this.#endpoints.map((endpoint) => endpoint.close())));
  }

  create(): MeteredEndpoint {
    const endpoint = this.#network.create(createLogger('endpoint', (_level, line) => this.logged.push(line)));
    this.#endpoints.push(endpoint);
    return endpoint;
  }

  async open(): Promise<Opened> {
    const endpoint = this.create();
    const received: string[] = [];
    endpoint.onPacket((_source, packet) => received.push(packet.toString('latin1')));
    return { endpoint, address: await endpoint.open(), received };
  }

  async openTwo(): Promise<[Opened, Opened]> {
    return [await this.open(), await this.open()];
  }

  until(condition: () => boolean): Promise<void> {
    return this.#network.until(condition);
  }
}
