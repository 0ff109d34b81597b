import test from 'ava';
import type { Message } from '../../../src/dispersy/message/message.js';
import { defined } from '../support/defined.js';
import { type GuardedCommunity, makeGuardedPair, makeSilentPair, SOURCE } from '../support/guarded-community.js';
import { seededMember } from '../support/seeded-peers.js';
import { askFor, conversionOf } from '../support/inside.js';

const MISSING_SEQUENCE = 254;
const NUMBERED = 6;
const COUNT = 24;

function writeNumbered(
  community: GuardedCommunity,
  count = COUNT,
  text: (number: number) => string = String,
): Message[] {
  return Array.from({ length: count }, (_, index) => community.write(community.numbered, text(index + 1)));
}

const numbersTo = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));

/** Of missing-sequence packets. */
const rangesOf = (packets: readonly Buffer[]) =>
  packets.map((packet) => {
    const rest = packet.subarray(packet.length - 8);
    return [rest.readUInt32BE(0), rest.readUInt32BE(4)];
  });

test('a member’s messages are numbered from 1 on', (t) => {
  const { founder, joiner, receive } = makeSilentPair(t);
  const messages = writeNumbered(founder);
  t.deepEqual(
    messages.map(({ sequenceNumber }) => sequenceNumber),
    numbersTo(COUNT).map(Number),
  );
  receive(...messages);
  t.deepEqual(joiner.standing, numbersTo(COUNT));
});

test('one that comes before others waits for them', (t) => {
  const { founder, joiner, receive, asked } = makeSilentPair(t);
  const messages = writeNumbered(founder, 3);
  receive(...messages.slice(1));
  t.deepEqual(joiner.standing, []);
  t.is(joiner.delayedCount, 2);
  t.deepEqual(rangesOf(asked(MISSING_SEQUENCE)), [[1, 1]]);
  receive(defined(messages[0]));
  t.deepEqual(joiner.standing, ['1', '2', '3']);
});

test('a gap is asked for once, also when many come after it', (t) => {
  const { founder, receive, asked } = makeSilentPair(t);
  const messages = writeNumbered(founder);
  receive(...messages.slice(0, 4), ...messages.slice(10));
  t.deepEqual(rangesOf(asked(MISSING_SEQUENCE)), [[5, 10]]);
});

test('every gap is asked for, each once', (t) => {
  const { founder, joiner, receive, asked } = makeSilentPair(t);
  const messages = writeNumbered(founder);
  const here = new Set([1, 2, 5, 6, 7, 12, 13, 24]);
  receive(...messages.filter(({ sequenceNumber }) => here.has(sequenceNumber)));
  t.deepEqual(rangesOf(asked(MISSING_SEQUENCE)), [
    [3, 4],
    [3, 11],
    [3, 23],
  ]);
  t.deepEqual(joiner.standing, ['1', '2']);
  receive(...messages.filter(({ sequenceNumber }) => !here.has(sequenceNumber)));
  t.deepEqual(joiner.standing, numbersTo(COUNT));
  t.is(joiner.delayedCount, 0);
});

test('what lies within a gap that was asked for is not asked for again', (t) => {
  const { founder, receive, asked } = makeSilentPair(t);
  receive(...writeNumbered(founder).slice(1).toReversed());
  t.deepEqual(rangesOf(asked(MISSING_SEQUENCE)), [[1, 23]]);
});

test('the last of 24 brings all the others', async (t) => {
  const { founder, joiner, settle } = await makeGuardedPair(t);
  const messages = writeNumbered(founder.community);
  founder.community.forward(defined(messages.at(-1)), [joiner.address]);
  await settle();
  // The request waits for others.
  await settle(100);
  t.deepEqual(joiner.community.standing, numbersTo(COUNT));
  t.is(joiner.community.sent('missing-sequence'), 1);
  t.is(founder.community.sent('numbered'), COUNT);
  t.is(joiner.community.delayedCount, 0);
});

