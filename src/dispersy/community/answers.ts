import type { Address } from '../../network/address.js';
import type { Clock } from '../../runtime/clock.js';
import type { AnswerKind, Answering } from '../contract/answering.js';
import type { Outgoing } from '../contract/outgoing.js';
import type { MetaMessage } from '../message/meta-message.js';
import type { Authentication } from '../message/policies.js';
import { RateLimit } from '../rate-limit.js';
import type { DispersyStatistics } from '../statistics/dispersy-statistics.js';

const KIB = 1024;

/**
 * Every kind of packet that others can make us send, with the bytes of this kind that one community sends in a second.
 * Each kind has a limit of its own, so that a flood of one question leaves the answers to all others alone. Most of the
 * questions are
 * not signed, and their source may be somebody else, who would be flooded with our answers.
 */
export const ANSWER_BYTES_PER_SECOND_MAX: Readonly<Record<AnswerKind, number>> = {
  /** The identity of a member, for a missing-identity. */
  identity: 256 * KIB,
  /** Single messages, for a missing-message. */
  message: 256 * KIB,
  /** A part of a member's sequence, for a missing-sequence. */
  sequence: 1024 * KIB,
  /** The proofs that a message was permitted, for a missing-proof. */
  proof: 256 * KIB,
  /** Our signature, for a signature-request. */
  signature: 256 * KIB,
  /** A puncture, which goes to whomever a puncture-request names: a peer is introduced a few times in five seconds. */
  puncture: 3 * KIB,
  /** An introduction-response. */
  introduction: 256 * KIB,
  /** The puncture-request to the peer that an introduction-response names. */
  'puncture-request': 96 * KIB,
  /** Messages that the sender of an introduction-request misses. */
  sync: 1024 * KIB,
  /**
   * The message that is stored here, for a sender that has another one in its place: the other side of a fork, an older
   * message, or one that is undone.
   */
  correction: 256 * KIB,
  /** The proof that a community was destroyed, for any packet of the community. */
  destruction: 64 * KIB,
  /** Our own question for something that a packet cannot be understood without. */
  question: 256 * KIB,
};

export interface AnswersComponents {
  readonly clock: Clock;
  readonly statistics: Pick<DispersyStatistics, 'answersWithheld'>;
  readonly outgoing: Pick<Outgoing, 'createMessage'>;
  readonly send: (packet: Buffer, peer: Address) => void;
}

/** Every packet that somebody else's packet made us send leaves through here, and only through here. */
export class Answers implements Answering {
  readonly #components: AnswersComponents;
  /** The limits; each is made when it is needed first, because most communities are asked few kinds of questions. */
  readonly #limits = new Map<AnswerKind, RateLimit>();

  constructor(components: AnswersComponents) {
    this.#components = components;
  }

  hasRoom(kind: AnswerKind): boolean {
    return this.#limitOf(kind).hasRoom;
  }

  send(kind: AnswerKind, packet: Buffer, peer: Address): boolean {
    const isAllowed = this.#limitOf(kind).allow(packet.length);
    if (isAllowed) this.#components.send(packet, peer);
    else this.#components.statistics.answersWithheld++;
    return isAllowed;
  }

  answer<P, A extends Authentication>(
    kind: AnswerKind,
    meta: MetaMessage<P, A>,
    payload: NoInfer<P>,
    peer: Address,
  ): void {
    const { outgoing, statistics } = this.#components;
    // What is not sent need not be made.
    if (this.hasRoom(kind)) this.send(kind, outgoing.createMessage(meta, payload, { claimsTime: false }).packet, peer);
    else statistics.answersWithheld++;
  }

  #limitOf(kind: AnswerKind): RateLimit {
    const known = this.#limits.get(kind);
    if (known !== undefined) return known;
    const limit = new RateLimit(this.#components.clock, ANSWER_BYTES_PER_SECOND_MAX[kind]);
    this.#limits.set(kind, limit);
    return limit;
  }
}
