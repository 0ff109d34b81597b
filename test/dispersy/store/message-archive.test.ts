import test from 'ava';
import { Candidate } from '../../../src/dispersy/candidate/candidate.js';
import { LamportClock } from '../../../src/dispersy/community/lamport-clock.js';
import { utf8 } from '../../../src/dispersy/codec/fields.js';
import { struct } from '../../../src/dispersy/codec/struct.js';
import { ECCrypto } from '../../../src/dispersy/identity/ec-crypto.js';
import { MemberCache } from '../../../src/dispersy/identity/member-cache.js';
import { Conversions } from '../../../src/dispersy/message/conversions.js';
import { DefaultConversion } from '../../../src/dispersy/message/default-conversion.js';
import type { ReceivedMessage } from '../../../src/dispersy/message/message.js';
import { MessageRegistry } from '../../../src/dispersy/message/message-registry.js';
import { MetaMessage } from '../../../src/dispersy/message/meta-message.js';
import {
  communityDestination,
  lastSyncDistribution,
  memberAuthentication,
  publicResolution,
} from '../../../src/dispersy/message/policies.js';
import { MemoryStore } from '../../../src/dispersy/store/memory-store.js';
import { MessageArchive } from '../../../src/dispersy/store/message-archive.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { seededMember } from '../support/seeded-peers.js';

const SOURCE = new Candidate({ host: '1.2.3.4', port: 7 });

/** An archive by itself, of texts of which the last two of each member are kept. */
function makeArchive() {
  const [messages, members] = [new MessageRegistry(), new MemberCache(new ECCrypto())];
  const text = new MetaMessage({
    id: 1,
    name: 'text',
    authentication: memberAuthentication(),
    resolution: publicResolution(),
    distribution: lastSyncDistribution(2),
    destination: communityDestination(0),
    payload: struct({ text: utf8 }),
    handle: () => undefined,
  });
  messages.add(text);
  const conversions = new Conversions('Texts');
  conversions.set([new DefaultConversion({ cid: Buffer.alloc(20, 1), messages, members })]);
  const lamportClock = new LamportClock({
    clock: new ManualClock(),
    acceptableRange: () => undefined,
    peerTimes: () => [],
  });
  const archive = new MessageArchive({ store: new MemoryStore(), messages, members, conversions, lamportClock });
  const member = members.add(seededMember('author'));
  const messageAt = (globalTime: bigint): ReceivedMessage => {
    const payload = { text: String(globalTime) };
    const packet = conversions.current.encode(text, { members: [member], globalTime, payload });
    const decoded = conversions.current.decode(SOURCE, packet);
    if (decoded.kind !== 'message') throw new Error(decoded.kind);
    return decoded.message;
  };
  return { archive, messageAt };
}

test('an archive says what it stored and from whom it came, whoever wants to know', (t) => {
  const { archive, messageAt } = makeArchive();
  const [one, other]: string[][] = [[], []];
  archive.events.on('stored', ({ globalTime, isSynced }, from) => one?.push(`${globalTime} ${isSynced} ${from.key}`));
  archive.events.on('stored', ({ globalTime }) => other?.push(String(globalTime)));
  for (const time of [3n, 5n]) archive.keep(messageAt(time));
  t.deepEqual(one, ['3 true 1.2.3.4:7', '5 true 1.2.3.4:7']);
  t.deepEqual(other, ['3', '5']);
});

test('what an archive has already it finds, and what no store can hold it names', (t) => {
  const { archive, messageAt } = makeArchive();
  const message = messageAt(3n);
  t.is(archive.findDuplicate(message), undefined);
  archive.keep(message);
  t.is(archive.findDuplicate(message)?.packet, message.packet);
  t.false(archive.isBeyondStore(message));
  t.true(archive.isBeyondStore(messageAt(2n ** 53n)));
});

test('an archive keeps as many messages of a member as their history has', (t) => {
  const { archive, messageAt } = makeArchive();
  for (const time of [3n, 5n, 7n]) archive.keep(messageAt(time));
  t.deepEqual(
    archive.store.between(1, 0n, 10n).map(({ globalTime }) => globalTime),
    [5n, 7n],
  );
});
