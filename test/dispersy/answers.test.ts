import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { ANSWER_BYTES_PER_SECOND_MAX } from '../../src/dispersy/community/answers.js';
import type { AnswerKind } from '../../src/dispersy/contract/answering.js';
import { type Community, communityStackOf } from '../../src/dispersy/community/community.js';
import { Dispersy } from '../../src/dispersy/dispersy.js';
import { BloomFilter } from '../../src/dispersy/sync/bloom-filter.js';
import type { Address } from '../../src/network/address.js';
import { createLogger } from '../../src/runtime/logger.js';
import { ManualClock } from '../../src/runtime/manual-clock.js';
import { seededRandom } from '../../src/runtime/random.js';
import { makeAsked, SOURCE } from './support/asked-community.js';
import { defined } from './support/defined.js';
import { receiveRequest } from './support/introductions.js';
import { RichCommunity } from './support/rich-community.js';
import { richPackets } from './support/rich-packets.js';
import { foreignMember } from './support/seeded-peers.js';
import { SilentEndpoint } from './support/silent-endpoint.js';
import { conversionOf } from './support/inside.js';

type Asked = ReturnType<typeof makeAsked>;

interface AnswerCase {
  /** Fills the store with what makes the answer large. */
  readonly prepare?: (asked: Asked) => void;
  /** The n-th request: those of signed kinds must differ, or they are dropped as replays. */
  readonly request: (asked: Asked, number: number) => Buffer;
}

const WALKER: Address = { host: '9.8.7.6', port: 5000 };
const TIME_MAX = 2n ** 63n - 1n;

function introductionRequest({ community, asker }: Asked, number: number, more: object = {}): Buffer {
  const payload = {
    destination: SOURCE,
    sourceLan: SOURCE,
    sourceWan: SOURCE,
    advice: false,
    connectionType: 'unknown',
    supportsNewStyle: false,
    identifier: number & 0xffff,
    extraBytes: Buffer.alloc(0),
    ...more,
  };
  return community.packetOf('introduction-request', payload, { members: [asker], globalTime: BigInt(number) });
}

function writeHundred({ community }: Asked, kind: 'open' | 'numbered'): void {
  for (let count = 0; count < 100; count++) community.write(community[kind], `number ${count}`);
}

/** A kind of answer that is not here does not compile. */
const ANSWERS: Readonly<Record<AnswerKind, AnswerCase>> = {
  identity: {
    request: ({ community }) => community.packetOf('missing-identity', { mid: community.myMember.mid }),
  },
  // The most that one request can name.
  message: {
    prepare: (asked) => writeHundred(asked, 'open'),
    request: ({ community }) => {
      const stored = community.store.between(community.open.id, 0n, TIME_MAX);
      const globalTimes = stored.map(({ globalTime }) => globalTime).slice(-100);
      return community.packetOf('missing-message', { publicKey: community.myMember.publicKey, globalTimes });
    },
  },
  sequence: {
    prepare: (asked) => writeHundred(asked, 'numbered'),
    request: ({ community }) =>
      community.packetOf('missing-sequence', {
        mid: community.myMember.mid,
        messageId: community.numbered.id,
        low: 1,
        high: 1000,
      }),
  },
  proof: {
    request: ({ community: { myMember }, community, written }) =>
      community.packetOf('missing-proof', { publicKey: myMember.publicKey, globalTime: written.guarded.globalTime }),
  },
  signature: {
    request: ({ community, askers }, number) => {
      const founder = defined(askers.members.byPublicKey(community.myMember.publicKey));
      const half = askers.createMessage(askers.contract, { text: 'deal' }, { secondMember: founder });
      return community.packetOf('signature-request', { identifier: number & 0xffff, packet: half.packet });
    },
  },
  puncture: {
    request: ({ community }, identifier) =>
      community.packetOf('puncture-request', { walkerLan: WALKER, walkerWan: WALKER, identifier }),
  },
  introduction: { request: introductionRequest },
  'puncture-request': {
    prepare: ({ community, dispersy }) =>
      receiveRequest(community, { source: WALKER, member: foreignMember(dispersy, 'walker') }),
    request: (asked, number) => introductionRequest(asked, number, { advice: true }),
  },
  sync: {
    prepare: (asked) => writeHundred(asked, 'open'),
    request: (asked, number) => {
      const filter = new BloomFilter({ bits: 8, functions: 1, prefix: 0 });
      const sync = { timeLow: 1n, timeHigh: TIME_MAX, modulo: 1, offset: 0, filter };
      return introductionRequest(asked, number, { sync });
    },
  },
  correction: {
    prepare: ({ community, asker, receive }) =>
      receive(community.packetOf('latest', { text: 'new' }, { members: [asker], globalTime: 90n })),
    request: ({ community, asker }) =>
      community.packetOf('latest', { text: 'old' }, { members: [asker], globalTime: 80n }),
  },
  destruction: {
    prepare: ({ community }) => void community.createDestroyCommunity('hard'),
    request: ({ community }) => Buffer.concat([conversionOf(community).prefix, Buffer.from([1])]),
  },
  // Of a member whom nobody knows.
  question: {
    request: ({ community }, number) => {
      const packet = Buffer.alloc(22 + 1 + 20, 'nobody');
      conversionOf(community).prefix.copy(packet);
      packet[22] = community.open.id;
      packet.writeUInt32BE(number, 23);
      return packet;
    },
  },
};

