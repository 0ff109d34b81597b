import type { Address } from '../../network/address.js';
import type { Codec } from '../codec/codec.js';
import { varbytes } from '../codec/fields.js';
import type { Answering } from '../contract/answering.js';
import type { CommunityContext } from '../contract/community-context.js';
import type { Member } from '../identity/member.js';
import { BUILT_IN_IDS } from '../message/built-in-ids.js';
import type { ReceivedMessage } from '../message/message.js';
import { MetaMessage } from '../message/meta-message.js';
import { UNSIGNED_DIRECT_POLICIES } from '../message/policies.js';
import type { MessageArchive } from '../store/message-archive.js';

interface MissingMessagesPayload {
  readonly publicKey: Buffer;
  readonly globalTimes: readonly bigint[];
}

type MessageRequest = ReceivedMessage<MissingMessagesPayload>;

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

/** How many messages of one request are looked for at most; a packet can name thousands. */
const GLOBAL_TIMES_MAX = 100;

export interface MissingMessagesComponents {
  readonly context: Pick<CommunityContext, 'members'>;
  readonly archive: Pick<MessageArchive, 'find'>;
  readonly answering: Answering;
}

/** Asks for single messages that other messages refer to, and hands out ours. */
export class MissingMessages {
  readonly #components: MissingMessagesComponents;

  readonly #missingMessage = new MetaMessage({
    id: BUILT_IN_IDS.missingMessage,
    name: 'missing-message',
    ...UNSIGNED_DIRECT_POLICIES,
    payload: missingMessagePayload,
    handle: (message: MessageRequest) => this.#answer(message),
  });

  readonly messages: readonly MetaMessage[] = [this.#missingMessage];

  constructor(components: MissingMessagesComponents) {
    this.#components = components;
  }

  ask(member: Member, globalTime: bigint, peer: Address): void {
    const payload = { publicKey: member.publicKey, globalTimes: [globalTime] };
    this.#components.answering.answer('question', this.#missingMessage, payload, peer);
  }

  #answer({ payload, candidate }: MessageRequest): void {
    const { context, archive, answering } = this.#components;
    const member = context.members.byPublicKey(payload.publicKey);
    if (member === undefined) return;
    for (const globalTime of payload.globalTimes.slice(0, GLOBAL_TIMES_MAX)) {
      const stored = archive.find(member, globalTime);
      if (stored !== undefined) answering.send('message', stored.packet, candidate);
    }
  }
}
