import test, { type ExecutionContext } from 'ava';
import { Dispersy } from '../../src/dispersy/dispersy.js';
import { createLogger } from '../../src/runtime/logger.js';
import { ManualClock } from '../../src/runtime/manual-clock.js';
import { seededRandom } from '../../src/runtime/random.js';
import { joinAsked, lastingStateOf, makeAsked, SOURCE } from './support/asked-community.js';
import { defined } from './support/defined.js';
import { receiveRequest } from './support/introductions.js';
import { RichCommunity } from './support/rich-community.js';
import { richPackets } from './support/rich-packets.js';
import { makeSilentDispersy, seededMember } from './support/seeded-peers.js';
import { SilentEndpoint } from './support/silent-endpoint.js';
import { lamportClockOf } from './support/inside.js';

type Asked = ReturnType<typeof makeAsked>;

interface UnsignedCase {
  /** One that gets as far as it can. */
  readonly payloadOf: (asked: Asked) => unknown;
  /** The message that is sent, or the text that is handled: it shows that the packets were understood. */
  readonly consequence?: string;
  /** Or why they were not. */
  readonly drop?: string;
}

const WALKER = { host: '9.8.7.6', port: 5000 };
const PUNCTURE = { payloadOf: () => ({ walkerLan: WALKER, walkerWan: WALKER, identifier: 7 }) };

/** A contract that the founder is asked to sign: the other one has. */
function halfContract({ community, askers }: Asked) {
  const founder = defined(askers.members.byPublicKey(community.myMember.publicKey));
  return askers.createMessage(askers.contract, { text: 'deal' }, { secondMember: founder });
}

/** Every message that is not signed. */
const UNSIGNED: Readonly<Record<string, UnsignedCase>> = {
  'missing-identity': {
    payloadOf: ({ community }) => ({ mid: community.myMember.mid }),
    consequence: 'identity',
  },
  'missing-message': {
    payloadOf: ({ community: { myMember }, written }) => ({
      publicKey: myMember.publicKey,
      globalTimes: [written.open.globalTime],
    }),
    consequence: 'open',
  },
  'missing-sequence': {
    payloadOf: ({ community }) => ({ mid: community.myMember.mid, messageId: community.numbered.id, low: 1, high: 3 }),
    consequence: 'numbered',
  },
  'missing-proof': {
    payloadOf: ({ community: { myMember }, written }) => ({
      publicKey: myMember.publicKey,
      globalTime: written.guarded.globalTime,
    }),
    consequence: 'authorize',
  },
  'signature-request': {
    payloadOf: (asked) => ({ identifier: 7, packet: halfContract(asked).packet }),
    consequence: 'signature-response',
  },
  // To a request of ours, but without the signature that was asked for.
  'signature-response': {
    payloadOf: ({ community, asker, endpoint }) => {
      const stranger = defined(community.dispersy.getMember({ publicKey: asker.publicKey }));
      const half = community.createMessage(community.contract, { text: 'deal' }, { secondMember: stranger });
      community.createSignatureRequest(half, SOURCE, { onResponse: () => true });
      return { identifier: defined(endpoint.sent.at(-1)).packet.readUInt16BE(22 + 1 + 8), packet: half.packet };
    },
    drop: 'invalid signature',
  },
  'puncture-request': { ...PUNCTURE, consequence: 'puncture' },
  'new-puncture-request': { ...PUNCTURE, consequence: 'new-puncture' },
  // The author's own: it is handled, as its author wants it.
  rumour: { payloadOf: () => ({ text: 'somebody says' }), consequence: 'somebody says' },
};

/** A community that knows a candidate, has votes on its address, and something of everything in its store. */
function setUp(t: ExecutionContext) {
  const asked = makeAsked(t);
  receiveRequest(asked.community, { source: SOURCE, member: asked.asker, destination: { host: '5.5.5.5', port: 1 } });
  return asked;
}

test('the list has every message that is not signed, and no other', (t) => {
  const unsigned = [...makeAsked(t).community.messages].filter(({ meta }) => meta.authentication.kind === 'none');
  t.deepEqual(unsigned.map(({ meta }) => meta.name).sort(), Object.keys(UNSIGNED).sort());
});

