import type { Address } from '../../network/address.js';
import { bytes, uint32, uint8 } from '../codec/fields.js';
import { struct } from '../codec/struct.js';
import type { CodecValue } from '../codec/codec.js';
import type { Answering } from '../contract/answering.js';
import { BUILT_IN_IDS } from '../message/built-in-ids.js';
import type { ReceivedMessage } from '../message/message.js';
import { MetaMessage } from '../message/meta-message.js';
import { UNSIGNED_DIRECT_POLICIES } from '../message/policies.js';
import { drop, type MissingSequence } from '../message/check-result.js';
import type { MessageArchive } from '../store/message-archive.js';

export const missingSequencePayload = struct({ mid: bytes(20), messageId: uint8, low: uint32, high: uint32 });

type Request = ReceivedMessage<CodecValue<typeof missingSequencePayload>>;

/** How many bytes one peer gets in answer to the requests of one batch. */
const ANSWER_BYTES_MAX = 10 * 1024;
const BATCH_WINDOW_MS = 100;
/** More messages do not fit an answer, however short they are. */
const ANSWER_MESSAGES_MAX = 200;

export interface MissingSequencesComponents {
  readonly archive: Pick<MessageArchive, 'store'>;
  readonly answering: Pick<Answering, 'send' | 'answer'>;
}

/** Asks for the messages that fill a gap in a member's sequence numbers, and hands out ours. */
export class MissingSequences {
  readonly #components: MissingSequencesComponents;

  readonly #missingSequence = new MetaMessage({
    id: BUILT_IN_IDS.missingSequence,
    name: 'missing-sequence',
    ...UNSIGNED_DIRECT_POLICIES,
    payload: missingSequencePayload,
    batch: { maxWindowMs: BATCH_WINDOW_MS },
    screen: ({ payload: { low, high } }: Request) =>
      low >= 1 && low <= high ? undefined : drop('invalid sequence range'),
    handleBatch: (requests: readonly Request[]) => this.#answer(requests),
  });

  readonly messages: readonly MetaMessage[] = [this.#missingSequence];

  constructor(components: MissingSequencesComponents) {
    this.#components = components;
  }

  ask({ member, messageId, low, high }: MissingSequence, peer: Address): void {
    const range = { mid: member.mid, messageId, low, high };
    this.#components.answering.answer('question', this.#missingSequence, range, peer);
  }

  /**
   * Answers several requests of one peer: a message that more than one asks for is sent once, and messages are sent in
   * the order of their sequence.
   */
  #answer(requests: readonly Request[]): void {
    const { archive, answering } = this.#components;
    const bytesLeft = new Map<string, number>();
    const sent = new Set<string>();
    for (const { payload, candidate } of requests.toSorted((one, other) => one.payload.low - other.payload.low)) {
      const { mid, messageId, low, high } = payload;
      const last = Math.min(high, low + ANSWER_MESSAGES_MAX);
      for (const { packet, sequenceNumber } of archive.store.bySequenceNumber(messageId, mid, low, last)) {
        const key = `${candidate.key} ${mid.toString('latin1')} ${messageId} ${sequenceNumber}`;
        const left = bytesLeft.get(candidate.key) ?? ANSWER_BYTES_MAX;
        if (sent.has(key)) continue;
        // A packet that is longer than the limit would never get across.
        if (packet.length > left && left < ANSWER_BYTES_MAX) break;
        sent.add(key);
        bytesLeft.set(candidate.key, left - packet.length);
        answering.send('sequence', packet, candidate);
      }
    }
  }
}
