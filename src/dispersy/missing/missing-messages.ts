import type { Address } from '../../network/address.js';
import type { Codec } from '../codec/codec.js';
import { varbytes } from '../codec/fields.js';
import type { Community } from '../community/community.js';
import type { Member } from '../identity/member.js';
import type { ReceivedMessage } from '../message/message.js';
import { MetaMessage } from '../message/meta-message.js';
import { candidateDestination, directDistribution, noAuthentication, publicResolution } from '../message/policies.js';

interface MissingMessagesPayload {
  readonly publicKey: Buffer;
  readonly globalTimes: readonly bigint[];
}

type MissingMessage = ReceivedMessage<MissingMessagesPayload>;

/** Key length (2), key, then global times (8 each) to the end. */
export const missingMessagePayload: Codec<MissingMessagesPayload> = {
  write(writer, { publicKey, globalTimes }) {
    if (globalTimes.length === 0) throw new RangeError('no global times');
    varbytes.write(writer, publicKey);
    for (const globalTime of globalTimes) writer.uint64(globalTime);
  },
  read(reader) {
    const publicKey = varbytes.read(reader);
    const globalTimes: bigint[] = [];
    while (reader.remaining > 0) globalTimes.push(reader.uint64());
    if (globalTimes.length === 0) reader.fail('no global times');
    return { publicKey, globalTimes };
  },
};

/** For so many of one request we look; a packet can name thousands. */
const GLOBAL_TIMES_MAX = 100;

/** Asks for single messages that others refer to, and hands out ours. */
export class MissingMessages {
  readonly #community: Community;

  readonly #missingMessage = new MetaMessage({
    id: 239,
    name: 'missing-message',
    authentication: noAuthentication(),
    resolution: publicResolution(),
    distribution: directDistribution(),
    destination: candidateDestination(),
    payload: missingMessagePayload,
    handle: (message: MissingMessage) => this.#answer(message),
  });

  readonly messages: readonly MetaMessage[] = [this.#missingMessage];

  constructor(community: Community) {
    this.#community = community;
  }

  ask(member: Member, globalTime: bigint, peer: Address): void {
    const { publicKey } = member;
    this.#community.answer('question', this.#missingMessage, { publicKey, globalTimes: [globalTime] }, peer);
  }

  #answer({ payload, candidate }: MissingMessage): void {
    const { members, archive, outbox } = this.#community;
    const member = members.byPublicKey(payload.publicKey);
    if (member === undefined) return;
    for (const globalTime of payload.globalTimes.slice(0, GLOBAL_TIMES_MAX)) {
      const stored = archive.find(member, globalTime);
      if (stored !== undefined) outbox.answers.send('message', stored.packet, candidate);
    }
  }
}