/** What a community sends because of what it receives, by kind; and what it sends by any other way than `Answers`. */
function watch(community: Community) {
  const { dispersy } = community;
  const { answering: answers, outbox } = communityStackOf(community);
  const sent = new Map<AnswerKind, number>();
  const withheld = new Map<AnswerKind, number>();
  let answered = 0;
  let relayed = 0;
  const [send, relay] = [answers.send.bind(answers), outbox.relay.bind(outbox)];
  answers.send = (kind, answer, peer) => {
    const before = dispersy.statistics.totalUp;
    const isSent = send(kind, answer, peer);
    const bytes = dispersy.statistics.totalUp - before;
    answered += bytes;
    const counts = isSent ? sent : withheld;
    counts.set(kind, (counts.get(kind) ?? 0) + (isSent ? bytes : 1));
    return isSent;
  };
  outbox.relay = (message) => {
    const before = dispersy.statistics.totalUp;
    relay(message);
    relayed += dispersy.statistics.totalUp - before;
  };
  const start = dispersy.statistics.totalUp;
  return {
    sent: (kind: AnswerKind) => sent.get(kind) ?? 0,
    withheld: (kind: AnswerKind) => withheld.get(kind) ?? 0,
    kinds: () => [...sent.keys()],
    relayed: () => relayed,
    otherwise: () => dispersy.statistics.totalUp - start - answered - relayed,
  };
}

/** What `docs/communities.md` says: a row is kind, to what, signed, KiB a second, and bytes in → out. */
const ROW = /^\| `([a-z-]+)` +\|[^|]*\|[^|]*\| ([\d,]+) +\| ([\d,]+) → ([\d,]+) +\|$/gm;
const DOCS = readFileSync(join(import.meta.dirname, '../../docs/communities.md'), 'utf8');
const DOCUMENTED = new Map(
  [...DOCS.matchAll(ROW)].map(([, kind = '', ...columns]) => {
    const [kib = 0, bytesIn = 0, bytesOut = 0] = columns.map((text) => Number(text.replaceAll(',', '')));
    return [kind, { limit: 1024 * kib, bytesIn, bytesOut }] as const;
  }),
);

test('the documentation lists every kind of answer, and no other', (t) => {
  t.deepEqual([...DOCUMENTED.keys()].sort(), Object.keys(ANSWER_BYTES_PER_SECOND_MAX).sort());
});

/** A batch of requests is answered when it is full or old. */
const BATCH_MS = 100;
const REQUESTS_MAX = 20_000;

for (const [name, { prepare, request }] of Object.entries(ANSWERS)) {
  const kind = name as AnswerKind;
  const limit = ANSWER_BYTES_PER_SECOND_MAX[kind];
  test(`${kind}: no more than ${limit} bytes a second, whoever asks, and nothing goes out by another way`, (t) => {
    const asked = makeAsked(t);
    const { community, clock, dispersy, receive } = asked;
    prepare?.(asked);
    const { globalTime } = community;
    const watched = watch(community);
    const bytesIn = request(asked, 1).length;
    receive(request(asked, 1));
    clock.advance(BATCH_MS);
    const bytesOut = watched.sent(kind);
    t.log(`${kind}: ${bytesIn} bytes in, ${bytesOut} out: ${(bytesOut / bytesIn).toFixed(2)} times`);
    t.deepEqual(DOCUMENTED.get(kind), { limit, bytesIn, bytesOut });

    // The whole flood within one second, from many sources.
    clock.advance(1000);
    const before = watched.sent(kind);
    let count = 2;
    for (; count < REQUESTS_MAX && watched.withheld(kind) === 0; count++) {
      receive(request(asked, count), { host: '10.1.2.3', port: 1 + count });
      if (community.batchedCount >= 120) clock.advance(BATCH_MS);
    }
    const flooded = watched.sent(kind) - before;
    t.true(watched.withheld(kind) > 0, `never withheld, ${flooded} bytes`);
    t.true(flooded <= limit && flooded >= limit - bytesOut, `${flooded} bytes`);
    t.true(dispersy.statistics.answersWithheld > 0);
    t.is(watched.otherwise(), 0);
    // The next second has a share of its own.
    clock.advance(1000);
    receive(request(asked, count + 1));
    clock.advance(BATCH_MS);
    t.true(watched.sent(kind) - before > flooded);
    // The clock of who answers stands still, but for the signed messages that it accepted.
    t.true(community.globalTime <= globalTime + BigInt(count) + 1n);
  });
}

