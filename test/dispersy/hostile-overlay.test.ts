import test from 'ava';
import { CANDIDATES_MAX } from '../../src/dispersy/candidate/candidate-table.js';
import { Dispersy } from '../../src/dispersy/dispersy.js';
import { MEMBERS_MAX } from '../../src/dispersy/identity/member-cache.js';
import type { Member } from '../../src/dispersy/identity/member.js';
import { BATCH_PACKETS_MAX } from '../../src/dispersy/receiving/batches.js';
import { DELAYED_PACKETS_MAX } from '../../src/dispersy/receiving/delayed-packets.js';
import { createLogger } from '../../src/runtime/logger.js';
import { ManualClock } from '../../src/runtime/manual-clock.js';
import { seededRandom } from '../../src/runtime/random.js';
import { defined } from './support/defined.js';
import { hostilePackets } from './support/hostile-packets.js';
import { makePeer, pass, settle } from './support/peers.js';
import { RichCommunity } from './support/rich-community.js';
import { richPackets } from './support/rich-packets.js';
import { SilentEndpoint } from './support/silent-endpoint.js';

const PACKETS = 300_000;
const random = seededRandom('hostile overlay');

function makeInit() {
  const logged: string[] = [];
  const logger = createLogger('hostile', (_level, line) => logged.push(line));
  return { clock: new ManualClock(), random: random.derive('dispersy'), logger, logged };
}

/** The master member as everyone but the founder knows it. */
function publicMember(dispersy: Dispersy, { publicKey }: Member): Member {
  return defined(dispersy.getMember({ publicKey }));
}

test('every kind of good packet is accepted, and stored once, however often it comes', async (t) => {
  const init = makeInit();
  const { packets, masterMember, signers } = richPackets(init);
  const dispersy = new Dispersy({ ...init, endpoint: new SilentEndpoint() });
  dispersy.start();
  for (const signer of signers) publicMember(dispersy, signer);
  const community = dispersy.loadCommunity(RichCommunity, { masterMember: publicMember(dispersy, masterMember) });
  for (let round = 0; round < 2; round++) {
    for (const packet of packets) dispersy.receive({ host: '127.0.0.1', port: 30_000 }, packet);
    init.clock.advance(1000);
  }
  const stored = community.store.size;
  t.true(stored >= 50, `${stored} stored`);
  t.is(community.delayedCount, 0);
  t.true(dispersy.statistics.drops.get('duplicate message') >= stored);
  t.is(dispersy.statistics.drops.get('conflicting message'), 0);
  t.is(dispersy.statistics.drops.get('invalid signature'), 0);
  t.deepEqual(init.logged, []);
  await dispersy.stop();
});

test('hostile packets against all that a community can do: nothing thrown, each counted, everything bounded', async (t) => {
  const init = makeInit();
  const { packets, masterMember, signers } = richPackets(init);
  const dispersy = new Dispersy({ ...init, endpoint: new SilentEndpoint() });
  dispersy.start();
  for (const signer of signers) publicMember(dispersy, signer);
  const community = dispersy.loadCommunity(RichCommunity, { masterMember: publicMember(dispersy, masterMember) });
  const next = hostilePackets(random.derive('packets'), packets);
  for (let count = 0; count < PACKETS; count++) {
    dispersy.receive({ host: `10.0.${count % 7}.9`, port: 1 + (count % 5000) }, next());
    if (count % 1000 === 0) init.clock.advance(100);
    if (count % 10_000 !== 0) continue;
    t.true(community.candidates.size <= CANDIDATES_MAX);
    t.true(community.delayedCount <= DELAYED_PACKETS_MAX);
    t.true(community.batchedCount <= 100 * BATCH_PACKETS_MAX);
    t.true(dispersy.members.size <= MEMBERS_MAX);
    // Nothing gets in but what the founder has signed.
    t.true(community.store.size <= packets.length);
  }
  await dispersy.stop();
  const { statistics } = dispersy;
  t.is(statistics.receivedCount, PACKETS);
  t.is(statistics.successCount + statistics.drops.total, PACKETS);
  t.deepEqual(init.logged, []);
  for (const reason of ['invalid signature', 'packet is truncated', 'bytes left over', 'duplicate message'])
    t.true(statistics.drops.get(reason) > 100, reason);
});

test('a member that floods – waiting packets, unknown members, sync and puncture requests – stops no honest peer', async (t) => {
  const clock = new ManualClock();
  const [victim, honest, attacker] = [await makePeer(t, clock), await makePeer(t, clock), await makePeer(t, clock)];
  const victims = victim.dispersy.loadCommunity(RichCommunity);
  const honests = honest.dispersy.loadCommunity(RichCommunity);
  const attackers = attacker.dispersy.loadCommunity(RichCommunity);
  const meta = defined(attackers.own.find(({ name }) => name === 'member bin linear 1'));
  // Nobody permitted it: every one of them waits for a proof.
  const waiting = Array.from({ length: 200 }, (_, number) =>
    attackers.createMessage(meta, { number, text: 'flood' }, { checkPermission: false }),
  );
  for (let round = 0; round < 20; round++) {
    for (let count = 0; count < 50; count++) {
      const unknown = Buffer.from(defined(waiting[0]).packet);
      random.bytes(64).copy(unknown, 30);
      attacker.endpoint.send(victim.address, unknown);
      attackers.createIntroductionRequest(victim.address);
      const { meta: punctures } = defined(attackers.messages.byName('puncture-request'));
      const walker = { host: '127.0.0.1', port: 40_000 + count };
      attackers.send(punctures, { walkerLan: walker, walkerWan: walker, identifier: count }, [victim.address]);
    }
    await settle(clock);
    for (const { packet } of waiting) attacker.endpoint.send(victim.address, packet);
    await settle(clock);
  }
  honests.createIntroductionRequest(victim.address);
  await settle(clock);
  t.is(honests.verifiedCandidates().length, 1);
  const shout = defined(honests.own.find(({ name }) => name === 'member bin public 0'));
  honests.send(shout, { number: 1, text: 'honest' }, [victim.address]);
  // It may be of a kind that waits for others.
  await pass(clock, 100);
  t.true(victims.handled.some((text) => text.endsWith('honest')));
  t.true(victims.delayedCount <= DELAYED_PACKETS_MAX);
  const { statistics } = victim.dispersy;
  const counted = statistics.successCount + statistics.drops.total + victims.delayedCount + victims.batchedCount;
  t.is(counted, statistics.receivedCount);
  t.true(statistics.drops.get('too many delayed packets') > 0);
  t.true(statistics.drops.get('too many puncture requests') > 0);
  t.deepEqual(victim.logged, []);
});
