import test from 'ava';
import { EmulatedNetwork } from '../../../src/network/emulated/emulated-network.js';
import {
  EMULATED_INSTANCES_MAX,
  entityOfHost,
  hostOfEntity,
  trackerEntity,
} from '../../../src/network/emulated/entity-address.js';
import { createExchangeMemory, PacketExchange } from '../../../src/network/emulated/packet-exchange.js';
import { NetworkFigures } from '../../../src/network/network-figures.js';
import { type Bandwidth, Bandwidths } from '../../../src/network/links/bandwidth.js';
import type { NatPlan } from '../../../src/network/nat/nat-plan.js';
import { Router } from '../../../src/network/nat/router.js';
import { MemoryEndpoint } from '../../../src/network/memory-endpoint.js';
import { GumbyError } from '../../../src/runtime/errors.js';
import { createLogger } from '../../../src/runtime/logger.js';
import { EventScheduler } from '../../../src/runtime/virtual-time/event-scheduler.js';
import { NO_NATS } from '../nat/no-nats.js';

const logger = createLogger('endpoint', () => {});

/** Instances 1 and 2 in one thread, 3 in another, and a tracker; every packet takes 2 ms. */
function twoThreads(nats: Partial<NatPlan> = {}, bandwidth: Partial<Bandwidth> = {}) {
  const memory = createExchangeMemory(2);
  const threads = [0, 1].map((thread) => {
    const scheduler = new EventScheduler();
    const figures = new NetworkFigures();
    const exchange = new PacketExchange(memory, thread, (crossing) => network.receive(crossing));
    const network: EmulatedNetwork = new EmulatedNetwork({
      events: scheduler,
      figures,
      router: new Router({ ...NO_NATS, ...nats }, 'seed'),
      fates: { fateOf: (_source, target) => (target === 2 ? 'lost' : 2) },
      bandwidths: new Bandwidths({ up: Infinity, down: Infinity, queue: 0, ...bandwidth }),
      thread,
      threadOf: (entity) => (entity > 3 || entity < -1 ? undefined : entity === 3 ? 1 : 0),
      others: exchange,
    });
    return { scheduler, network, exchange, figures };
  });
  const endpointOf = (entity: number) =>
    new MemoryEndpoint({
      carrier: (threads[entity === 3 ? 1 : 0] as (typeof threads)[0]).network.carrierOf(entity),
      host: hostOfEntity(entity),
      logger,
    });
  /** All threads come to the end of a window, and take what the others sent. */
  const nextWindow = () => {
    for (const { exchange } of threads) exchange.takeSentMs();
    for (const { exchange } of threads) exchange.receive();
    for (const { scheduler } of threads) while (scheduler.runNext(Infinity));
  };
  return { threads, endpointOf, nextWindow };
}

test('addresses follow from numbers, and numbers from addresses', (t) => {
  t.is(hostOfEntity(1), '198.18.0.1');
  t.is(hostOfEntity(255), '198.18.1.1');
  t.is(hostOfEntity(trackerEntity(0)), '198.19.255.254');
  for (const entity of [1, 254, 255, 256, 65_535, 65_536, EMULATED_INSTANCES_MAX, -1, -256])
    t.is(entityOfHost(hostOfEntity(entity)), entity);
  for (const host of [
    '198.17.255.255',
    '198.18.0.0',
    '198.20.0.0',
    '127.0.0.1',
    '8.8.8.8',
    'localhost',
    '',
    '198.18.1',
  ])
    t.is(entityOfHost(host), undefined, host);
});

