import test from 'ava';
import { Fabric } from '../../../src/network/fabric.js';
import { AddressBook } from '../../../src/network/linked/address-book.js';
import type { Bandwidth } from '../../../src/network/links/bandwidth.js';
import { constant } from '../../../src/network/links/distribution.js';
import type { LinkChange } from '../../../src/network/links/link-settings.js';
import { LinkTable } from '../../../src/network/links/link-table.js';
import { DEFAULT_LINK } from '../../../src/network/links/link-settings.js';
import { Bandwidths } from '../../../src/network/links/bandwidth.js';
import { MemoryEndpoint } from '../../../src/network/memory-endpoint.js';
import { NetworkFigures } from '../../../src/network/network-figures.js';
import { createLogger } from '../../../src/runtime/logger.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { TimedEvents } from '../../../src/runtime/virtual-time/timed-events.js';
import { linkedEndpoint } from './linked-endpoint.js';

const logger = createLogger('endpoint', () => {});

/** Instances 1 and 2 on a network that takes no time, with links that their senders make. */
async function makePair(links: LinkChange = {}, bandwidth: Partial<Bandwidth> = {}) {
  const clock = new ManualClock();
  const fabric = new Fabric(clock);
  const events = new TimedEvents(clock);
  const addresses = new AddressBook();
  const figures = new NetworkFigures();
  const conditions = {
    links: new LinkTable({ ...DEFAULT_LINK, latency: constant(20), ...links }, 'seed'),
    bandwidths: new Bandwidths({ up: Infinity, down: Infinity, queue: 0, ...bandwidth }),
  };
  const make = (entity: number) =>
    linkedEndpoint(new MemoryEndpoint({ carrier: fabric, logger }), entity, {
      ...{ events, logger, addresses, figures, conditions },
    });
  const [one, other] = [make(1), make(2)];
  const to = await other.open();
  await one.open();
  const received: string[] = [];
  other.onPacket((_source, packet) => received.push(`${packet.toString('latin1')} at ${clock.nowMs()}`));
  const advance = (durationMs: number) => clock.advance(durationMs);
  return { clock, one, other, to, received, figures, conditions, addresses, advance };
}

test('a packet leaves after the latency of its link, as it was when it was sent', async (t) => {
  const { one, to, received, figures, advance } = await makePair();
  const packet = Buffer.from('kept');
  one.send(to, packet);
  packet.fill('!');
  advance(19);
  t.deepEqual(received, []);
  advance(1);
  t.deepEqual(received, ['kept at 20']);
  t.like(one.counts, { packetsUp: 1, bytesUp: 4 });
  t.like(figures.packets, { sent: 1, lost: 0 });
});

test('what a scenario changes holds from then on, for those whom it names', async (t) => {
  const { one, other, to, received, figures, conditions, advance } = await makePair();
  conditions.links.apply({ type: 'cut', from: [{ from: 1, to: 1 }], to: [{ from: 2, to: 2 }] });
  one.send(to, Buffer.from('cut'));
  const back: string[] = [];
  one.onPacket((_source, packet) => back.push(packet.toString()));
  other.send(one.address as NonNullable<typeof one.address>, Buffer.from('the other way'));
  // A stranger is in no group.
  one.send({ host: '127.0.0.1', port: 9 }, Buffer.from('to a stranger'));
  advance(30);
  t.deepEqual([received, back], [[], ['the other way']]);
  conditions.links.apply({ type: 'restore' });
  one.send(to, Buffer.from('restored'));
  advance(30);
  t.deepEqual(received, ['restored at 50']);
  t.like(figures.packets, { sent: 4, lost: 1 });
});

test('what waits when the socket is closed has not left, is counted, and is not sent later', async (t) => {
  const { clock, one, to, received, figures, advance } = await makePair();
  one.send(to, Buffer.from('one'));
  one.send(to, Buffer.from('other'));
  await one.close();
  t.is(clock.pendingCount, 0);
  await one.open();
  advance(100);
  t.deepEqual(received, []);
  t.like(figures.packets, { sent: 2, notLeft: 2 });
});

test('packets are doubled and corrupted as links say', async (t) => {
  const { one, to, received, figures, advance } = await makePair({ duplicate: 1, corrupt: 1 });
  one.send(to, Buffer.from('\0'));
  advance(30);
  t.is(received.length, 2);
  for (const text of received) t.is(Buffer.from(text.slice(0, 1), 'latin1')[0]?.toString(2).replace(/0/g, ''), '1');
  t.like(figures.packets, { sent: 1, duplicated: 1, corrupted: 1 });
});

test('bandwidth holds in both directions, and full queues lose', async (t) => {
  // 97 bytes and 28 of headers take 1 ms up and 2 ms down; three such packets fit into a queue.
  const { one, to, received, figures, advance } = await makePair({}, { up: 1e6, down: 5e5, queue: 375 });
  for (let count = 0; count < 5; count++) one.send(to, Buffer.alloc(97, String(count)));
  advance(40);
  t.deepEqual(
    received.map((text) => text.slice(96)),
    ['0 at 23', '1 at 25', '2 at 27'],
  );
  t.like(figures.packets, { sent: 5, queueFull: 2 });
});
