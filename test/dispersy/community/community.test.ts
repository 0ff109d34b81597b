import test from 'ava';
import { Community } from '../../../src/dispersy/community/community.js';
import { isolatedMasterMember } from '../../../src/dispersy/identity/master-member.js';
import { DefaultConversion } from '../../../src/dispersy/message/default-conversion.js';
import { GumbyError } from '../../../src/runtime/errors.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { makePeer, makePeers, pass, settle } from '../support/peers.js';
import { defined } from '../support/defined.js';
import { PingCommunity, SecondPingCommunity } from '../support/ping-community.js';

class HelloWorldCommunity extends Community {
  override initiateConversions() {
    return [new DefaultConversion(this)];
  }
}

test('a community that only names its conversion meets its peers', async (t) => {
  const clock = new ManualClock();
  const [one, other] = await makePeers(t, clock, 2);
  const mine = one.dispersy.loadCommunity(HelloWorldCommunity);
  const theirs = other.dispersy.loadCommunity(HelloWorldCommunity);
  t.deepEqual(mine.cid, theirs.cid);
  mine.createIntroductionRequest(other.address);
  await settle(clock);
  t.is(mine.verifiedCandidates().length, 1);
  t.is(theirs.verifiedCandidates().length, 1);
  t.is(mine.verifiedCandidates()[0]?.categoryAt(clock.nowMs()), 'walk');
  t.is(theirs.verifiedCandidates()[0]?.categoryAt(clock.nowMs()), 'stumble');
  t.is(one.dispersy.statistics.walkSuccess, 1);
  t.is(other.dispersy.statistics.incomingIntro, 1);
});

for (const communityClass of [PingCommunity, SecondPingCommunity]) {
  test(`${communityClass.name}: signed messages arrive with their signer, once each`, async (t) => {
    const clock = new ManualClock();
    const [one, other] = await makePeers(t, clock, 2);
    const mine = one.dispersy.loadCommunity(communityClass);
    const theirs = other.dispersy.loadCommunity(communityClass);
    for (let nonce = 1; nonce <= 3; nonce++) mine.createPing(other.address, nonce, `ping ${nonce}`);
    await settle(clock);
    t.is(theirs.pings.length, 3);
    const from = mine.myMember.toString();
    t.deepEqual(
      theirs.pings,
      [1, 2, 3].map((nonce) => ({ nonce, text: `ping ${nonce}`, from, port: one.address.port })),
    );
    t.is(theirs.globalTime, mine.globalTime);
  });
}

test('in version 1 an unknown member is asked for once, and what it sent meanwhile waits in order', async (t) => {
  const clock = new ManualClock();
  const [one, other] = await makePeers(t, clock, 2);
  const mine = one.dispersy.loadCommunity(PingCommunity);
  const theirs = other.dispersy.loadCommunity(PingCommunity);
  for (let nonce = 0; nonce < 5; nonce++) mine.createPing(other.address, nonce);
  await settle(clock);
  t.is(theirs.pings.length, 5);
  t.deepEqual(
    theirs.pings.map(({ nonce }) => nonce),
    [0, 1, 2, 3, 4],
  );
  const { statistics } = other.dispersy;
  t.is(statistics.delaySend, 1);
  t.is(statistics.delayCount, 5);
  t.is(statistics.delaySuccess, 5);
  t.is(statistics.drops.total, 0);
  t.is(statistics.receivedCount, statistics.successCount);
  mine.createPing(other.address, 5);
  await settle(clock);
  t.is(theirs.pings.length, 6);
  t.is(statistics.delayCount, 5);
});

test('what waits for a member that nobody presents is given up after 10 s', async (t) => {
  const clock = new ManualClock();
  const [one, other] = await makePeers(t, clock, 2);
  const mine = one.dispersy.loadCommunity(PingCommunity);
  const theirs = other.dispersy.loadCommunity(PingCommunity);
  const { packet } = mine.createMessage(mine.ping, { nonce: 1, text: '' });
  other.dispersy.receive({ host: '127.0.0.1', port: 9 }, packet);
  t.is(theirs.delayedCount, 1);
  clock.advance(9_999);
  t.is(theirs.delayedCount, 1);
  clock.advance(1);
  t.is(theirs.delayedCount, 0);
  t.is(other.dispersy.statistics.delayTimeout, 1);
  t.is(other.dispersy.statistics.drops.get('what it waited for did not come'), 1);
});

test('a replayed packet is dropped as a duplicate', async (t) => {
  const clock = new ManualClock();
  const [one, other] = await makePeers(t, clock, 2);
  const mine = one.dispersy.loadCommunity(SecondPingCommunity);
  const theirs = other.dispersy.loadCommunity(SecondPingCommunity);
  const { packet } = mine.createMessage(mine.ping, { nonce: 1, text: '' });
  for (let count = 0; count < 3; count++) other.dispersy.receive(one.address, packet);
  t.is(theirs.pings.length, 1);
  t.is(other.dispersy.statistics.drops.get('duplicate message'), 2);
});