test('a packet arrives after its latency, within a thread and across threads', async (t) => {
  const { threads, endpointOf, nextWindow } = twoThreads();
  const [one, three] = [endpointOf(1), endpointOf(3)];
  const [from, to] = [await one.open({ preferredPort: 12_001 }), await three.open()];
  t.deepEqual(from, { host: '198.18.0.1', port: 12_001 });
  const got: string[] = [];
  const note = (at: number) => (source: { readonly host: string; readonly port: number }, packet: Buffer) =>
    void got.push(`${threads[at]?.scheduler.nowMs} ${source.host}:${source.port} ${packet.toString()}`);
  one.onPacket(note(0));
  three.onPacket(note(1));
  const packet = Buffer.from('across');
  one.send(to, packet);
  packet.fill('x');
  one.send({ host: '127.0.0.1', port: 12_001 }, Buffer.from('to itself'));
  nextWindow();
  three.send(from, Buffer.from('back'));
  nextWindow();
  t.deepEqual(got.sort(), [
    '2 198.18.0.1:12001 across',
    '2 198.18.0.1:12001 to itself',
    `4 198.18.0.3:${to.port} back`,
  ]);
  t.like(threads[0]?.figures.packets, { sent: 2, lost: 0, toNobody: 0, filtered: 0 });
});

test('what is lost, and what is for nobody, is counted', async (t) => {
  const { threads, endpointOf, nextWindow } = twoThreads();
  const one = endpointOf(1);
  await one.open();
  const hosts = ['198.18.0.2', '198.18.0.9', '198.19.0.1', '10.0.0.1', '255.255.255.255', '0.0.0.0'];
  for (const host of hosts) one.send({ host, port: 5 }, Buffer.from('x'));
  one.send({ host: '198.18.0.1', port: 4 }, Buffer.from('no socket at this port'));
  nextWindow();
  t.like(threads[0]?.figures.packets, { sent: 7, lost: 1, toNobody: 6, filtered: 0 });
});

test('an endpoint is on its own host only, and a taken port gives way to a free one', async (t) => {
  const { threads, endpointOf } = twoThreads();
  const carrier = threads[0]?.network.carrierOf(1);
  const error = t.throws<GumbyError>(() => carrier?.bind('198.18.0.2', 5, () => {}), { instanceOf: GumbyError });
  t.is(error.code, 'PORT_UNAVAILABLE');
  t.regex(error.message, /this host of the emulated network is 198\.18\.0\.1/);
  const [one, other] = [endpointOf(1), endpointOf(1)];
  t.is((await one.open({ preferredPort: 5 })).port, 5);
  t.is((await other.open({ preferredPort: 5 })).port, 49_152);
  await one.close();
  t.is((await endpointOf(1).open({ preferredPort: 5 })).port, 5);
});

test('a million datagrams of a stranger leave nothing behind', async (t) => {
  const { threads, endpointOf } = twoThreads();
  const one = endpointOf(1);
  const { port } = await one.open();
  const scheduler = threads[0]?.scheduler as EventScheduler;
  const packet = Buffer.alloc(20, 1);
  for (let count = 0; count < 1_000_000; count++) {
    one.send(
      { host: count % 2 === 0 ? '127.0.0.1' : `198.18.0.${count % 250}`, port: count % 3 === 0 ? port : 1 },
      packet,
    );
    if (count % 1000 === 0) while (scheduler.runNext(Infinity));
  }
  while (scheduler.runNext(Infinity));
  t.is(scheduler.size, 0);
  t.is(threads[0]?.figures.packets.sent, 1_000_000);
});

test('connections have a bandwidth in each direction, and lose what their queues cannot hold', async (t) => {
  // 97 bytes and 28 of headers take 1 ms up and 2 ms down; three such packets fit into a queue.
  const { threads, endpointOf, nextWindow } = twoThreads({}, { up: 1e6, down: 5e5, queue: 375 });
  const [one, three] = [endpointOf(1), endpointOf(3)];
  await one.open();
  const to = await three.open();
  const got: number[] = [];
  three.onPacket(() => void got.push(threads[1]?.scheduler.nowMs ?? 0));
  for (let count = 0; count < 5; count++) one.send(to, Buffer.alloc(97));
  nextWindow();
  // They leave at 1, 2 and 3 ms, take 2 ms, and come in one after the other.
  t.deepEqual(got, [5, 7, 9]);
  t.is(threads[0]?.figures.packets.queueFull, 2);
});