for (const [name, { payloadOf, consequence, drop }] of Object.entries(UNSIGNED))
  test(`60 of ${name}, with global times 9,000 apart, change nothing that lasts`, (t) => {
    const asked = setUp(t);
    const { community, clock, dispersy, endpoint, receive } = asked;
    const payload = payloadOf(asked);
    const before = lastingStateOf(community);
    t.true(before.stored.length > 5 && before.candidates.length === 1 && before.wan.port === 1);
    endpoint.sent.length = 0;
    for (let count = 1; count <= 60; count++) {
      const packet = community.packetOf(name, payload, { globalTime: 9_000n * BigInt(count) });
      receive(packet, { host: '1.2.3.4', port: 100 + count });
      clock.advance(100);
    }
    clock.advance(100);
    t.deepEqual(lastingStateOf(community), before);
    if (drop === undefined) t.is(dispersy.statistics.drops.total, 0);
    const sent = endpoint.sent.map(({ packet }) => community.messages.byId(packet[22] ?? 0)?.meta.name);
    if (drop === undefined) t.true([...sent, ...community.handled].includes(defined(consequence)), sent.join());
    else t.true(dispersy.statistics.drops.get(drop) > 0);
  });

test('a peer that was sent 60 unsigned packets is still heard by others', (t) => {
  const { community, clock, receive } = setUp(t);
  const { mid } = community.myMember;
  for (let count = 1; count <= 60; count++)
    receive(community.packetOf('missing-identity', { mid }, { globalTime: 9_000n * BigInt(count) }));
  const { dispersy } = makeSilentDispersy(t, clock);
  const listener = joinAsked(community, dispersy, seededMember('listener'));
  dispersy.receive(SOURCE, community.write(community.open, 'still here').packet);
  t.deepEqual(listener.handled, ['still here']);
});

test('a newcomer presents itself to a community that is far ahead of it', (t) => {
  const { community, askers, asker, clock } = makeAsked(t);
  lamportClockOf(community).resume(1_000_000n);
  const { dispersy, endpoint } = makeSilentDispersy(t, clock);
  const newcomer = joinAsked(community, dispersy, seededMember('newcomer'));
  newcomer.write(newcomer.open, 'hello');
  const { mid } = newcomer.myMember;
  dispersy.receive(SOURCE, askers.packetOf('missing-identity', { mid }, { members: [asker], globalTime: 1_000_000n }));
  t.deepEqual(
    endpoint.sent.map(({ packet }) => newcomer.messages.byId(packet[22] ?? 0)?.meta.name),
    ['identity'],
  );
});

test('a signed message with a wrong signature changes nothing that lasts, whatever kind it is', async (t) => {
  const clock = new ManualClock();
  const logger = createLogger('forged', (_level, line) => t.log(line));
  const init = { clock, random: seededRandom('forged'), logger };
  const { packets, masterMember, signers } = richPackets(init);
  const dispersy = new Dispersy({ ...init, endpoint: new SilentEndpoint() });
  dispersy.start();
  t.teardown(() => dispersy.stop());
  const known = [masterMember, ...signers].map(({ publicKey }) => defined(dispersy.getMember({ publicKey })));
  const community = dispersy.loadCommunity(RichCommunity, { masterMember: defined(known[0]) });
  const signed = packets.filter(
    (packet) => community.messages.byId(packet[22] ?? 0)?.meta.authentication.kind !== 'none',
  );
  t.true(new Set(signed.map((packet) => packet[22])).size > 60);
  const before = lastingStateOf(community);
  for (const packet of signed) {
    const forged = Buffer.from(packet);
    forged.writeUInt8((forged.at(-1) ?? 0) ^ 1, forged.length - 1);
    dispersy.receive(SOURCE, forged);
    clock.advance(1000);
  }
  t.deepEqual(lastingStateOf(community), before);
  t.true(dispersy.statistics.drops.get('invalid signature') > 60);
});
