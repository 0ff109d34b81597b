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
 * Every kind of packet that others can make us send, with the bytes of it that one community sends in a second. Each has
 * a limit of its own, so that a flood of one question leaves the answers to all others alone. Most of the questions are
 * not signed, and their source may be somebody else, who would be flooded with our answers.
 */
export const ANSWER_BYTES_PER_SECOND_MAX: Readonly<Record<AnswerKind, number>> = {
  /** Who a member is, for a missing-identity. */
  identity: 256 * KIB,
  /** Single messages, for a missing-message. */
  message: 256 * KIB,
  /** A part of a member's sequence, for a missing-sequence. */
  sequence: 1024 * KIB,
  /** Who permitted a message, for a missing-proof. */
  proof: 256 * KIB,
  /** Our signature, for a signature-request. */
  signature: 256 * KIB,
  /** A puncture, which goes to whomever a puncture-request names: a peer is introduced a few times in five seconds. */
  puncture: 3 * KIB,
  /** An introduction-response. */
  introduction: 256 * KIB,
  /** The puncture-request to the peer that an introduction-response names. */
  'puncture-request': 96 * KIB,
  /** What the sender of an introduction-request misses. */
  sync: 1024 * KIB,
  /** What stands here, for a sender that has something else: another message of a fork, an old one, one that is undone. */
  correction: 256 * KIB,
  /** Why a community is no more, for any packet of it. */
  destruction: 64 * KIB,
  /** Our own question for what a packet cannot be understood without. */
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
  /** Made when they are needed first: most communities are asked few kinds of questions. */
  readonly #limits = new Map<AnswerKind, RateLimit>();

  constructor(components: AnswersComponents) {
    this.#components = components;
  }

  hasRoom(kind: AnswerKind): boolean {
    return this.#limitOf(kind).hasRoom;
  }

  /** @param answer - the packet, or what makes it: that is not called when there is no room. */
  send(kind: AnswerKind, answer: Buffer | (() => Buffer), peer: Address): boolean {
    const packet = typeof answer !== 'function' ? answer : this.hasRoom(kind) ? answer() : undefined;
    const isAllowed = packet !== undefined && this.#limitOf(kind).allow(packet.length);
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
    const { outgoing } = this.#components;
    this.send(kind, () => outgoing.createMessage(meta, payload, { claimsTime: false }).packet, peer);
  }

  #limitOf(kind: AnswerKind): RateLimit {
    const known = this.#limits.get(kind);
    if (known !== undefined) return known;
    const limit = new RateLimit(this.#components.clock, ANSWER_BYTES_PER_SECOND_MAX[kind]);
    this.#limits.set(kind, limit);
    return limit;
  }
}
