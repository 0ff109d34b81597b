import test, { type ExecutionContext } from 'ava';
import type { Message } from '../../../src/dispersy/message/message.js';
import { hasRightSignatures } from '../../../src/dispersy/message/signatures.js';
import { SIGNATURE_REQUESTS_MAX } from '../../../src/dispersy/signature/signature-requests.js';
import { LOOPBACK } from '../../../src/dispersy/candidate/loopback.js';
import { GumbyError } from '../../../src/runtime/errors.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { type Contract, ContractCommunity, type Terms } from '../support/contract-community.js';
import { defined } from '../support/defined.js';
import { pass } from '../support/peers.js';
import { makeSeededPeer, makeSilentDispersy, seededMember } from '../support/seeded-peers.js';
import { archiveOf, conversionOf } from '../support/inside.js';

const SOURCE = { host: '127.0.0.1', port: 7 };
const SIGNATURE_REQUEST = 252;
const SIGNATURE_RESPONSE = 251;

interface Answer {
  readonly message: Message<Terms> | undefined;
  readonly isModified: boolean;
}

/** Two parties, who know of each other. */
async function makeParties(t: ExecutionContext) {
  const clock = new ManualClock();
  const one = await makeSeededPeer(t, clock, 'one');
  const other = await makeSeededPeer(t, clock, 'other');
  const mine = one.dispersy.loadCommunity(ContractCommunity, { myMember: seededMember('one') });
  const theirs = other.dispersy.loadCommunity(ContractCommunity, { myMember: seededMember('other') });
  const partner = defined(one.dispersy.getMember({ publicKey: theirs.myMember.publicKey }));
  const answers: Answer[] = [];
  /** Asks for a signature, and takes or refuses what comes. */
  const request = (message: Message<Terms>, takes = true) => {
    mine.createSignatureRequest(message, other.address, {
      onResponse: (signed, isModified) => {
        answers.push({ message: signed, isModified });
        return takes;
      },
    });
  };
  const settle = () => pass(clock, 1);
  return { clock, one, other, mine, theirs, partner, answers, request, settle };
}

function isWhole(community: ContractCommunity, message: Message): boolean {
  const decoded = conversionOf(community).decode(LOOPBACK, message.packet);
  return decoded.kind === 'message' && hasRightSignatures(decoded);
}

for (const name of ['short', 'long'] as const) {
  test(`${name}: what the other signs is stored, handled and whole`, async (t) => {
    const { mine, theirs, partner, answers, request, other, one, settle } = await makeParties(t);
    const offer = mine.offer(mine[name], partner, 5);
    t.false(isWhole(mine, offer));
    request(offer);
    await settle();
    t.is(answers.length, 1);
    const [{ message, isModified }] = answers as [Answer];
    t.false(isModified);
    t.true(isWhole(mine, defined(message)));
    t.deepEqual(mine.agreed, [{ price: 5, text: 'for 5' }]);
    t.deepEqual(theirs.offered, mine.agreed);
    const stored = defined(archiveOf(mine).find(mine.myMember, offer.globalTime));
    t.deepEqual(
      stored.mids.map(String),
      [mine.myMember, partner].map(({ mid }) => String(mid)),
    );
    // The other one gets it as everyone does.
    mine.forward(defined(message), [other.address]);
    await settle();
    t.is(theirs.agreed.length, 1);
    await settle();
    t.is(one.dispersy.statistics.drops.total + other.dispersy.statistics.drops.total, 0);
  });

  test(`${name}: without an answer there is nothing after 10 s`, async (t) => {
    const { clock, mine, theirs, partner, answers, request, settle } = await makeParties(t);
    theirs.decide = () => undefined;
    const offer = mine.offer(mine[name], partner, 5);
    request(offer);
    await settle();
    t.is(theirs.offered.length, 1);
    clock.advance(9_998);
    t.deepEqual(answers, []);
    clock.advance(1);
    t.deepEqual(answers, [{ message: undefined, isModified: false }]);
    t.deepEqual(mine.agreed, []);
    t.is(archiveOf(mine).find(mine.myMember, offer.globalTime), undefined);
  });

  test(`${name}: a modified answer that is accepted is signed once more, and whole`, async (t) => {
    const { mine, theirs, partner, answers, request, settle } = await makeParties(t);
    theirs.decide = () => ({ price: 7, text: 'that is too little' });
    const offer = mine.offer(mine[name], partner, 5);
    request(offer);
    await settle();
    t.is(answers.length, 1);
    t.true(answers[0]?.isModified);
    t.deepEqual(mine.agreed, [{ price: 7, text: 'that is too little' }]);
    const { packet } = defined(archiveOf(mine).find(mine.myMember, offer.globalTime));
    t.true(isWhole(mine, { ...offer, packet }));
  });

  test(`${name}: a modified answer that is refused leaves nothing`, async (t) => {
    const { mine, theirs, partner, answers, request, settle } = await makeParties(t);
    theirs.decide = () => ({ price: 7, text: 'that is too little' });
    const offer = mine.offer(mine[name], partner, 5);
    request(offer, false);
    await settle();
    t.is(answers.length, 1);
    t.is(answers[0]?.message?.payload.price, 7);
    t.deepEqual(mine.agreed, []);
    t.is(archiveOf(mine).find(mine.myMember, offer.globalTime), undefined);
  });
}