test('a refused message is counted under the reason its check gave', async (t) => {
  const clock = new ManualClock();
  const [one, other] = await makePeers(t, clock, 2);
  const mine = one.dispersy.loadCommunity(SecondPingCommunity);
  const theirs = other.dispersy.loadCommunity(SecondPingCommunity);
  const { packet } = mine.createMessage(mine.ping, { nonce: 1, text: 'refuse me' });
  other.dispersy.receive(one.address, packet);
  t.is(theirs.pings.length, 0);
  t.is(theirs.globalTime, 0n);
  t.is(other.dispersy.statistics.drops.get('refused by the test'), 1);
});

test('a handler that throws, at once or later, is counted, logged once, and stops nothing', async (t) => {
  const clock = new ManualClock();
  const [one, other] = await makePeers(t, clock, 2);
  const mine = one.dispersy.loadCommunity(SecondPingCommunity);
  const theirs = other.dispersy.loadCommunity(SecondPingCommunity);
  const { statistics } = other.dispersy;
  for (let nonce = 0; nonce < 3; nonce++) {
    other.dispersy.receive(one.address, mine.createMessage(mine.ping, { nonce, text: 'throw' }).packet);
    other.dispersy.receive(one.address, mine.createMessage(mine.shout, { text: 'throw' }).packet);
  }
  other.dispersy.receive(one.address, mine.createMessage(mine.shout, { text: 'fine' }).packet);
  await settle(clock);
  t.is(statistics.handlerErrors, 3);
  t.is(statistics.drops.get('failed in the community'), 3);
  t.deepEqual(theirs.shouts, ['fine']);
  t.deepEqual(
    other.logged.map((line) => /receiving "(\w+)" failed/.exec(line)?.[1]),
    ['ping', 'shout'],
  );
});

test('a community message goes to as many verified candidates as its destination says', async (t) => {
  const clock = new ManualClock();
  const [sender, ...others] = await makePeers(t, clock, 5);
  const mine = sender.dispersy.loadCommunity(PingCommunity);
  const theirs = others.map(({ dispersy }) => dispersy.loadCommunity(PingCommunity));
  for (const { address } of others) mine.createIntroductionRequest(address);
  await settle(clock);
  t.is(mine.verifiedCandidates().length, 4);
  mine.send(mine.shout, { text: 'hi' });
  await settle(clock);
  t.is(theirs.flatMap(({ shouts }) => shouts).length, 2);
});

test('an isolated community and its twin ignore each other', async (t) => {
  const clock = new ManualClock();
  const [one, other, third] = await makePeers(t, clock, 3);
  const isolated = isolatedMasterMember('PingCommunity', 'seed of the run');
  const mine = one.dispersy.loadCommunity(PingCommunity, { masterMember: isolated });
  const twin = other.dispersy.loadCommunity(PingCommunity);
  const fellow = third.dispersy.loadCommunity(PingCommunity, {
    masterMember: isolatedMasterMember('PingCommunity', 'seed of the run'),
  });
  mine.createPing(other.address, 1);
  mine.createPing(third.address, 2);
  await settle(clock);
  t.is(fellow.pings.length, 1);
  t.is(other.dispersy.statistics.receivedCount, 1);
  t.is(twin.pings.length, 0);
  t.is(other.dispersy.statistics.drops.get('unknown community'), 1);
});

test('a request that nobody answers is a walk failure after 10.5 s and costs the candidate its mark', async (t) => {
  const clock = new ManualClock();
  const peer = await makePeer(t, clock);
  const community = peer.dispersy.loadCommunity(PingCommunity);
  const candidate = community.addCandidate({ host: '127.0.0.1', port: 9 });
  community.createIntroductionRequest(candidate);
  clock.advance(10_499);
  t.is(candidate.categoryAt(clock.nowMs()), 'discovered');
  clock.advance(1);
  t.is(candidate.categoryAt(clock.nowMs()), undefined);
  t.is(peer.dispersy.statistics.walkFail.get('127.0.0.1:9'), 1);
});

test('an answer to no request of ours is dropped by its identifier', async (t) => {
  const clock = new ManualClock();
  const [one, other] = await makePeers(t, clock, 2);
  const mine = one.dispersy.loadCommunity(SecondPingCommunity);
  other.dispersy.loadCommunity(SecondPingCommunity);
  let answer: Buffer | undefined;
  one.endpoint.onPacket((_source, packet) => (answer = packet[22] === 245 ? packet : answer));
  mine.createIntroductionRequest(other.address);
  await settle(clock);
  t.is(mine.verifiedCandidates().length, 1);
  clock.advance(10_500);
  one.dispersy.receive(other.address, defined(answer));
  // A third peer gets an answer that was never meant for it.
  const third = await makePeer(t, clock);
  third.dispersy.loadCommunity(SecondPingCommunity);
  third.dispersy.receive(other.address, defined(answer));
  t.is(third.dispersy.statistics.invalidResponseIdentifier, 1);
  t.is(third.dispersy.statistics.drops.get('unknown identifier'), 1);
});

