import type { LamportClock } from '../community/lamport-clock.js';
import type { Answering } from '../contract/answering.js';
import type { CommunityContext } from '../contract/community-context.js';
import type { DecodedMessage } from '../message/conversion.js';
import type { ReceivedMessage } from '../message/message.js';
import { isSyncDistribution } from '../message/policies.js';
import type { MessageArchive } from '../store/message-archive.js';
import type { Arrival } from './arrival.js';
import type { AuthorCode } from './author-code.js';
import type { MessageKeeper } from './message-keeper.js';
import { DUPLICATE, type MessageJudge } from './message-judge.js';
import type { PacketOutcomes } from './packet-outcomes.js';
import type { WaitingPackets } from './waiting-packets.js';

export interface AdmissionComponents {
  readonly context: Pick<CommunityContext, 'candidates'>;
  readonly judge: MessageJudge;
  readonly waiting: WaitingPackets;
  readonly archive: Pick<MessageArchive, 'replaceSignature'>;
  readonly keeper: Pick<MessageKeeper, 'keep'>;
  readonly lamportClock: Pick<LamportClock, 'raise'>;
  readonly answering: Pick<Answering, 'send'>;
  readonly outcomes: PacketOutcomes;
  readonly author: Pick<AuthorCode, 'logOnce'>;
}

/** Lets a packet in: it is decoded and judged, then stored, dropped, or left to wait. */
export class Admission {
  readonly #components: AdmissionComponents;

  constructor(components: AdmissionComponents) {
    this.#components = components;
  }

  /**
   * Admits a packet. Every way out counts the packet once.
   * @param accepted - the messages of the same batch, which may lose a fork to this one before they are handled
   * @returns the message, to be handled; undefined when it was dropped or waits
   */
  admit(arrival: Arrival, accepted: ReceivedMessage[]): ReceivedMessage | undefined {
    const { registered } = arrival;
    try {
      const decoded = arrival.verified ?? this.#read(arrival);
      if (decoded === undefined || !this.#passes(arrival, decoded)) return undefined;
      return this.#take(decoded, accepted);
    } catch (error) {
      // Only code of the community's author throws here: a codec, a screen, or a check.
      const { outcomes, author } = this.#components;
      outcomes.dropped(registered, FAILED);
      author.logOnce(registered.meta.name, error);
      return undefined;
    }
  }

  #read(arrival: Arrival): DecodedMessage | undefined {
    const { context, waiting, outcomes } = this.#components;
    const { source, packet, conversion, registered } = arrival;
    if (waiting.takesForCopy(arrival)) {
      outcomes.dropped(registered, DUPLICATE.reason);
      return undefined;
    }
    const decoded = conversion.decode(context.candidates.at(source), packet);
    if (decoded.kind === 'message') return decoded;
    if (decoded.kind === 'drop') outcomes.dropped(registered, decoded.reason);
    else waiting.delay(arrival, { what: 'identity', mid: decoded.mid });
    return undefined;
  }

  #passes(arrival: Arrival, decoded: DecodedMessage): boolean {
    const { judge, waiting, outcomes, answering } = this.#components;
    const result = judge.judge(decoded, arrival.verified !== undefined);
    if (result === undefined) return true;
    if (result.kind === 'delay') {
      waiting.delay({ ...arrival, verified: decoded }, result.missing);
      return false;
    }
    outcomes.dropped(arrival.registered, result.reason);
    // Without the correction the two peers would never agree, and pay for it in every answer to a sync request.
    if (result.correction !== undefined) answering.send('correction', result.correction, arrival.source);
    return false;
  }

  #take({ message, registered }: DecodedMessage, accepted: ReceivedMessage[]): ReceivedMessage | undefined {
    const { lamportClock, archive, keeper, outcomes } = this.#components;
    // A message that is not signed says nothing about the time: anyone can send it, with any time.
    if (message.member !== undefined) lamportClock.raise(message.globalTime);
    if (!isSyncDistribution(message.meta.distribution)) return message;
    if (archive.replaceSignature(message)) {
      outcomes.dropped(registered, DUPLICATE.reason);
      return undefined;
    }
    keeper.keep(message, accepted);
    return message;
  }
}

/** Why a message is dropped when code of the community's author throws. */
export const FAILED = 'failed in the community';