test('the first member may be the one who is asked', async (t) => {
  const { mine, partner, answers, request, settle } = await makeParties(t);
  const offer = mine.offer(mine.short, mine.myMember, 5, partner);
  request(offer);
  await settle();
  t.is(answers.length, 1);
  t.true(isWhole(mine, defined(answers[0]?.message)));
});

/** One party, whose requests go nowhere, and the other one’s keys. */
function makeParty(t: ExecutionContext) {
  const clock = new ManualClock();
  const { dispersy, endpoint } = makeSilentDispersy(t, clock);
  const community = dispersy.loadCommunity(ContractCommunity, { myMember: seededMember('one') });
  const other = seededMember('other');
  const partner = defined(dispersy.getMember({ publicKey: other.publicKey }));
  const answers: Answer[] = [];
  const onResponse = (message: Message<Terms> | undefined, isModified: boolean) => {
    answers.push({ message, isModified });
    return true;
  };
  /** Asks for a signature; gives the identifier. */
  const request = (message: Message<Terms>): number => {
    community.createSignatureRequest(message, SOURCE, { onResponse });
    return defined(endpoint.sent.at(-1)).packet.readUInt16BE(31);
  };
  const submit = (name: string, identifier: number, packet: Buffer) => {
    const { meta } = defined(community.messages.byName(name));
    dispersy.receive(SOURCE, community.createMessage(meta, { identifier, packet }).packet);
  };
  const sent = (id: number) => endpoint.sent.filter(({ packet }) => packet[22] === id).length;
  const { statistics } = dispersy;
  return { clock, dispersy, community, other, partner, answers, onResponse, request, submit, sent, statistics };
}

test('an answer with a wrong signature is refused, and a right one can still come', (t) => {
  const { community, partner, other, answers, request, submit, statistics } = makeParty(t);
  const offer = community.offer(community.long, partner, 5);
  const identifier = request(offer);
  // Not signed at all, and signed wrongly.
  submit('signature-response', identifier, offer.packet);
  const forged = Buffer.from(offer.packet);
  forged.subarray(-64).fill(1);
  submit('signature-response', identifier, forged);
  t.is(statistics.drops.get('invalid signature'), 2);
  t.deepEqual(answers, []);
  const right = Buffer.from(offer.packet);
  right.set(other.sign(right.subarray(0, -128)), right.length - 64);
  submit('signature-response', identifier, right);
  t.is(answers.length, 1);
  t.deepEqual(community.agreed, [{ price: 5, text: 'for 5' }]);
  submit('signature-response', identifier, right);
  t.is(statistics.drops.get('unknown identifier'), 1);
});