test('missing-identity from a forged source at 3,000 a second: a bounded part is answered', (t) => {
  const { community, clock, receive } = makeAsked(t);
  const watched = watch(community);
  const packet = community.packetOf('missing-identity', { mid: community.myMember.mid });
  const victim = { host: '9.9.9.9', port: 9 };
  for (let second = 0; second < 4; second++) {
    for (let count = 0; count < 3_000; count++) receive(packet, victim);
    clock.advance(1000);
  }
  t.true(watched.sent('identity') <= 4 * ANSWER_BYTES_PER_SECOND_MAX.identity);
  t.true(watched.withheld('identity') > 5_000);
  t.is(watched.otherwise(), 0);
});

test('a flood of one question leaves the answers to all others alone', (t) => {
  const asked = makeAsked(t);
  const watched = watch(asked.community);
  for (let count = 0; count < 3_000; count++) asked.receive(ANSWERS.identity.request(asked, count));
  t.true(watched.withheld('identity') > 0);
  asked.receive(ANSWERS.introduction.request(asked, 1));
  t.true(watched.sent('introduction') > 0);
});

test('whatever kind of message comes, nothing goes out but answers and what is relayed', (t) => {
  const clock = new ManualClock();
  const logger = createLogger('answers', (_level, line) => t.log(line));
  const init = { clock, random: seededRandom('answers'), logger };
  const { packets, masterMember, signers } = richPackets(init);
  const dispersy = new Dispersy({ ...init, endpoint: new SilentEndpoint() });
  dispersy.start();
  t.teardown(() => dispersy.stop());
  const known = [masterMember, ...signers].map(({ publicKey }) => defined(dispersy.getMember({ publicKey })));
  class QuietCommunity extends RichCommunity {
    override readonly enableCandidateWalker = false;
  }
  const community = dispersy.loadCommunity(QuietCommunity, { masterMember: defined(known[0]) });
  const watched = watch(community);
  for (let round = 0; round < 3; round++)
    for (const [index, packet] of packets.entries()) {
      dispersy.receive({ host: '1.2.3.4', port: 1 + (index % 5) }, packet);
      clock.advance(100);
    }
  t.true(watched.kinds().length >= 5, watched.kinds().join());
  t.true(watched.relayed() > 0);
  t.is(watched.otherwise(), 0);
});

test('in the sources, what others make us send is sent by `answer` alone', (t) => {
  const root = join(import.meta.dirname, '../../src/dispersy');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const ways = /(?<!answering)\.(?:send|sendPacket|forward|relay|storeUpdateForward)\(/g;
  const found = files.flatMap((file) => {
    const count = readFileSync(join(root, file), 'utf8').match(ways)?.length ?? 0;
    return count === 0 ? [] : [`${file}: ${count}`];
  });
  t.deepEqual(found.sort(), [
    // The one place: `answer` makes a message and sends it as `send` does.
    'community/answers.ts: 2',
    // It is given its way out.
    'community/community-stack.ts: 1',
    // What the community's author calls.
    'community/community.ts: 5',
    'community/outbox.ts: 2',
    'community/own-messages.ts: 1',
    'dispersy.ts: 1',
    // A step of our walker.
    'introduction/introductions.ts: 1',
    // The end of the community, to verified candidates, once.
    'permission/destruction.ts: 1',
    // N-hop messages, to verified candidates, each once.
    'receiving/message-receiver.ts: 1',
    // A request of the author, and the message that came of it.
    'signature/signature-requests.ts: 2',
  ]);
});