test('peers are introduced to each other, and the introduced one sends a puncture', async (t) => {
  const clock = new ManualClock();
  const [hub, one, other] = await makePeers(t, clock, 3);
  const [hubs, ones, others] = [
    hub.dispersy.loadCommunity(PingCommunity),
    one.dispersy.loadCommunity(PingCommunity),
    other.dispersy.loadCommunity(PingCommunity),
  ];
  ones.createIntroductionRequest(hub.address);
  await settle(clock);
  t.is(hubs.verifiedCandidates().length, 1);
  others.createIntroductionRequest(hub.address);
  const nowMs = clock.nowMs();
  await settle(clock);
  t.is(others.candidates.at(one.address).categoryAt(nowMs), 'intro');
  t.is(ones.messages.byName('puncture')?.counters.sent, 1);
  t.is(others.messages.byName('puncture')?.counters.received, 1);
  await pass(clock, 60_000);
  t.true(others.verifiedCandidates().some(({ port }) => port === one.address.port));
});

test('forty peers that know one of them find at least eight others each by walking', async (t) => {
  const clock = new ManualClock();
  const peers = await makePeers(t, clock, 40);
  const communities = peers.map(({ dispersy }) => dispersy.loadCommunity(PingCommunity));
  for (const community of communities.slice(1)) community.addCandidate(peers[0].address);
  await pass(clock, 120_000);
  // Twenty-four steps at most a peer, each of which may find one: a peer that stays with its first contact has one.
  for (const community of communities) t.true(community.verifiedCandidates().length >= 8);
  for (const { logged } of peers) t.deepEqual(logged, []);
});

test('statistics count, and start anew when reset', async (t) => {
  const clock = new ManualClock();
  const [one, other] = await makePeers(t, clock, 2);
  const mine = one.dispersy.loadCommunity(PingCommunity);
  const theirs = other.dispersy.loadCommunity(PingCommunity);
  mine.createPing(other.address, 1);
  await settle(clock);
  t.is(theirs.pings.length, 1);
  other.dispersy.receive(one.address, Buffer.from('rubbish'));
  const ping = defined(theirs.messages.byName('ping')).counters;
  t.is(ping.received, 1);
  t.is(ping.delayed, 1);
  t.is(ping.bytesReceived, 22 + 1 + 20 + 8 + 4 + 2 + 64);
  t.is(defined(mine.messages.byName('ping')).counters.sent, 1);
  t.is(defined(mine.messages.byName('identity')).counters.created, 1);
  t.is(other.dispersy.statistics.drops.total, 1);
  other.dispersy.resetStatistics();
  const numbers = (value: unknown): number[] =>
    typeof value === 'number' ? [value] : value instanceof Object ? Object.values(value).flatMap(numbers) : [];
  t.true(numbers(other.dispersy.statistics.toJSON()).every((number) => number === 0));
  t.true(numbers(theirs.statistics.toJSON()['messages']).every((number) => number === 0));
  // What went through the socket belongs to whoever measures that.
  t.is(other.endpoint.counts.packetsDown, 2);
});

test('a community can be left and joined again; loaded twice or too early it is refused', async (t) => {
  const clock = new ManualClock();
  const peer = await makePeer(t, clock);
  const first = peer.dispersy.loadCommunity(PingCommunity);
  const twice = t.throws(() => peer.dispersy.loadCommunity(PingCommunity), { instanceOf: GumbyError });
  t.is(twice.code, 'SESSION_STATE');
  await first.unloadCommunity();
  t.is(peer.dispersy.communities.length, 0);
  peer.dispersy.loadCommunity(PingCommunity);
  await peer.dispersy.stop();
  t.is(peer.dispersy.communities.length, 0);
  t.is(clock.pendingCount, 0);
  t.throws(() => peer.dispersy.loadCommunity(PingCommunity), { instanceOf: GumbyError, message: /not started/ });
});

test('a message that clashes with another is refused at loading', async (t) => {
  const peer = await makePeer(t, new ManualClock());
  class Clashing extends PingCommunity {
    override initiateMetaMessages() {
      return [...super.initiateMetaMessages(), new PingCommunity(this.dispersy, this.masterMember, this.myMember).ping];
    }
  }
  const error = t.throws(() => peer.dispersy.loadCommunity(Clashing), { instanceOf: GumbyError });
  t.is(error.code, 'MESSAGE_DEFINITION_INVALID');
});

test('arguments reach initialize, where messages can already be sent', async (t) => {
  const peer = await makePeer(t, new ManualClock());
  class Greeting extends PingCommunity {
    greeted = '';
    override initialize(options: { readonly greeting: string }): void {
      this.greeted = options.greeting;
      this.createPing({ host: '127.0.0.1', port: 9 }, 1);
    }
  }
  const community = peer.dispersy.loadCommunity(Greeting, { args: [{ greeting: 'hello' }] });
  t.is(community.greeted, 'hello');
  // The ping, and with the first message the identity of its author.
  t.is(peer.dispersy.statistics.createdCount, 2);
});