test('an answer takes up to 10 KiB, and the rest is asked for when it is missed again', async (t) => {
  const { founder, joiner, settle } = await makeGuardedPair(t);
  const messages = writeNumbered(founder.community, COUNT, (number) => String(number).padEnd(1000, '.'));
  const size = defined(messages[0]).packet.length;
  founder.community.forward(defined(messages.at(-1)), [joiner.address]);
  await settle();
  await settle(100);
  const answered = Math.floor((10 * 1024) / size);
  t.is(founder.community.sent('numbered'), 1 + answered);
  t.is(joiner.community.standing.length, answered);
  // It waits no longer than 10 s.
  await settle(10_000);
  t.is(joiner.community.delayedCount, 0);
  for (let round = 0; round < 2; round++) {
    founder.community.forward(defined(messages.at(-1)), [joiner.address]);
    await settle();
    await settle(10_000);
  }
  t.is(joiner.community.standing.length, COUNT);
});

test('requests that come together are answered together, and what they have in common once', async (t) => {
  const { founder, joiner, addPeer, settle } = await makeGuardedPair(t);
  const other = await addPeer('other');
  writeNumbered(founder.community);
  const ask = (community: GuardedCommunity, low: number, high: number) => {
    const member = founder.community.myMember;
    askFor(community, { what: 'sequence', member, messageId: NUMBERED, low, high }, founder.address);
  };
  ask(joiner.community, 1, 10);
  ask(joiner.community, 5, 12);
  ask(joiner.community, 5, 12);
  await settle();
  t.is(founder.community.batchedCount, 3);
  ask(other.community, 1, 2);
  await settle();
  t.is(founder.community.batchedCount, 4);
  t.is(founder.community.sent('numbered'), 0);
  await settle(100);
  t.is(founder.community.sent('numbered'), 12 + 2);
  t.deepEqual(joiner.community.standing, numbersTo(12));
  t.deepEqual(other.community.standing, ['1', '2']);
});

test('what comes first in the sequence comes first, in whatever order it was asked for', async (t) => {
  const { founder, joiner, settle } = await makeGuardedPair(t);
  writeNumbered(founder.community);
  const member = founder.community.myMember;
  const arrived: number[] = [];
  joiner.endpoint.onPacket((_source, packet) => {
    if (packet[22] === NUMBERED) arrived.push(packet.readUInt32BE(22 + 1 + 20 + 8));
  });
  for (const [low, high] of [
    [4, 5],
    [3, 4],
    [1, 2],
    [2, 3],
  ] as const)
    askFor(joiner.community, { what: 'sequence', member, messageId: NUMBERED, low, high }, founder.address);
  await settle();
  t.is(founder.community.batchedCount, 4);
  await settle(100);
  t.deepEqual(arrived, [1, 2, 3, 4, 5]);
});

test('a message longer than one answer comes alone', async (t) => {
  const { founder, joiner, settle } = await makeGuardedPair(t);
  writeNumbered(founder.community, 3, (number) => String(number).padEnd(11_000, '.'));
  const member = founder.community.myMember;
  for (let number = 1; number <= 3; number++) {
    askFor(joiner.community, { what: 'sequence', member, messageId: NUMBERED, low: number, high: 3 }, founder.address);
    await settle();
    await settle(100);
    t.is(joiner.community.standing.length, number);
  }
});

test('several requests together get no more than one answer’s bytes', async (t) => {
  const { founder, joiner, settle } = await makeGuardedPair(t);
  writeNumbered(founder.community, COUNT, (number) => String(number).padEnd(1000, '.'));
  const member = founder.community.myMember;
  for (let low = 1; low <= COUNT; low += 4)
    askFor(joiner.community, { what: 'sequence', member, messageId: NUMBERED, low, high: low + 3 }, founder.address);
  await settle();
  t.is(founder.community.batchedCount, 6);
  await settle(100);
  const { bytesSent } = defined(founder.community.messages.byName('numbered')).counters;
  t.true(bytesSent > 9 * 1024 && bytesSent <= 10 * 1024, String(bytesSent));
});