test('an answer about another message is refused', (t) => {
  const { community, partner, other, answers, request, submit, statistics } = makeParty(t);
  const offer = community.offer(community.long, partner, 5);
  const identifier = request(offer);
  const { myMember } = community;
  const at = Number(offer.globalTime);
  const third = seededMember('third');
  for (const packet of [
    community.packetAt(at + 1, community.long, [myMember, other], 5),
    community.packetAt(at, community.short, [myMember, other], 5),
    community.packetAt(at, community.long, [other, myMember], 5),
    community.packetAt(at, community.long, [myMember, third], 5),
    community.packetAt(at, community.long, [third, other], 5),
  ])
    submit('signature-response', identifier, packet);
  t.is(statistics.drops.get('signature is for another message'), 5);
  for (const packet of [Buffer.alloc(0), Buffer.from('rubbish'), offer.packet.subarray(0, -1)])
    submit('signature-response', identifier, packet);
  t.is(statistics.drops.get('invalid signed message'), 3);
  t.deepEqual(answers, []);
});

test('a request that does not lack exactly our signature is refused', (t) => {
  const { community, other, submit, statistics, sent } = makeParty(t);
  const { myMember } = community;
  const whole = community.packetAt(1, community.long, [other, myMember], 5);
  const noneOfThem = Buffer.from(whole);
  noneOfThem.subarray(-128).fill(0);
  const third = community.packetAt(1, community.long, [other, seededMember('third')], 5);
  third.subarray(-64).fill(0);
  const strangers = community.packetAt(1, community.short, [seededMember('fourth'), seededMember('third')], 5);
  for (const packet of [whole, noneOfThem, third, strangers]) submit('signature-request', 1, packet);
  t.is(statistics.drops.get('not for us to sign'), 4);
  t.is(community.delayedCount, 0);
  const single = community.createMessage(defined(community.messages.byName('identity')).meta, {});
  for (const packet of [Buffer.from('rubbish'), single.packet]) submit('signature-request', 1, packet);
  t.is(statistics.drops.get('invalid message to be signed'), 2);
  t.deepEqual(community.offered, []);
  t.is(sent(SIGNATURE_RESPONSE), 0);
  // And one that does.
  const lacking = Buffer.from(whole);
  lacking.subarray(-64).fill(0);
  submit('signature-request', 1, lacking);
  t.is(community.offered.length, 1);
  t.is(sent(SIGNATURE_RESPONSE), 1);
});

test('a message that lacks no signature, or two, cannot be sent for one', (t) => {
  const { dispersy, community, other, onResponse } = makeParty(t);
  const whole = community.offer(community.long, dispersy.getNewMember(), 5);
  const nobodys = community.packetAt(1, community.long, [community.myMember, other], 5);
  nobodys.subarray(-128).fill(0);
  const meta = defined(community.messages.byName('identity')).meta as unknown as Contract;
  for (const message of [whole, { ...whole, packet: nobodys }, community.createMessage(meta, { price: 0, text: '' })]) {
    const error = t.throws(() => community.createSignatureRequest(message, SOURCE, { onResponse }), {
      instanceOf: GumbyError,
    });
    t.is(error.code, 'PARAMETER_INVALID');
  }
  const error = t.throws(() => community.createMessage(community.long, { price: 1, text: '' }), {
    instanceOf: GumbyError,
  });
  t.is(error.code, 'PARAMETER_INVALID');
});

test('only so many requests may wait for an answer', (t) => {
  const { clock, community, partner, answers, request, sent } = makeParty(t);
  const offer = community.offer(community.long, partner, 5);
  const identifiers = Array.from({ length: SIGNATURE_REQUESTS_MAX }, () => request(offer));
  t.is(new Set(identifiers).size, SIGNATURE_REQUESTS_MAX);
  const error = t.throws(() => request(offer), { instanceOf: GumbyError });
  t.is(error.code, 'SESSION_STATE');
  t.is(sent(SIGNATURE_REQUEST), SIGNATURE_REQUESTS_MAX);
  clock.advance(10_000);
  t.is(answers.length, SIGNATURE_REQUESTS_MAX);
  t.notThrows(() => request(offer));
});

