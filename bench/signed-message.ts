import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { Bench } from 'tinybench';
import { struct } from '../src/dispersy/codec/struct.js';
import { utf8 } from '../src/dispersy/codec/fields.js';
import { Community } from '../src/dispersy/community/community.js';
import { Dispersy } from '../src/dispersy/dispersy.js';
import { DefaultConversion } from '../src/dispersy/message/default-conversion.js';
import { MetaMessage } from '../src/dispersy/message/meta-message.js';
import {
  candidateDestination,
  directDistribution,
  memberAuthentication,
  publicResolution,
} from '../src/dispersy/message/policies.js';
import { UdpEndpoint } from '../src/network/udp-endpoint.js';
import { realClock } from '../src/runtime/clock.js';
import { createLogger } from '../src/runtime/logger.js';
import { seededRandom } from '../src/runtime/random.js';
import { type Figure, medianUsOf, ratioFigure } from './figure.js';

const TEXT = 'a message of some length, as they are';

class BenchCommunity extends Community {
  override readonly enableCandidateWalker = false;
  arrived: () => void = () => {};

  readonly text = new MetaMessage({
    id: 1,
    name: 'text',
    authentication: memberAuthentication('bin'),
    resolution: publicResolution(),
    distribution: directDistribution(),
    destination: candidateDestination(),
    payload: struct({ text: utf8 }),
    handle: () => this.arrived(),
  });

  override initiateConversions() {
    return [new DefaultConversion(this)];
  }

  override initiateMetaMessages() {
    return [this.text];
  }
}

/** Compares a signed message over one hop with one signature, one verification and one datagram. */
export async function benchSignedMessage(small: boolean): Promise<readonly Figure[]> {
  const [sender, receiver] = [await peer(1), await peer(2)];
  const raw = await rawSockets();
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const data = Buffer.alloc(160, 7);
  const signature = sign(null, data, privateKey);
  const bench = new Bench({ time: small ? 50 : 2000, warmupTime: small ? 20 : 500 });
  bench
    .add('message', async () => {
      const arrival = new Promise<void>((resolve) => (receiver.community.arrived = resolve));
      sender.community.send(sender.community.text, { text: TEXT }, [receiver.address]);
      await arrival;
    })
    .add('sign', () => void sign(null, data, privateKey))
    .add('verify', () => void verify(null, data, publicKey, signature))
    .add('datagram', () => raw.pass(Buffer.alloc(224, 7)));
  await bench.run();
  await Promise.all([sender.stop(), receiver.stop(), raw.close()]);
  const medianUs = (name: string) => medianUsOf(bench, name);
  const floorUs = medianUs('sign') + medianUs('verify') + medianUs('datagram');
  return [ratioFigure('signed message, one hop', 'µs', medianUs('message'), floorUs, 1.3)];
}

async function peer(number: number) {
  const logger = createLogger('bench', () => {});
  const endpoint = new UdpEndpoint({ logger });
  const address = await endpoint.open();
  const dispersy = new Dispersy({ endpoint, clock: realClock, random: seededRandom('bench', number), logger });
  dispersy.start();
  const community = dispersy.loadCommunity(BenchCommunity);
  const stop = async () => {
    await dispersy.stop();
    await endpoint.close();
  };
  return { address, community, stop };
}

/** Two sockets and nothing else. */
async function rawSockets() {
  const lookup = (host: string, _options: unknown, done: (error: null, host: string, family: number) => void) =>
    done(null, host, 4);
  const [from, to] = [createSocket({ type: 'udp4', lookup }), createSocket({ type: 'udp4', lookup })];
  for (const socket of [from, to]) await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  let arrived = (): void => {};
  to.on('message', () => arrived());
  const { port } = to.address();
  return {
    async pass(packet: Buffer) {
      const arrival = new Promise<void>((resolve) => (arrived = resolve));
      from.send(packet, port, '127.0.0.1');
      await arrival;
    },
    async close() {
      for (const socket of [from, to]) await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}
