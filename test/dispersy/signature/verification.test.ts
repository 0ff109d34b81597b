import test, { type ExecutionContext } from 'ava';
import { Dispersy } from '../../../src/dispersy/dispersy.js';
import { createLogger } from '../../../src/runtime/logger.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { seededRandom } from '../../../src/runtime/random.js';
import { ContractCommunity } from '../support/contract-community.js';
import { CountingCrypto } from '../support/counting-crypto.js';
import { defined } from '../support/defined.js';
import { foundingOf, GuardedCommunity, join, SOURCE } from '../support/guarded-community.js';
import { SecondPingCommunity } from '../support/ping-community.js';
import { makeSilentDispersy, seededMember } from '../support/seeded-peers.js';
import { SilentEndpoint } from '../support/silent-endpoint.js';

/** A Dispersy that counts its verifications, without a network. */
function makeCounting(t: ExecutionContext, clock = new ManualClock()) {
  const crypto = new CountingCrypto();
  const endpoint = new SilentEndpoint();
  const logger = createLogger('counting', (_level, line) => t.log(line));
  const dispersy = new Dispersy({ endpoint, clock, random: seededRandom(t.title), logger, crypto });
  dispersy.start();
  t.teardown(() => dispersy.stop());
  return { crypto, dispersy, endpoint };
}

/** The founder of a community, and a joiner that counts. */
function makePair(t: ExecutionContext) {
  const clock = new ManualClock();
  const { dispersy } = makeSilentDispersy(t, clock);
  const founder = GuardedCommunity.createCommunity<GuardedCommunity>(dispersy, seededMember('founder'));
  const counting = makeCounting(t, clock);
  const joiner = join(founder, counting.dispersy, 'joiner');
  const receive = (...messages: readonly { readonly packet: Buffer }[]) => {
    for (const { packet } of messages) counting.dispersy.receive(SOURCE, packet);
  };
  const identity = () => founder.createMessage(defined(founder.messages.byName('identity')).meta, {});
  return { founder, founding: foundingOf(founder), joiner, receive, identity, ...counting };
}

test('a packet that waits for an identity, a proof and a message is verified once', (t) => {
  const { founder, founding, joiner, receive, identity, crypto } = makePair(t);
  const message = founder.write(founder.guarded, 'message');
  const reply = founder.writeReply(founder.write(founder.open, 'first'), 'reply');
  receive(message, reply);
  t.is(crypto.total, 0);
  t.is(joiner.delayedCount, 2);
  receive(identity());
  // Those two, and the identity itself.
  t.is(crypto.total, 3);
  t.is(joiner.delayedCount, 2);
  receive(founding);
  t.is(crypto.total, 4);
  t.deepEqual(joiner.standing, ['message']);
  const [first] = founder.store.between(founder.open.id, 0n, 100n);
  receive(defined(first));
  t.is(crypto.total, 5);
  t.is(crypto.most, 1);
  t.deepEqual(joiner.standing, ['message', 'first', 'reply']);
});

test('packets that wait in a gap are verified once each', (t) => {
  const { founder, founding, joiner, receive, identity, crypto } = makePair(t);
  const messages = Array.from({ length: 24 }, (_, index) => founder.write(founder.numbered, `${index}`));
  joiner.members.add(defined(joiner.members.byPublicKey(founder.myMember.publicKey)));
  receive(founding, ...messages.toReversed());
  t.is(joiner.standing.length, 24);
  t.is(crypto.total, 25);
  t.is(crypto.most, 1);
  // The author is known by the key, but others will want the identity: it is verified once, a second copy refused before.
  receive(...messages, identity(), identity());
  t.is(crypto.total, 26);
});

test('a replayed direct packet is not verified again', (t) => {
  const { dispersy, crypto } = makeCounting(t);
  const theirs = dispersy.loadCommunity(SecondPingCommunity);
  const mine = makeSilentDispersy(t, new ManualClock()).dispersy.loadCommunity(SecondPingCommunity);
  const { packet } = mine.createMessage(mine.ping, { nonce: 1, text: '' });
  for (let count = 0; count < 5; count++) dispersy.receive(SOURCE, packet);
  t.is(theirs.pings.length, 1);
  t.is(crypto.total, 1);
});

test('what revokes, undos and settings make of stored messages is not verified again', (t) => {
  const { founder, founding, joiner, receive, crypto } = makePair(t);
  joiner.members.add(defined(joiner.members.byPublicKey(founder.myMember.publicKey)));
  const messages = [
    founding,
    founder.write(founder.guarded, 'message'),
    founder.forbid(founder.myMember, founder.guarded, ['permit']),
    founder.createDynamicSettings([{ messageId: founder.switched.id, index: 1 }]),
    founder.write(founder.switched, 'switched'),
  ];
  receive(...messages.toReversed());
  t.is(joiner.delayedCount, 0);
  t.is(crypto.total, messages.length);
  t.is(crypto.most, 1);
});