test('a request waits as long as its author says', (t) => {
  const { clock, community, partner, answers, onResponse } = makeParty(t);
  community.createSignatureRequest(community.offer(community.long, partner, 5), SOURCE, { onResponse, timeoutMs: 30 });
  clock.advance(29);
  t.deepEqual(answers, []);
  clock.advance(1);
  t.is(answers.length, 1);
});

test('a handler that throws when there is no answer stops nothing', (t) => {
  const { clock, community, partner, statistics } = makeParty(t);
  community.createSignatureRequest(community.offer(community.long, partner, 5), SOURCE, {
    onResponse: () => {
      throw new Error('a handler of the test');
    },
  });
  t.notThrows(() => clock.advance(10_000));
  t.is(statistics.handlerErrors, 1);
});

test('of a pair the newest is kept, whatever the order of the two', (t) => {
  const { dispersy, community } = makeParty(t);
  const [one, other, third] = ['first', 'second', 'third'].map(seededMember) as [never, never, never];
  const receive = (globalTime: number, members: [never, never]) =>
    dispersy.receive(SOURCE, community.packetAt(globalTime, community.latest, members, globalTime));
  receive(5, [one, other]);
  receive(7, [other, one]);
  receive(6, [one, other]);
  receive(3, [one, third]);
  t.deepEqual(
    community.agreed.map(({ price }) => price),
    [5, 7, 3],
  );
  t.is(dispersy.statistics.drops.get('older than the history'), 1);
  t.is(community.store.size, 2);
  receive(8, [one, other]);
  t.is(community.store.size, 2);
  t.deepEqual(
    community.store.between(community.latest.id, 0n, 100n).map(({ globalTime }) => Number(globalTime)),
    [3, 8],
  );
});

test('both members need the permission, and the proof of each is waited for', (t) => {
  const clock = new ManualClock();
  const { dispersy } = makeSilentDispersy(t, clock);
  const founder = ContractCommunity.createCommunity<ContractCommunity>(dispersy, seededMember('founder'));
  const partner = dispersy.members.add(seededMember('partner'));
  const error = t.throws(() => founder.offer(founder.guarded, partner, 5), { instanceOf: GumbyError });
  t.is(error.code, 'PERMISSION_MISSING');
  const authorize = founder.createAuthorize([{ member: partner, message: founder.guarded, permission: 'permit' }]);
  const { packet } = founder.offer(founder.guarded, partner, 5);
  const { dispersy: joining } = makeSilentDispersy(t, clock);
  const joiner = joining.loadCommunity(ContractCommunity, {
    masterMember: defined(joining.getMember({ publicKey: founder.masterMember.publicKey })),
  });
  joining.getMember({ publicKey: founder.myMember.publicKey });
  joining.receive(SOURCE, packet);
  t.is(joiner.delayedCount, 1);
  const [founding] = founder.store.between(243, 0n, 1n);
  joining.receive(SOURCE, defined(founding).packet);
  t.deepEqual(joiner.agreed, []);
  joining.receive(SOURCE, authorize.packet);
  t.deepEqual(joiner.agreed, [{ price: 5, text: 'for 5' }]);
});

test('a packet that one of the two did not sign is dropped', (t) => {
  const { dispersy, community, statistics } = makeParty(t);
  const members = [seededMember('first'), seededMember('second')] as const;
  for (const at of [64, 128]) {
    const packet = community.packetAt(1, community.long, [...members], 5);
    packet.fill(0, packet.length - at, packet.length - at + 64);
    dispersy.receive(SOURCE, packet);
  }
  t.is(statistics.drops.get('invalid signature'), 2);
  t.deepEqual(community.agreed, []);
});