for (const [low, high] of [
  [0, 5],
  [5, 4],
] as const) {
  test(`a request from ${low} to ${high} is dropped`, (t) => {
    const { clock, founder, receive, asked } = makeSilentPair(t);
    writeNumbered(founder, 5);
    const { dispersy } = founder;
    const payload = { mid: founder.myMember.mid, messageId: NUMBERED, low, high };
    const { packet } = founder.createMessage(defined(founder.messages.byName('missing-sequence')).meta, payload);
    dispersy.receive(SOURCE, packet);
    receive();
    clock.advance(100);
    t.is(dispersy.statistics.drops.get('invalid sequence range'), 1);
    t.is(asked(NUMBERED).length, 0);
  });
}

test('a request for what is not here, or for everything there can be, costs nothing', (t) => {
  const { clock, founder } = makeSilentPair(t);
  writeNumbered(founder, 5);
  const { meta } = defined(founder.messages.byName('missing-sequence'));
  for (const [mid, messageId, low, high] of [
    [Buffer.alloc(20, 9), NUMBERED, 1, 2 ** 32 - 1],
    [founder.myMember.mid, 99, 1, 2 ** 32 - 1],
    [founder.myMember.mid, 1, 1, 2 ** 32 - 1],
    [founder.myMember.mid, NUMBERED, 6, 2 ** 32 - 1],
    [founder.myMember.mid, NUMBERED, 2, 2 ** 32 - 1],
  ] as const)
    founder.dispersy.receive(SOURCE, founder.createMessage(meta, { mid, messageId, low, high }).packet);
  clock.advance(100);
  t.is(founder.sent('numbered'), 4);
  t.is(founder.sent('open'), 0);
});

test('old and duplicate numbers are dropped', (t) => {
  const { founder, joiner, receive, statistics } = makeSilentPair(t);
  const messages = writeNumbered(founder, 3);
  receive(...messages, ...messages);
  t.is(statistics.drops.get('duplicate message'), 3);
  // Other messages under numbers that were used.
  for (const sequenceNumber of [0, 1, 3]) {
    const packet = conversionOf(founder).encode(founder.numbered, {
      members: [founder.myMember],
      globalTime: founder.claimGlobalTime(),
      sequenceNumber,
      payload: { text: 'old' },
    });
    receive({ packet });
  }
  t.is(statistics.drops.get('old sequence number'), 2);
  t.is(statistics.drops.get('invalid sequence number'), 1);
  t.deepEqual(joiner.standing, ['1', '2', '3']);
});

test('a number that runs counter to time is dropped, as nobody could keep it in order', (t) => {
  const { founder, joiner, receive, statistics, meet } = makeSilentPair(t);
  const liar = seededMember('liar');
  meet(liar);
  const at = (globalTime: bigint, sequenceNumber: number) => ({
    packet: conversionOf(founder).encode(founder.numbered, {
      members: [liar],
      globalTime,
      sequenceNumber,
      payload: { text: `${sequenceNumber}` },
    }),
  });
  receive(at(100n, 1), at(50n, 2), at(51n, 2), at(101n, 2), at(102n, 3));
  t.deepEqual(joiner.standing, ['1', '2', '3']);
  t.is(statistics.drops.get('sequence number against time'), 2);
  t.is(joiner.store.lastSequenceNumber(NUMBERED, liar.mid), 3);
});

test('members and kinds of messages are numbered each for itself', (t) => {
  const { founder, joiner, receive, meet } = makeSilentPair(t);
  const other = seededMember('other');
  meet(other);
  const messages = [
    founder.write(founder.numbered, 'one'),
    founder.write(founder.numbered, 'other', other),
    founder.allow(other, founder.guarded, ['permit']),
  ];
  t.deepEqual(
    messages.map(({ sequenceNumber }) => sequenceNumber),
    [1, 1, 1],
  );
  receive(...messages.slice(0, 2));
  t.deepEqual(joiner.standing, ['one', 'other']);
});
