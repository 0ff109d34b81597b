import test from 'ava';
import type { Address } from '../../../src/network/address.js';
import { Fabric } from '../../../src/network/fabric.js';
import { MemoryEndpoint } from '../../../src/network/memory-endpoint.js';
import { observedCarrier } from '../../../src/network/observed/observed-carrier.js';
import { ObservedEndpoint } from '../../../src/network/observed/observed-endpoint.js';
import type { PacketObserver } from '../../../src/network/observed/packet-observer.js';
import type { MeteredEndpoint } from '../../../src/network/socket-figures.js';
import { createLogger } from '../../../src/runtime/logger.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';

const logger = createLogger('test', () => undefined);
const HOST = '10.0.0.1';
const PEER: Address = { host: '10.0.0.2', port: 2 };

interface Observed {
  readonly clock: ManualClock;
  readonly endpoint: MeteredEndpoint;
  readonly peer: MemoryEndpoint;
  /** What the observer saw, and what the endpoint's owner did. */
  readonly seen: string[];
}

/** Where an endpoint can be observed. */
const PLACES: Readonly<Record<string, (fabric: Fabric, observer: PacketObserver) => MeteredEndpoint>> = {
  'at the endpoint': (carrier, observer) =>
    new ObservedEndpoint(new MemoryEndpoint({ carrier, logger, host: HOST }), observer),
  'on the network': (fabric, observer) =>
    new MemoryEndpoint({ carrier: observedCarrier(fabric, observer), logger, host: HOST }),
};

async function observed(make: (typeof PLACES)[string]): Promise<Observed> {
  const clock = new ManualClock();
  const fabric = new Fabric(clock);
  const seen: string[] = [];
  const note = (what: string) => (source: Address, destination: Address, packet: Buffer) =>
    seen.push(`${what} ${source.host}:${source.port} ${destination.host}:${destination.port} ${packet.toString()}`);
  const endpoint = make(fabric, { onSent: note('sent'), onReceived: note('received') });
  const peer = new MemoryEndpoint({ carrier: fabric, logger, host: PEER.host });
  await peer.open({ preferredPort: PEER.port });
  return { clock, endpoint, peer, seen };
}

for (const [place, make] of Object.entries(PLACES)) {
  test(`${place}: packets are seen in both directions, with both addresses, before their answers`, async (t) => {
    const { clock, endpoint, peer, seen } = await observed(make);
    await endpoint.open({ preferredPort: 1 });
    peer.onPacket((source) => peer.send(source, Buffer.from('answer')));
    endpoint.onPacket((source, packet) => {
      seen.push(`handled ${packet.toString()}`);
      if (seen.length < 5) endpoint.send(source, Buffer.from('thanks'));
    });
    endpoint.send(PEER, Buffer.from('question'));
    t.deepEqual(seen, ['sent 10.0.0.1:1 10.0.0.2:2 question']);
    for (let turn = 0; turn < 4; turn++) clock.turn();
    t.deepEqual(seen.slice(1), [
      'received 10.0.0.2:2 10.0.0.1:1 answer',
      'handled answer',
      'sent 10.0.0.1:1 10.0.0.2:2 thanks',
      'received 10.0.0.2:2 10.0.0.1:1 answer',
      'handled answer',
    ]);
  });

  test(`${place}: what cannot be sent is not seen, nor what comes when the endpoint is closed`, async (t) => {
    const { clock, endpoint, peer, seen } = await observed(make);
    endpoint.send(PEER, Buffer.from('too early'));
    const address = await endpoint.open();
    endpoint.send({ host: 'localhost', port: 1 }, Buffer.from('a name'));
    endpoint.send({ host: '10.0.0.2', port: 0 }, Buffer.from('no port'));
    endpoint.send(PEER, Buffer.alloc(65_508));
    peer.send(address, Buffer.from('late'));
    await endpoint.close();
    clock.turn();
    t.deepEqual(seen, []);
    t.like(endpoint.counts, { packetsUp: 1, packetsDown: 0, sendErrors: 1 });
  });

  test(`${place}: an endpoint that is opened again is seen at its new address`, async (t) => {
    const { clock, endpoint, peer, seen } = await observed(make);
    await endpoint.open({ preferredPort: 1 });
    await endpoint.close();
    await endpoint.open({ preferredPort: 3 });
    peer.send({ host: HOST, port: 3 }, Buffer.from('hello'));
    clock.turn();
    t.deepEqual(seen, ['received 10.0.0.2:2 10.0.0.1:3 hello']);
  });
}