test('a signature request and its answer are verified once each', (t) => {
  const asking = makeCounting(t);
  const signing = makeCounting(t);
  const mine = asking.dispersy.loadCommunity(ContractCommunity);
  const theirs = signing.dispersy.loadCommunity(ContractCommunity);
  const partner = defined(asking.dispersy.getMember({ publicKey: theirs.myMember.publicKey }));
  mine.createSignatureRequest(mine.offer(mine.long, partner, 5), SOURCE, { onResponse: () => true });
  const before = asking.crypto.total;
  signing.dispersy.receive(SOURCE, defined(asking.endpoint.sent.at(-1)).packet);
  t.is(theirs.offered.length, 1);
  t.is(signing.crypto.most, 1);
  asking.dispersy.receive(SOURCE, defined(signing.endpoint.sent.at(-1)).packet);
  t.is(mine.agreed.length, 1);
  t.is(asking.crypto.most, 1);
  t.is(asking.crypto.total, before + 1);
});

test('a packet whose signature is not right is dropped, and its member not remembered', (t) => {
  const { dispersy, crypto } = makeCounting(t);
  const theirs = dispersy.loadCommunity(SecondPingCommunity);
  const mine = makeSilentDispersy(t, new ManualClock()).dispersy.loadCommunity(SecondPingCommunity);
  const { packet } = mine.createMessage(mine.ping, { nonce: 1, text: 'text' });
  const known = theirs.members.size;
  for (const at of [packet.length - 1, packet.length - 64, packet.length - 65, packet.length - 71]) {
    const forged = Buffer.from(packet);
    forged[at] = (forged[at] as number) ^ 1;
    dispersy.receive(SOURCE, forged);
  }
  t.is(dispersy.statistics.drops.get('invalid signature'), 4);
  t.is(crypto.total, 4);
  t.is(theirs.members.size, known);
  t.is(theirs.globalTime, 0n);
  t.deepEqual(theirs.pings, []);
  // The real one still comes through.
  dispersy.receive(SOURCE, packet);
  t.is(theirs.pings.length, 1);
});

test('a packet whose signature is cut off is dropped before anything is verified', (t) => {
  const { dispersy, crypto } = makeCounting(t);
  dispersy.loadCommunity(SecondPingCommunity);
  const mine = makeSilentDispersy(t, new ManualClock()).dispersy.loadCommunity(SecondPingCommunity);
  const { packet } = mine.createMessage(mine.ping, { nonce: 1, text: '' });
  for (const length of [packet.length - 1, packet.length - 64, 100, 40])
    dispersy.receive(SOURCE, packet.subarray(0, length));
  t.is(dispersy.statistics.drops.total, 4);
  t.is(crypto.total, 0);
});

test('a key that is none is dropped before anything is verified', (t) => {
  const { dispersy, crypto } = makeCounting(t);
  const theirs = dispersy.loadCommunity(SecondPingCommunity);
  const mine = makeSilentDispersy(t, new ManualClock()).dispersy.loadCommunity(SecondPingCommunity);
  const { packet } = mine.createMessage(mine.ping, { nonce: 1, text: '' });
  const known = theirs.members.size;
  // Its kind, and its length.
  for (const at of [25, 23, 24]) {
    const forged = Buffer.from(packet);
    forged[at] = (forged[at] as number) ^ 1;
    dispersy.receive(SOURCE, forged);
  }
  t.is(dispersy.statistics.drops.total, 3);
  t.true(dispersy.statistics.drops.get('unknown kind of public key') >= 2);
  t.is(crypto.total, 0);
  t.is(theirs.members.size, known);
});

test('a member that is known by another one’s key cannot sign for it', (t) => {
  const { founder, joiner, receive, dispersy, crypto } = makePair(t);
  joiner.members.add(defined(joiner.members.byPublicKey(founder.myMember.publicKey)));
  const impostor = seededMember('impostor');
  const { packet } = founder.write(founder.open, 'message');
  const forged = Buffer.from(packet);
  forged.set(impostor.sign(forged.subarray(0, -64)), forged.length - 64);
  receive({ packet: forged });
  t.is(dispersy.statistics.drops.get('invalid signature'), 1);
  t.is(joiner.store.size, 0);
  receive({ packet });
  t.deepEqual(joiner.standing, ['message']);
  t.is(crypto.total, 2);
});

test('copies of a packet that waits already are not verified again', (t) => {
  const { founder, joiner, receive, crypto } = makePair(t);
  joiner.members.add(defined(joiner.members.byPublicKey(founder.myMember.publicKey)));
  const message = founder.write(founder.guarded, 'message');
  receive(message, message, message);
  t.is(crypto.total, 1);
});
